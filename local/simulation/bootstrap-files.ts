import { createHash } from 'node:crypto';
import type { Layer } from '../../domain/layers';
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

const manualStep = (layer: Layer): string => `steps:
  - name: seed-vault
    layer: ${layer}
    description: Unseal Vault
    owner: platform-team
    minutes: 5
`;

/** @param stepIn the layer in which a person has to confirm something. */
export function bootstrapFiles(repository: string, stepIn?: Layer): BootstrapFiles {
  const applications = COMPONENTS.map(
    ({ name, layer }) => `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, labels: { ${LABEL.layer}: ${layer}, ${LABEL.pin}: commit } }
spec: { source: { repoURL: ${repository}, targetRevision: main, path: apps/${name} } }
`,
  );
  const files: Record<string, string> = {
    'terraform/main.tf': TERRAFORM,
    'gitops/kustomization.yaml': 'resources: [applications.yaml]\n',
    'gitops/applications.yaml': applications.join(''),
    // What stands in the folders makes no difference: the objects of a component are simulated by its name.
    ...Object.fromEntries(COMPONENTS.map(({ name }) => [`apps/${name}/.gitkeep`, ''])),
    [MANUAL_STEPS_FILE]: stepIn ? manualStep(stepIn) : 'steps: []\n',
  };
  return { files, commit: createHash('sha1').update(JSON.stringify(files)).digest('hex') };
}
