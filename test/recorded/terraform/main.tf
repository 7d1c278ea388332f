terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
provider "aws" {
  region = var.region
  default_tags {
    tags = var.tags
  }
}
variable "cluster_name" { type = string }
variable "region" {
  type = string
}
variable "tags" {
  type    = map(string)
  default = {}
}
locals {
  azs = ["${var.region}a", "${var.region}b"]
}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = var.cluster_name }
}
resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 4, count.index)
  availability_zone = local.azs[count.index]
}
data "aws_iam_policy_document" "eks" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "cluster" {
  name               = "${var.cluster_name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.eks.json
}
resource "aws_iam_role_policy" "cluster" {
  for_each = toset(["eks"])
  role     = aws_iam_role.cluster.name
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }] })
}
resource "aws_eks_cluster" "this" {
  name     = var.cluster_name
  role_arn = aws_iam_role.cluster.arn
  version  = "1.34"
  vpc_config {
    subnet_ids = aws_subnet.private[*].id
  }
  depends_on = [aws_iam_role_policy.cluster]
}
output "cluster_name" { value = aws_eks_cluster.this.name }
output "vpc_id" { value = aws_vpc.this.id }
output "sensitive_thing" {
  value     = aws_eks_cluster.this.certificate_authority[0].data
  sensitive = true
}
