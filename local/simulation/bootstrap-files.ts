import { createHash } from 'node:crypto';
import { LABEL, MANUAL_STEPS_FILE } from '../../domain/names';
import { COMPONENTS } from './platform-objects';

/** A bootstrap repository of few and short files, which fulfils the contract. */
export interface BootstrapFiles {
  readonly files: Readonly<Record<string, string>>;
  readonly commit: string;
}

const TERRAFORM = `
variable "cluster_name" { type = string }
variable "region" { type = string }
variable "tags" { type = map(string) }
variable "kubernetes_version" { default = "1.35" }
provider "aws" {
  region = var.region
  default_tags { tags = var.tags }
}
output "cluster_name" { value = var.cluster_name }
output "vpc_id" { value = aws_vpc.this.id }
`;

const MANUAL_STEP = `steps:
  - name: seed-vault
    layer: platform
    description: Unseal Vault
    owner: platform-team
    expectedMinutes: 5
`;

/** @param withManualStep whether a person has to confirm something in the platform layer. */
export function bootstrapFiles(repository: string, withManualStep = false): BootstrapFiles {
  const applications = COMPONENTS.map(
    ({ name, layer }) => `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd, labels: { ${LABEL.layer}: ${layer}, ${LABEL.pin}: commit } }
spec:
  project: default
  source: { repoURL: ${repository}, targetRevision: main, path: apps/${name} }
  destination: { server: https://kubernetes.default.svc, namespace: ${name} }
  syncPolicy: { automated: { prune: true, selfHeal: true } }
`,
  );
  const files: Record<string, string> = {
    'terraform/main.tf': TERRAFORM,
    'gitops/kustomization.yaml': 'resources: [applications.yaml]\n',
    'gitops/applications.yaml': applications.join(''),
    [MANUAL_STEPS_FILE]: withManualStep ? MANUAL_STEP : 'steps: []\n',
  };
  return { files, commit: createHash('sha1').update(JSON.stringify(files)).digest('hex') };
}
