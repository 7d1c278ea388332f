# What nodes need in order to become ready comes before them, what needs nodes to run on comes after.

resource "aws_eks_addon" "vpc_cni" {
  count = var.cni == "vpc-cni" ? 1 : 0

  cluster_name = aws_eks_cluster.this.name
  addon_name   = "vpc-cni"
}

resource "aws_eks_addon" "kube_proxy" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "kube-proxy"
}

resource "aws_eks_addon" "pod_identity" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "eks-pod-identity-agent"
}

resource "aws_eks_addon" "coredns" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "coredns"

  depends_on = [aws_eks_node_group.this]
}

resource "aws_eks_addon" "ebs_csi" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "aws-ebs-csi-driver"

  configuration_values = jsonencode({
    # EKS has made no default storage class since 1.30; a claim without one would wait for ever.
    defaultStorageClass = { enabled = true }

    controller = {
      # Ties volumes to the cluster by tag, so that a leaked one can be found.
      k8sTagClusterId = var.cluster_name
      extraVolumeTags = var.tags
    }
  })

  depends_on = [aws_eks_node_group.this, aws_eks_pod_identity_association.ebs_csi]
}
