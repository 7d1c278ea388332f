resource "aws_iam_role" "cluster" {
  name               = "${var.cluster_name}-cluster"
  assume_role_policy = data.aws_iam_policy_document.assume_cluster.json
}

data "aws_iam_policy_document" "assume_cluster" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_eks_cluster" "this" {
  name     = var.cluster_name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version

  # The drill grants its own roles access after the apply; whoever applies is an administrator.
  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  # The add-ons are resources of their own below, so that their order and their times are visible.
  bootstrap_self_managed_addons = false

  vpc_config {
    subnet_ids              = concat(aws_subnet.public[*].id, aws_subnet.private[*].id)
    endpoint_public_access  = true
    endpoint_private_access = true
  }

  enabled_cluster_log_types = var.control_plane_logs

  dynamic "encryption_config" {
    for_each = aws_kms_key.secrets

    content {
      resources = ["secrets"]

      provider {
        key_arn = encryption_config.value.arn
      }
    }
  }

  tags = { commit = var.commit }

  depends_on = [
    # Without its policy the control plane could not remove its network interfaces on the way down.
    aws_iam_role_policy_attachment.cluster,
    # Destroyed after the cluster, because EKS would make it anew for its last lines.
    aws_cloudwatch_log_group.cluster,
  ]
}

# EKS makes its log group itself where there is none: without tags, kept for ever, and left when the cluster goes.
resource "aws_cloudwatch_log_group" "cluster" {
  name              = "/aws/eks/${var.cluster_name}/cluster"
  retention_in_days = 7
}

# EKS encrypts everything with a key of its own. A key of the account is for those whose production cluster has one: of
# every drill it leaves a key behind that waits seven days for its deletion, which is the least that KMS allows.
resource "aws_kms_key" "secrets" {
  count = var.encrypt_secrets ? 1 : 0

  description             = "Secrets of ${var.cluster_name}"
  deletion_window_in_days = 7
  enable_key_rotation     = true
}
