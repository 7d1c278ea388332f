import type { AwsResource } from '../aws-resources';
import { addonObjects } from './addons';
import { isManagedArgocd } from './argocd/managed-argocd';
import { keyOf, type Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { SECONDS } from './durations';
import { timestamp } from './instants';
import type { Fields, Manifest } from './manifest';
import { hexOf } from './cloud/aws-names';

const KUBELET = { manager: 'kubelet', operation: 'Update' } as const;

/** Kubelets renew their status every five minutes when nothing changes (nodeStatusReportFrequency). */
const HEARTBEAT_MS = 300_000;

/** Takes note of node groups and add-ons that EKS made or began to take away since the last look. */
export function noticeInfrastructure(cluster: Cluster): void {
  const { noticed } = cluster.state;
  for (const resource of cluster.around.aws.remembered()) {
    if (resource.attributes['clusterName'] !== cluster.name) continue;
    if (!isNoticed(resource)) continue;
    if (!noticed[resource.arn]) {
      noticed[resource.arn] = 'there';
      // An add-on is ACTIVE when its workloads run, so they are made at once; nodes are what makes a group ACTIVE.
      if (resource.type === 'eks:addon') cluster.schedule(Date.parse(resource.createdAt) + 5000, 'addon', resource.arn);
      else if (isManagedArgocd(resource))
        cluster.schedule(Date.parse(resource.activeAt), 'managed-argocd', resource.arn);
      else cluster.schedule(Date.parse(resource.activeAt), 'nodes-join', resource.arn);
    }
    if (resource.goneAt && noticed[resource.arn] === 'there') {
      noticed[resource.arn] = 'leaving';
      // Its controllers stop; what they made stays (`deletePropagationPolicy` is RETAIN).
      if (isManagedArgocd(resource)) continue;
      const task = resource.type === 'eks:addon' ? 'addon-leaves' : 'nodes-leave';
      cluster.schedule(Date.parse(resource.goneAt), task, resource.arn);
    }
  }
}

function isNoticed(resource: AwsResource): boolean {
  return resource.type === 'eks:nodegroup' || resource.type === 'eks:addon' || isManagedArgocd(resource);
}

function resourceOf(cluster: Cluster, arn: string): AwsResource | undefined {
  return cluster.around.aws.remembered().find((resource) => resource.arn === arn);
}

export function joinNodes(cluster: Cluster, arn: string): void {
  const group = resourceOf(cluster, arn);
  if (!group || cluster.state.noticed[arn] === 'leaving') return;
  const desired = Number(group.attributes['desiredSize'] ?? 2);
  for (let index = 0; index < desired; index++) {
    const node = cluster.create(nodeManifest(cluster, group, index), KUBELET);
    node.nodeReadyAt = cluster.at + cluster.around.chance.milliseconds(`node ${index} of ${arn}`, SECONDS.nodeReady);
    cluster.schedule(node.nodeReadyAt, 'retry-pending', keyOf(node.object));
  }
  cluster.after(500, 'retry-pending', arn);
}

/** Nodes of a deleted group go, and their pods with them. */
export function leaveNodes(cluster: Cluster, arn: string): void {
  const name = String(resourceOf(cluster, arn)?.attributes['nodegroupName'] ?? '');
  for (const node of cluster.all('', 'Node')) {
    if (node.object.metadata.labels?.['eks.amazonaws.com/nodegroup'] !== name) continue;
    for (const pod of cluster.all('', 'Pod')) if (pod.pod?.node === node.object.metadata.name) cluster.remove(pod);
    cluster.remove(node);
  }
}

function nodeManifest(cluster: Cluster, group: AwsResource, index: number): Manifest {
  const subject = `${group.arn}/${index}`;
  const digest = Number.parseInt(hexOf(cluster, subject, 4), 16);
  const name = `ip-10-0-${(digest >> 8) % 96}-${digest % 254}.${cluster.eks.region}.compute.internal`;
  const zone = `${cluster.eks.region}${'abc'[index % 3]}`;
  const types = group.attributes['instanceTypes'];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
      labels: {
        'eks.amazonaws.com/nodegroup': String(group.attributes['nodegroupName'] ?? ''),
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': Array.isArray(types) ? String(types[0]) : 'm6i.large',
        'topology.kubernetes.io/region': cluster.eks.region,
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: { providerID: `aws:///${zone}/i-0${hexOf(cluster, subject, 16)}` },
  };
}

export function nodeStatus(cluster: Cluster, node: Stored): { status: Fields; until: number } {
  const { nodeReadyAt = Infinity, bornAt } = node;
  const ready = nodeReadyAt <= cluster.at;
  const beat = bornAt + Math.floor((cluster.at - bornAt) / HEARTBEAT_MS) * HEARTBEAT_MS;
  const heartbeat = timestamp(Math.max(beat, ready ? nodeReadyAt : beat));
  const condition = (type: string, status: string, reason: string, message: string, since: number): Fields => ({
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: timestamp(since),
    message,
    reason,
    status,
    type,
  });
  const status = {
    addresses: [
      { address: node.object.metadata.name.split('.')[0]?.slice(3).replaceAll('-', '.'), type: 'InternalIP' },
    ],
    allocatable: { cpu: '1930m', memory: '7Gi', pods: '29' },
    capacity: { cpu: '2', memory: '8Gi', pods: '29' },
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
        bornAt,
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', bornAt),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', bornAt),
      ready
        ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', nodeReadyAt)
        : condition(
            'Ready',
            'False',
            'KubeletNotReady',
            'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
            bornAt,
          ),
    ],
    nodeInfo: {
      architecture: 'amd64',
      kubeletVersion: `v${String(cluster.eks.attributes['version'] ?? '1.35')}.0-eks-local`,
      operatingSystem: 'linux',
      osImage: 'Amazon Linux 2023',
    },
  };
  return { status, until: ready ? beat + HEARTBEAT_MS : Math.min(nodeReadyAt, beat + HEARTBEAT_MS) };
}

const EKS = { manager: 'eks', operation: 'Apply' } as const;

/** An EKS add-on applies its workloads. */
export function applyAddon(cluster: Cluster, arn: string): void {
  const addon = resourceOf(cluster, arn);
  if (!addon || cluster.state.noticed[arn] === 'leaving') return;
  for (const manifest of addonObjects(addon)) cluster.apply(manifest, EKS);
  cluster.after(500, 'retry-pending', arn);
}

export function removeAddon(cluster: Cluster, arn: string): void {
  const addon = resourceOf(cluster, arn);
  for (const manifest of addon ? addonObjects(addon) : []) {
    const stored = cluster.byKey(keyOf(manifest));
    if (stored) cluster.remove(stored);
  }
}
