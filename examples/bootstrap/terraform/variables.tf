# The drill sets these four. The first three must be declared.

variable "cluster_name" {
  description = "Name of the cluster; short, because every other name is derived from it."
  type        = string

  validation {
    condition     = length(var.cluster_name) <= 20
    error_message = "The name of the cluster must have at most 20 characters."
  }
}

variable "region" {
  description = "AWS region of everything."
  type        = string
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
}

variable "commit" {
  description = "Commit of this repository that is being applied; kept as a tag of the cluster."
  type        = string
  default     = "none"
}

# The rest has defaults that a target may override in drill.yaml (terraform.variables).

variable "kubernetes_version" {
  description = "Kubernetes version of the control plane and the nodes."
  type        = string
  default     = "1.35"
}

variable "vpc_cidr" {
  description = "Address range of the VPC, a /16."
  type        = string
  default     = "10.64.0.0/16"
}

variable "instance_types" {
  description = "Instance types of the node group, all of one architecture."
  type        = list(string)
  default     = ["m7g.large"]
}

variable "ami_type" {
  description = "EKS AMI type that fits the instance types."
  type        = string
  default     = "AL2023_ARM_64_STANDARD"
}

variable "desired_nodes" {
  description = "How many nodes the node group has."
  type        = number
  default     = 3
}

variable "dns_zone_id" {
  description = "Route 53 zone that ExternalDNS may change; empty for none, so that a drill cannot touch live names."
  type        = string
  default     = ""
}

variable "secret_prefix" {
  description = "External Secrets may read the Secrets Manager secrets whose names begin so."
  type        = string
  default     = "platform/"
}

variable "cni" {
  description = "vpc-cni makes the add-on before the nodes; other leaves it out, and then something must bring a network before EKS gives up on nodes that are not ready."
  type        = string
  default     = "vpc-cni"

  validation {
    condition     = contains(["vpc-cni", "other"], var.cni)
    error_message = "The CNI is vpc-cni or other."
  }
}

variable "control_plane_logs" {
  description = "Which logs the control plane keeps; audit tells who did what by kubectl."
  type        = list(string)
  default     = ["api", "audit", "authenticator"]
}

variable "encrypt_secrets" {
  description = "Encrypt Kubernetes secrets with a KMS key of this account."
  type        = bool
  default     = false
}
