import type { AwsResource } from '../../aws-resources';
import { argoDefinitions } from '../chart-extras';
import type { Cluster } from '../cluster';

const EKS = { manager: 'eks', operation: 'Apply' } as const;

/** Argo CD as a capability of EKS: its controllers run outside of the cluster. */
export function isManagedArgocd({ type, attributes }: AwsResource): boolean {
  return type === 'eks:capability' && attributes['capabilityType'] === 'ARGOCD';
}

/** The capability became active: the cluster serves the kinds of Argo CD, and has its default project. */
export function bringManagedArgocd(cluster: Cluster, arn: string): void {
  const capability = cluster.around.aws.remembered().find((resource) => resource.arn === arn);
  if (!capability || cluster.state.noticed[arn] === 'leaving') return;
  const namespace = String(capability.attributes['namespace']);
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...argoDefinitions(namespace),
  ];
  for (const manifest of objects) cluster.apply(manifest, EKS);
}

/** Whether EKS runs an Argo CD for the cluster at its instant. */
export function managedArgocdRuns({ around, name, at }: Cluster): boolean {
  return around.aws
    .remembered()
    .some(
      (resource) =>
        isManagedArgocd(resource) &&
        resource.attributes['clusterName'] === name &&
        Date.parse(resource.activeAt) <= at &&
        !(resource.goneAt && Date.parse(resource.goneAt) <= at),
    );
}
