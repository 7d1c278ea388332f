import { join } from 'node:path';
import { messageOf } from '../../domain/errors';
import { erroredStateKeyOf, lockKeyOf, stateKeyOf, TAG } from '../../domain/names';
import type { DrillRecord, Outputs } from '../../domain/record';
import { isLocked } from '../../domain/terraform-lock';
import { accountForBuild, BuildFailure, type BuildAccount } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { checkout } from '../checkout';
import { repositoryAccess } from '../repository-access';
import { Terraform, type StatePlace, type TerraformRun } from '../terraform';
import { environmentSchema, type Environment } from './environment';
import { freeLock } from './free-lock';

/** Network interfaces of a load balancer that is gone are given back within minutes; until then the VPC cannot go. */
const DEPENDENCY_WAIT_MILLISECONDS = 120_000;

/** How often a destroy that found the lock taken again waits for it. */
const MOST_RACES = 3;

/** Changing a setting of a cluster takes EKS a minute or two. */
const PROTECTION_READS = 20;
const PROTECTION_PAUSE_MILLISECONDS = 15_000;

/**
 * *Destroy cluster*: destroys with the code of the drill's own commit and its own state. What Terraform does not know
 * of is left to the sweep, which goes by tags. Two of it may run at once: the second waits for the first one's lock and
 * finds nothing left to destroy.
 */
async function run(host: StepHost, environment: Environment): Promise<void> {
  const { DRILL_ID, CODEBUILD_BUILD_ID } = environment;
  const story = await host.history.story(DRILL_ID);
  if (!story) throw new Error(`There is no drill ${DRILL_ID}`);
  const { record } = story;
  await host.history.change(DRILL_ID, { phase: 'destroying' });
  const account = destroyAccount(host, DRILL_ID, story.outputs['destroy-cluster']);
  const state = { bucket: environment.STATE_BUCKET, buildId: CODEBUILD_BUILD_ID };
  const about = { cause: 'teardown', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('destroy-cluster', host, record, about, async (build) => {
    const nothing = await reasonForNothing(host, record, state.bucket);
    if (nothing !== undefined) return account.note(nothing);
    await liftProtection(host, record, account);
    const terraform = await prepare(host, record, state);
    const { error } = await destroy(terraform, { host, record, state, account, build });
    if (error !== undefined) throw new BuildFailure('teardown', `terraform destroy failed: ${error}`);
  });
}

/** What the step tells the report: what it did not do and why, and what it did by force. */
interface DestroyAccount {
  note(sentence: string): Promise<void>;
  force(sentence: string): Promise<void>;
}

/** Notes are of this run; what was done by force stays, whichever run did it. */
function destroyAccount({ history, log }: StepHost, drillId: string, before: Outputs | undefined): DestroyAccount {
  const notes: string[] = [];
  const forced = new Set(Array.isArray(before?.['forced']) ? before['forced'].map(String) : []);
  const keep = (sentence: string): Promise<void> => {
    log(sentence);
    const item = { notes, forced: [...forced] };
    return history.put(drillId, [{ type: 'outputs', build: 'destroy-cluster', item }]);
  };
  return {
    note: (sentence) => keep((notes.push(sentence), sentence)),
    force: (sentence) => keep((forced.add(sentence), sentence)),
  };
}

/** Why there is nothing that Terraform could destroy, or undefined when there is. */
async function reasonForNothing(
  { objects, eks }: StepHost,
  { target, drillId, clusterName, commit }: DrillRecord,
  stateBucket: string,
): Promise<string | undefined> {
  if (commit === undefined) return 'Nothing was built, so there was nothing to destroy';
  for (const key of [stateKeyOf(target, drillId), erroredStateKeyOf(target, drillId)]) {
    if ((await objects(stateBucket).get(key)) !== undefined) return undefined;
  }
  if ((await objects(stateBucket).get(lockKeyOf(target, drillId))) !== undefined) {
    return 'Terraform left a lock and no state (it was killed), so the sweep must remove what it made';
  }
  return (await eks.cluster(clusterName)) === undefined
    ? 'There is no Terraform state and no cluster, so there was nothing to destroy'
    : `Terraform kept no state of cluster ${clusterName} (it was killed), so the sweep must remove it`;
}

/** EKS refuses to delete a cluster that is protected from it; only the drill's own one is freed. */
async function liftProtection(
  { eks, clock, signal }: StepHost,
  { clusterName, drillId }: DrillRecord,
  account: DestroyAccount,
): Promise<void> {
  const cluster = await eks.cluster(clusterName);
  if (cluster?.deletionProtection !== true || cluster.tags?.[TAG.drill] !== drillId) return;
  await eks.allowDeletion(clusterName);
  await account.note(`Cluster ${clusterName} was protected from deletion; the protection was taken off`);
  for (let read = 0; read < PROTECTION_READS; read += 1) {
    if ((await eks.cluster(clusterName))?.status !== 'UPDATING') return;
    await clock.sleep(PROTECTION_PAUSE_MILLISECONDS, signal);
  }
}

async function prepare(host: StepHost, record: DrillRecord, state: StatePlace): Promise<Terraform> {
  try {
    const { settings, commit } = record;
    const folder = await checkout(host, await repositoryAccess(settings, host.secrets), commit!);
    const terraform = new Terraform(host, record, join(folder, settings.terraform.directory), state);
    await terraform.init();
    return terraform;
  } catch (error) {
    throw new BuildFailure(
      'teardown',
      `terraform destroy could not begin, so the sweep must remove everything: ${messageOf(error)}`,
    );
  }
}

interface Destruction {
  readonly host: StepHost;
  readonly record: DrillRecord;
  readonly state: StatePlace;
  readonly account: DestroyAccount;
  readonly build: BuildAccount;
}

/** Destroys with the lock free and the newest state in place; once more after a resource that was still in use. */
async function destroy(terraform: Terraform, destruction: Destruction): Promise<TerraformRun> {
  const { host, account, build } = destruction;
  await becomeAlone(terraform, destruction);
  if (await terraform.restoreErroredState()) {
    await account.note('A state that an earlier run could not save was put back before destroying');
  }
  let run = await terraform.change('destroy', build);
  // Another destroy was quicker by a moment: it is waited for like any other.
  for (let again = 0; again < MOST_RACES && isTaken(run); again += 1) {
    await becomeAlone(terraform, destruction);
    run = await terraform.change('destroy', build);
  }
  if (run.error === undefined || host.signal.aborted || !run.error.includes('DependencyViolation')) return run;
  host.log('something is still in use; destroying once more in two minutes');
  await host.clock.sleep(DEPENDENCY_WAIT_MILLISECONDS, host.signal);
  return terraform.change('destroy', build);
}

function becomeAlone(terraform: Terraform, { host, record, state, account }: Destruction): Promise<void> {
  return freeLock(terraform, host, record, state, (sentence) => account.force(sentence));
}

function isTaken({ events }: TerraformRun): boolean {
  return events.errors.some(isLocked);
}

export const destroyCluster = buildStep({ environment: environmentSchema, run });

if (require.main === module) void destroyCluster.main();
