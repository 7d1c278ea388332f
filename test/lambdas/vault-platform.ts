import type { EksCluster } from '../../domain/ports/eks';
import type { KubernetesObject } from '../../domain/ports/kubernetes';
import { readLayerHealth } from '../../lambdas/read-layer-health/handler';
import { application, COMMIT, root } from '../domain/health/cluster-builder';
import { SECRETS } from '../domain/systems/secrets';
import { FakeKubernetes } from '../support/fake-kubernetes';
import { memoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';
import { CLUSTER } from '../support/step-host';

export const vault = SECRETS.find(({ system }) => system === 'vault')!;

const settings = sampleSettings();
const components = [{ name: 'vault', application: 'vault', system: 'vault' }];
const layers = { ...settings.layers, platform: { ...settings.layers.platform, components } };
const record = openRecord({ commit: COMMIT, settings: { ...settings, layers } });
export const { drillId } = record;

/** A drill that waits for its platform layer, which is Vault alone. */
export async function vaultPlatform() {
  const host = memoryHost();
  host.minutes = 0;
  const cluster = new FakeKubernetes();
  Object.assign(host, { eks: { cluster: async (): Promise<EksCluster> => CLUSTER, kubernetes: () => cluster } });
  await host.history.open(record, '2026-10-05T12:00:00.000Z');

  /** Argo CD looked at it just now; an Application that nobody has looked at for long is not believed. */
  function reconciled(object: KubernetesObject): KubernetesObject {
    return { ...object, status: { ...(object.status as object), reconciledAt: host.clock.now().toISOString() } };
  }

  return {
    host,
    cluster,
    /** One turn of the waiting loop, some minutes later, with these objects in the cluster. */
    turn(minutes: number, objects: readonly KubernetesObject[]) {
      host.minutes += minutes;
      const { creationTimestamp: _, ...metadata } = root(['vault']).metadata;
      const engine = [{ ...root(['vault']), metadata }, application('vault', { layer: 'platform' })].map(reconciled);
      cluster.objects.splice(0, Infinity, ...engine, ...objects);
      return readLayerHealth({ drillId, layer: 'platform' }, host);
    },
  };
}
