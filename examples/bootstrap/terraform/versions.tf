terraform {
  # 1.11 is the first version in which the S3 backend's own lock file is stable; the drill relies on it.
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # No backend here: the drill writes an override file with a state of its own for every drill.
}

provider "aws" {
  region = var.region

  # Everything that can carry tags carries the drill's: the inventory and the sweep go by them.
  default_tags {
    tags = var.tags
  }
}
