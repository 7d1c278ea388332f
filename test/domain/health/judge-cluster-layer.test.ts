import { CLUSTER_PARTS } from '../../../domain/catalogue/cluster-parts';
import { type JudgeClusterLayerInput, judgeClusterLayer } from '../../../domain/health/judge-cluster-layer';
import type { EksCapability, EksCluster, EksPart } from '../../../domain/ports/eks';
import { sampleSettings } from '../../support/settings';
import { NOW, clusterOf } from './cluster-builder';
import { changed, recorded, recordedAll } from './recording';

const cluster: EksCluster = {
  name: 'drill-a1b2c3',
  arn: 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-a1b2c3',
  status: 'ACTIVE',
  version: '1.35',
  createdAt: '2026-11-23T06:30:00Z',
  health: [],
};
const nodegroup: EksPart = {
  kind: 'nodegroup',
  name: 'main',
  status: 'ACTIVE',
  createdAt: '2026-11-23T06:40:00Z',
  health: [],
  desiredNodes: 2,
};
const node = (name: string): ReturnType<typeof recorded> =>
  changed(recorded('kubernetes', 'node-ready'), { 'metadata.name': name });

function judge(changes: Partial<JudgeClusterLayerInput> = {}): ReturnType<typeof judgeClusterLayer> {
  return judgeClusterLayer({
    settings: sampleSettings(),
    clusterName: 'drill-a1b2c3',
    cluster,
    parts: [nodegroup],
    snapshot: clusterOf(node('one'), node('two')),
    now: NOW,
    ...changes,
  });
}

describe('the cluster layer', () => {
  test('is healthy when EKS says so of every part and all wanted nodes are ready, since the last node was', () => {
    const { components } = judge();
    expect(components.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'control-plane healthy',
      'nodegroup-main healthy',
      'nodes healthy',
    ]);
    expect(components.at(-1)?.healthyAt).toBe('2026-11-23T06:48:08Z');
  });

  test('is not healthy while nodes have not joined', () => {
    const { components } = judge({ snapshot: clusterOf(node('one')) });
    expect(components.at(-1)).toMatchObject({ status: 'progressing', reason: '1 of 2 nodes have joined' });
  });

  test('is degraded by a lost node', () => {
    const { components } = judge({ snapshot: clusterOf(...recordedAll('kubernetes', 'node-list-one-not-ready')) });
    expect(components.at(-1)).toMatchObject({ status: 'degraded', reason: expect.stringContaining('Node node-3') });
  });

  test.each([
    ['CREATING', [], 'progressing'],
    ['CREATE_FAILED', ['NodeCreationFailure: instances failed to join'], 'failed'],
    ['DEGRADED', ['IamNodeRoleNotFound: no such role'], 'degraded'],
    ['ACTIVE', ['AsgInstanceLaunchFailures: no capacity'], 'degraded'],
  ])('reads a node group that is %s with issues %j as %s', (status, health, expected) => {
    const { components } = judge({ parts: [{ ...nodegroup, status, health }] });
    expect(components[1]).toMatchObject({
      status: expected,
      reason: expect.stringContaining(status),
      usualReason: CLUSTER_PARTS.nodegroup.usualReason,
    });
  });

  describe('with an Argo CD that EKS manages', () => {
    const settings = sampleSettings({ gitops: { engine: 'argocd', managed: true, path: 'gitops/argocd' } });
    const argocd: EksCapability = {
      kind: 'capability',
      name: 'argocd',
      type: 'ARGOCD',
      status: 'ACTIVE',
      createdAt: '2026-11-23T06:41:00Z',
      roleArn: 'arn:aws:iam::000000000000:role/argocd',
      health: [],
    };
    const read = (...capabilities: EksCapability[]) =>
      judge({ settings, capabilities }).components.find(({ name }) => name.startsWith('capability'));

    test.each([
      ['CREATING', [], 'progressing', 'EKS says CREATING'],
      ['ACTIVE', [], 'healthy', 'EKS says ACTIVE'],
      // Its role gets its permissions by Install GitOps, which comes after this layer.
      ['ACTIVE', ['AccessDenied: no permission'], 'healthy', 'EKS says ACTIVE: AccessDenied: no permission'],
      ['DEGRADED', ['ClusterUnreachable: no route'], 'degraded', 'EKS says DEGRADED: ClusterUnreachable: no route'],
      ['CREATE_FAILED', [], 'failed', 'EKS says CREATE_FAILED'],
    ])('reads one that is %s with issues %j as %s', (status, health, expected, reason) => {
      expect(read({ ...argocd, status, health })).toMatchObject({
        name: 'capability-argocd',
        status: expected,
        reason,
      });
    });

    test('misses one that nobody made, whatever else EKS runs', () => {
      expect(read({ ...argocd, name: 'kro', type: 'KRO' })).toMatchObject({
        status: 'missing',
        reason:
          'EKS runs no Argo CD for drill-a1b2c3, which gitops.managed asks for: Terraform must make the capability',
      });
    });

    test('does not ask for one where the target installs its own', () => {
      expect(judge({ capabilities: [argocd] }).components.map(({ name }) => name)).not.toContain('capability-argocd');
    });
  });

  test('is missing when EKS knows no such cluster', () => {
    const { components } = judge({ cluster: undefined, parts: [], snapshot: undefined });
    expect(components).toMatchObject([{ name: 'control-plane', status: 'missing' }]);
  });

  test('cannot be read when the API does not answer', () => {
    const snapshot = { readAt: NOW.toISOString(), unavailable: { kind: 'unreachable', message: 'timeout' } } as const;
    expect(judge({ snapshot }).obstacle).toBe('the Kubernetes API of the drill cluster cannot be reached: timeout');
  });

  describe('whose network comes with the foundation layer', () => {
    const settings = sampleSettings();
    const cilium = { name: 'cilium', system: 'cilium', application: 'cilium' };
    const later = {
      ...settings,
      layers: { ...settings.layers, foundation: { ...settings.layers.foundation, components: [cilium] } },
    };
    const waiting = changed(node('one'), {
      'status.conditions': [
        {
          type: 'Ready',
          status: 'False',
          reason: 'KubeletNotReady',
          message:
            'container runtime network not ready: NetworkReady=false message:Network plugin returns error: cni plugin not initialized',
        },
      ],
    });

    test('does not wait for nodes that lack only their network', () => {
      const { components } = judge({ settings: later, snapshot: clusterOf(waiting, node('two')) });
      expect(components.at(-1)?.status).toBe('healthy');
    });

    test('waits for them when no component brings one', () => {
      expect(judge({ snapshot: clusterOf(waiting, node('two')) }).components.at(-1)?.status).toBe('progressing');
    });
  });
});
