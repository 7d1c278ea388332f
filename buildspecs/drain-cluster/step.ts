import { volumeIdsOf } from '../../domain/drain';
import { DRAIN_STAGES, ENTRY_POINTS, NODES, VOLUMES } from '../../domain/drain-groups';
import { messageOf } from '../../domain/errors';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import type { EksCluster } from '../../domain/ports/eks';
import type { InventoryScope } from '../../domain/ports/inventory';
import { KubernetesUnavailableError, type KubernetesApi } from '../../domain/ports/kubernetes';
import { accountForBuild } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { attachedVolumes, awaitGoneFromAws } from './await-aws';
import { askToGo, awaitStage, type Waiting } from './await-gone';
import { Blockers } from './blockers';
import { environmentSchema, type Environment } from './environment';
import { patiently } from './patient-api';
import { deleteApplications, deleteKustomizations, releaseManagedApplications, stopArgocd } from './stop-recreation';

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
  const drained = drainedBefore(story.outputs['drain-cluster'], inventoryScopeOf(story));
  const keep = (): Promise<void> =>
    history.put(DRILL_ID, [{ type: 'outputs', build: 'drain-cluster', item: { ...drained } }]);

  const about = { cause: 'teardown', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('drain-cluster', host, record, about, async () => {
    const cluster = await eks.cluster(record.clusterName);
    const why = cluster?.status === 'ACTIVE' ? await drainOrSay(cluster, host, drained, keep) : notActive(cluster);
    const scope = (): InventoryScope => ({ ...inventoryScopeOf(story), volumeIds: drained.volumeIds });
    if (why === undefined) {
      const left = await awaitGoneFromAws(host.inventory, scope(), host.clock, host.signal);
      if (left !== undefined) drained.notes.push(left);
    } else {
      drained.notes.push(`Cluster ${record.clusterName} was not drained: ${why}`);
      await noteAttachedVolumes(host, scope(), drained);
    }
    for (const sentence of [...drained.notes, ...drained.forced]) host.log(sentence);
    await keep();
  });
}

/** A second run sees what the first one left: the volumes that it read, and what it had to do by force. */
function drainedBefore(before: Readonly<Record<string, unknown>> | undefined, { volumeIds }: InventoryScope): Drained {
  const forced = Array.isArray(before?.['forced']) ? before['forced'].map(String) : [];
  return { volumeIds: [...volumeIds], notes: [], forced };
}

function notActive(cluster: EksCluster | undefined): string {
  return cluster === undefined ? 'there is no cluster' : `it is ${cluster.status}`;
}

/** Drains, or says why it could not. */
async function drainOrSay(
  cluster: EksCluster,
  host: StepHost,
  drained: Drained,
  keep: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await drain(patiently(host.eks.kubernetes(cluster), host.clock, host.signal), host, drained, keep);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubernetesUnavailableError)) throw error;
    return `its API could not be used: ${messageOf(error)}`;
  }
}

/** Whoever asks AWS may fail; then the volumes are found by their tags, or not at all. */
async function noteAttachedVolumes(host: StepHost, scope: InventoryScope, drained: Drained): Promise<void> {
  try {
    const found = await attachedVolumes(host.inventory, scope);
    drained.volumeIds = [...new Set([...drained.volumeIds, ...found])];
  } catch (error) {
    drained.notes.push(`Its volumes could not be noted: ${messageOf(error)}`);
  }
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

  const blockers = new Blockers(kubernetes, (sentence) => void drained.notes.push(sentence));
  const forced = async (sentence: string): Promise<void> => {
    drained.forced.push(sentence);
    await keep();
  };
  const waiting: Waiting = { kubernetes, clock, signal, log, blockers, forced };
  await stopArgocd(kubernetes);
  await blockers.remove();
  await deleteKustomizations(kubernetes);
  await askToGo(ENTRY_POINTS, waiting);
  await deleteApplications(kubernetes);
  // Claims that pods still mount go when the Applications above have taken their pods.
  await askToGo(VOLUMES, waiting);
  const [first, nodes] = DRAIN_STAGES;
  await awaitStage(first!, waiting);
  await askToGo(NODES, waiting);
  await awaitStage(nodes!, waiting);
  await releaseManagedApplications(kubernetes);
}

export const drainCluster = buildStep({ environment: environmentSchema, run });

if (require.main === module) void drainCluster.main();
