import { typeKey } from '../../../domain/health/resource-types';
import { typesToRead } from '../../../domain/health/types-to-read';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ComponentSettings, Settings } from '../../../domain/settings';
import { sampleSettings } from '../../support/settings';
import { application, clusterOf, kustomization } from './cluster-builder';
import { changed } from './recording';

const grafana: ComponentSettings = { name: 'grafana', application: 'grafana', workloads: [] };

function settingsOf(component: ComponentSettings, engine: 'argocd' | 'flux' = 'argocd'): Settings {
  const settings = sampleSettings();
  const platform = { ...settings.layers.platform, components: [component] };
  // No engine runs in the cluster, so that only what the layer asks for is read.
  return {
    ...settings,
    gitops: { ...settings.gitops, engine, managed: true },
    layers: { ...settings.layers, platform },
  };
}

/** Keys of what the platform layer reads, beside the pods and nodes that every layer does. */
function readFor(settings: Settings, ...objects: KubernetesObject[]): string[] {
  const keys = typesToRead('platform', settings, clusterOf(...objects)).map(typeKey);
  expect(keys).toEqual(expect.arrayContaining(['v1/Node', 'v1/Pod']));
  return keys.filter((key) => key !== 'v1/Node' && key !== 'v1/Pod').toSorted();
}

/** Grafana's Application, which makes one object of each kind (`group/version/Kind`, the core group is empty). */
function making(...kinds: string[]): KubernetesObject {
  const makes = kinds.map((kind) => {
    const [group = '', version = '', name = ''] = kind.split('/');
    return { group, version, kind: name, name: 'x' };
  });
  return application('grafana', { makes });
}

describe('a poll of a layer reads', () => {
  test.each([
    ['argocd', ['apps/v1/Deployment', 'apps/v1/StatefulSet']],
    ['flux', ['apps/v1/Deployment']],
  ] as const)('the workloads of %s, where it runs in the cluster', (engine, kinds) => {
    const { gitops, ...settings } = settingsOf(grafana, engine);
    expect(readFor({ ...settings, gitops: { ...gitops, managed: false } })).toEqual(kinds);
  });

  test('the kinds with a rule that its units make, and no other kind of Kubernetes', () => {
    const settings = settingsOf(grafana);
    const made = making('apps/v1/Deployment', 'batch/v1/CronJob', 'policy/v1/PodDisruptionBudget', '/v1/ConfigMap');
    expect(readFor(settings, made)).toEqual([
      'apps/v1/Deployment',
      'batch/v1/CronJob',
      'policy/v1/PodDisruptionBudget',
    ]);
  });

  test('nothing that only another layer makes', () => {
    const other = changed(making('batch/v1/Job'), { 'metadata.name': 'other' });
    expect(readFor(settingsOf(grafana), other)).toEqual([]);
  });

  test('what its components must have, and what the catalogue reads of their system', () => {
    const kyverno = { name: 'kyverno', system: 'kyverno', application: 'kyverno', workloads: [] };
    expect(readFor(settingsOf(kyverno))).toEqual([
      'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration',
      'kyverno.io/v1/ClusterPolicy',
      'kyverno.io/v1/Policy',
    ]);
    const workloads = [{ kind: 'Database', apiVersion: 'db.example.com/v1', labels: {} }];
    expect(readFor(settingsOf({ ...grafana, workloads }))).toEqual(['db.example.com/v1/Database']);
  });

  test('the storage classes where a claim is made', () => {
    expect(readFor(settingsOf(grafana), making('/v1/PersistentVolumeClaim'))).toContain(
      'storage.k8s.io/v1/StorageClass',
    );
  });

  test('custom resources in the version that the unit names, but no kind that never says anything', () => {
    const made = making('db.example.com/v1/Database', 'monitoring.coreos.com/v1/ServiceMonitor');
    expect(readFor(settingsOf(grafana), made)).toEqual(['db.example.com/v1/Database']);
    const ours = kustomization('grafana', { inventory: ['shop_main_db.example.com_Database'] });
    expect(readFor(settingsOf(grafana, 'flux'), ours)).toEqual(['db.example.com/v1/Database']);
  });

  test('twenty kinds of custom resources at most, those with a rule first', () => {
    const many = Array.from({ length: 25 }, (_, index) => `k${String(index).padStart(2, '0')}.example.com/v1/Thing`);
    const read = readFor(settingsOf(grafana), making(...many, 'source.toolkit.fluxcd.io/v1/OCIRepository'));
    expect(read).toHaveLength(20);
    expect(read).toContain('source.toolkit.fluxcd.io/v1/OCIRepository');
    expect(read).toContain('k18.example.com/v1/Thing');
    expect(read).not.toContain('k19.example.com/v1/Thing');
  });

  test('what a unit makes that another unit of the layer makes', () => {
    const parent = application('grafana', {
      makes: [{ group: 'argoproj.io', kind: 'Application', name: 'grafana-db' }],
    });
    const child = changed(making('apps/v1/StatefulSet'), { 'metadata.name': 'grafana-db' });
    expect(readFor(settingsOf(grafana), parent, child)).toEqual(['apps/v1/StatefulSet']);
  });
});
