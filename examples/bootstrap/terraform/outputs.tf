# The drill reads the first two: the cluster that it drills and the VPC in which it looks for leaks.

output "cluster_name" {
  value = aws_eks_cluster.this.name
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "region" {
  value = var.region
}

output "kubernetes_version" {
  value = aws_eks_cluster.this.version
}
