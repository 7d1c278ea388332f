import { isBlockingWebhook, isLoadBalancer, titleOf, volumeIdsOf } from '../../domain/drain';
import { messageOf } from '../../domain/errors';
import { RESOURCE } from '../../domain/health/resource-types';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import {
  KubernetesUnavailableError,
  type KubernetesApi,
  type KubernetesObject,
  type ResourceType,
} from '../../domain/ports/kubernetes';
import { accountForBuild } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { awaitGone, awaitGoneFromAws, DRAIN_DEADLINE_MINUTES, type Remaining } from './await-gone';
import { environmentSchema, type Environment } from './environment';
import { deleteApplications, deleteKustomizations, stopArgocd } from './stop-recreation';

/** What the draining leaves for the rest of the teardown and for the report. */
interface Drained {
  volumeIds: string[];
  readonly notes: string[];
  /** What had to be done by force, one sentence each; the report makes findings of them. */
  readonly forced: string[];
}

/**
 * *Drain cluster*: deletes what controllers in the cluster made in AWS and Terraform knows nothing of, while those
 * controllers still run: load balancers, volumes, nodes. A cluster that never came up or cannot be reached is skipped
 * with the reason; the sweep then finds by tags what is left.
 */
async function run(host: StepHost, { DRILL_ID, CODEBUILD_BUILD_ID }: Environment): Promise<void> {
  const { eks, history } = host;
  const story = await history.story(DRILL_ID);
  if (!story) throw new Error(`There is no drill ${DRILL_ID}`);
  const { record } = story;
  await history.change(DRILL_ID, { phase: 'draining' });
  const drained: Drained = { volumeIds: [...inventoryScopeOf(story).volumeIds], notes: [], forced: [] };
  const keep = (): Promise<void> =>
    history.put(DRILL_ID, [{ type: 'outputs', build: 'drain-cluster', item: { ...drained } }]);

  const about = { cause: 'teardown', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('drain-cluster', host, record, about, async () => {
    const cluster = await eks.cluster(record.clusterName);
    if (cluster?.status === 'ACTIVE') {
      try {
        await drain(eks.kubernetes(cluster), host, drained, keep);
        const scope = { ...inventoryScopeOf(story), volumeIds: drained.volumeIds };
        const left = await awaitGoneFromAws(host.inventory, scope, host.clock, host.signal);
        if (left !== undefined) drained.notes.push(left);
      } catch (error) {
        if (!(error instanceof KubernetesUnavailableError)) throw error;
        drained.notes.push(`The cluster could not be drained, because its API could not be used: ${messageOf(error)}`);
      }
    } else {
      const status = cluster === undefined ? 'there is no cluster' : `it is ${cluster.status}`;
      drained.notes.push(`Cluster ${record.clusterName} was not drained: ${status}`);
    }
    for (const sentence of [...drained.notes, ...drained.forced]) host.log(sentence);
    await keep();
  });
}

async function drain(
  kubernetes: KubernetesApi,
  { clock, signal, log }: StepHost,
  drained: Drained,
  keep: () => Promise<void>,
): Promise<void> {
  const volumes = (await kubernetes.list(BUILD_RESOURCE.volume)) ?? [];
  drained.volumeIds = [...new Set([...drained.volumeIds, ...volumeIdsOf(volumes)])];
  // Before anything is deleted: a second run would not see them any more.
  await keep();

  await stopArgocd(kubernetes);
  await deleteWhere(kubernetes, BUILD_RESOURCE.validatingWebhooks, isBlockingWebhook);
  await deleteWhere(kubernetes, BUILD_RESOURCE.mutatingWebhooks, isBlockingWebhook);
  await deleteKustomizations(kubernetes);
  await deleteWhere(kubernetes, RESOURCE.ingress);
  await deleteWhere(kubernetes, BUILD_RESOURCE.gateway);
  await deleteWhere(kubernetes, RESOURCE.service, isLoadBalancer);
  await deleteApplications(kubernetes);
  // Claims that pods still mount go when the Applications above have taken their pods.
  await deleteWhere(kubernetes, RESOURCE.claim);
  await deleteWhere(kubernetes, BUILD_RESOURCE.nodePool);

  for (const left of await awaitGone(kubernetes, clock, signal, log))
    drained.forced.push(await letGo(kubernetes, left));
}

async function deleteWhere(
  kubernetes: KubernetesApi,
  type: ResourceType,
  which: (object: KubernetesObject) => boolean = () => true,
): Promise<void> {
  for (const object of ((await kubernetes.list(type)) ?? []).filter(which)) {
    await kubernetes.delete(type, object.metadata.name, object.metadata.namespace);
  }
}

/** Removes the finalizers of what did not go in time; what they would have cleaned up in AWS is left to the sweep. */
async function letGo(kubernetes: KubernetesApi, { type, object }: Remaining): Promise<string> {
  const { name, namespace } = object.metadata;
  await kubernetes.patch(type, name, namespace, { metadata: { finalizers: null } });
  return `${titleOf(object)} was still there after ${DRAIN_DEADLINE_MINUTES} minutes, so its finalizers were removed`;
}

export const drainCluster = buildStep({ environment: environmentSchema, run });

if (require.main === module) void drainCluster.main();
