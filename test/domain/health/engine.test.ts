import { engineInTheWay } from '../../../domain/health/engine';
import { judgeLayer } from '../../../domain/health/judge-layer';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { sampleSettings } from '../../support/settings';
import { SYSTEM_FIXTURES } from '../systems/fixtures';
import { application, clusterOf, COMMIT, kyvernoWorkloads, NOW, root } from './cluster-builder';

const flux = { engine: 'flux', version: '2.18.3', path: 'gitops/flux' } as const;
const fixture = (system: string) => SYSTEM_FIXTURES.find((each) => each.system === system)!;

describe('the GitOps engine', () => {
  test.each([
    ['argo-cd', sampleSettings()],
    ['flux2', sampleSettings({ gitops: flux })],
  ])('%s is in the way when one of its workloads is not healthy or not there, and only then', (name, settings) => {
    const { healthy, progressing, broken } = fixture(name);
    const read = (objects: readonly KubernetesObject[]) => engineInTheWay(settings, clusterOf(...objects));
    expect(read(healthy)).toEqual([]);
    expect(read(progressing)).toMatchObject([{ name, status: 'progressing', listed: true }]);
    expect(read(broken)).toMatchObject([{ name, status: 'degraded', usualReason: expect.any(String) }]);
    const first = healthy.find(({ kind }) => kind === 'Deployment');
    expect(read(healthy.filter((object) => object !== first))).toMatchObject([{ name, status: 'missing' }]);
  });

  test('is not looked for where it was installed in another way, or runs outside of the cluster', () => {
    expect(engineInTheWay(sampleSettings(), clusterOf())).toEqual([]);
    const managed = sampleSettings({ gitops: { engine: 'argocd', managed: true, path: 'gitops/argocd' } });
    expect(engineInTheWay(managed, clusterOf(...fixture('argo-cd').broken))).toEqual([]);
  });

  test('is named before components that still look healthy, because what it wrote before stays', () => {
    const snapshot = clusterOf(
      root(['kyverno']),
      application('kyverno', { layer: 'platform' }),
      ...kyvernoWorkloads(),
      ...fixture('argo-cd').broken,
    );
    const { components } = judgeLayer({
      layer: 'platform',
      settings: sampleSettings(),
      commit: COMMIT,
      now: NOW,
      snapshot,
    });
    expect(components.map(({ name, status }) => `${name} ${status}`)).toEqual(['argo-cd degraded', 'kyverno healthy']);
    expect(components[0]?.reason).toMatch(/^Deployment argocd\/argocd-repo-server: Progressing is False/);
  });
});
