import { RESOURCE } from '../../domain/health/resource-types';
import type { GitopsLayer } from '../../domain/layers';
import { LABEL } from '../../domain/names';
import type { KubernetesObject } from '../../domain/ports/kubernetes';

/** A component of the simulated platform: one Application that makes a Deployment and what its layer is known for. */
export interface SimulatedComponent {
  readonly name: string;
  readonly layer: GitopsLayer;
  /** What it has AWS make beside. */
  readonly has?: 'load-balancer' | 'volume';
}

export const COMPONENTS: readonly SimulatedComponent[] = [
  { name: 'entry', layer: 'foundation', has: 'load-balancer' },
  { name: 'metrics', layer: 'platform', has: 'volume' },
  { name: 'shop', layer: 'applications' },
];

export const ARGOCD_NAMESPACE = 'argocd';

export function nodeObject(name: string, at: string): KubernetesObject {
  return {
    apiVersion: RESOURCE.node.apiVersion,
    kind: RESOURCE.node.kind,
    metadata: { name },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: at }] },
  };
}

/** A Deployment that runs, or whose pods never become available. */
export function deploymentObject({ name }: SimulatedComponent, at: string, runs: boolean): KubernetesObject {
  return {
    apiVersion: RESOURCE.deployment.apiVersion,
    kind: RESOURCE.deployment.kind,
    metadata: { name, namespace: name, generation: 1 },
    spec: { replicas: 1 },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      ...(runs ? { availableReplicas: 1 } : {}),
      conditions: [
        { type: 'Available', status: runs ? 'True' : 'False', lastTransitionTime: at },
        runs
          ? { type: 'Progressing', status: 'True', lastUpdateTime: at }
          : { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastUpdateTime: at },
      ],
    },
  };
}

export function loadBalancerService({ name }: SimulatedComponent): KubernetesObject {
  return {
    apiVersion: RESOURCE.service.apiVersion,
    kind: RESOURCE.service.kind,
    metadata: { name, namespace: name, finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
    spec: { type: 'LoadBalancer' },
    status: { loadBalancer: { ingress: [{ hostname: `${name}.elb.example.com` }] } },
  };
}

export function claimObject({ name }: SimulatedComponent): KubernetesObject {
  return {
    apiVersion: RESOURCE.claim.apiVersion,
    kind: RESOURCE.claim.kind,
    metadata: { name, namespace: name, finalizers: ['kubernetes.io/pvc-protection'] },
    spec: { volumeName: `pvc-${name}` },
    status: { phase: 'Bound' },
  };
}

export function volumeObject({ name }: SimulatedComponent, volumeId: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${name}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' },
      finalizers: ['external-provisioner.volume.kubernetes.io/finalizer'],
    },
    spec: {
      persistentVolumeReclaimPolicy: 'Delete',
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: volumeId },
    },
    status: { phase: 'Bound' },
  };
}

/** A volume that was there before the cluster and stays after it. */
export function borrowedVolumeObject(volumeId: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'borrowed' },
    spec: {
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: volumeId },
    },
    status: { phase: 'Bound' },
  };
}

/** What an Application's status says of the objects that it made. */
function resourceOf({ apiVersion, kind, metadata }: KubernetesObject): object {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version, kind, namespace: metadata.namespace, name: metadata.name, status: 'Synced' };
}

/** The Application of a component, which follows the drill's commit. */
export function applicationObject({ name, layer }: SimulatedComponent, source: object): KubernetesObject {
  return {
    apiVersion: RESOURCE.application.apiVersion,
    kind: RESOURCE.application.kind,
    metadata: { name, namespace: ARGOCD_NAMESPACE, labels: { [LABEL.layer]: layer, [LABEL.pin]: 'commit' } },
    spec: {
      source,
      destination: { server: 'https://kubernetes.default.svc', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}

/** The status of an Application that was synced and whose objects stand as said. */
export function syncedStatus(
  application: KubernetesObject,
  commit: string,
  at: string,
  made: readonly KubernetesObject[],
  health: 'Healthy' | 'Progressing' | 'Degraded',
): object {
  const { source, destination } = application.spec as { source: object; destination: object };
  return {
    sync: { status: 'Synced', revision: commit, comparedTo: { source, destination } },
    health: { status: health, lastTransitionTime: at },
    operationState: { phase: 'Succeeded', startedAt: at, finishedAt: at, syncResult: { revision: commit } },
    history: [{ revision: commit, deployStartedAt: at, deployedAt: at }],
    resources: made.map(resourceOf),
  };
}
