import { join } from 'node:path';
import { messageOf } from '../../domain/errors';
import { projectNameOf, stateKeyOf } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';
import { lockIdOf } from '../../domain/terraform-lock';
import { accountForBuild, BuildFailure, type BuildAccount } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { checkout } from '../checkout';
import { repositoryAccess } from '../repository-access';
import { Terraform, type TerraformRun } from '../terraform';
import { environmentSchema, type Environment } from './environment';

/** Network interfaces of a load balancer that is gone are given back within minutes; until then the VPC cannot go. */
const DEPENDENCY_WAIT_MILLISECONDS = 120_000;

/**
 * *Destroy cluster*: destroys with the code of the drill's own commit and its own state. What Terraform does not know
 * of is left to the sweep, which goes by tags.
 */
async function run(host: StepHost, environment: Environment): Promise<void> {
  const { DRILL_ID, CODEBUILD_BUILD_ID } = environment;
  const record = await host.history.record(DRILL_ID);
  if (!record) throw new Error(`There is no drill ${DRILL_ID}`);
  await host.history.change(DRILL_ID, { phase: 'destroying' });
  const note = (sentence: string): Promise<void> => {
    host.log(sentence);
    return host.history.put(DRILL_ID, [{ type: 'outputs', build: 'destroy-cluster', item: { notes: [sentence] } }]);
  };
  const about = { cause: 'teardown', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('destroy-cluster', host, record, about, async (account) => {
    const nothing = await reasonForNothing(host, record, environment.STATE_BUCKET);
    if (nothing !== undefined) return note(nothing);
    const terraform = await prepare(host, record, environment.STATE_BUCKET);
    const { error } = await destroy(terraform, host, record, account, note);
    if (error !== undefined) throw new BuildFailure('teardown', `terraform destroy failed: ${error}`);
  });
}

/** Why there is nothing that Terraform could destroy, or undefined when there is. */
async function reasonForNothing(
  { objects, eks }: StepHost,
  { target, drillId, clusterName, commit }: DrillRecord,
  stateBucket: string,
): Promise<string | undefined> {
  if (commit === undefined) return 'Nothing was built, so there was nothing to destroy';
  const state = await objects(stateBucket).get(stateKeyOf(target, drillId));
  if (state !== undefined) return undefined;
  return (await eks.cluster(clusterName)) === undefined
    ? 'There is no Terraform state and no cluster, so there was nothing to destroy'
    : `Terraform kept no state of cluster ${clusterName} (it was killed), so the sweep must remove it`;
}

async function prepare(host: StepHost, record: DrillRecord, stateBucket: string): Promise<Terraform> {
  try {
    const { settings, commit } = record;
    const folder = await checkout(host, await repositoryAccess(settings, host.accountChecks), commit!);
    const terraform = new Terraform(host, record, join(folder, settings.terraform.directory));
    await terraform.init(stateBucket);
    return terraform;
  } catch (error) {
    throw new BuildFailure(
      'teardown',
      `terraform destroy could not begin, so the sweep must remove everything: ${messageOf(error)}`,
    );
  }
}

/** Destroys; once more after a lock that nobody holds any longer, or after a resource that was still in use. */
async function destroy(
  terraform: Terraform,
  host: StepHost,
  record: DrillRecord,
  account: BuildAccount,
  note: (sentence: string) => Promise<void>,
): Promise<TerraformRun> {
  const first = await terraform.change('destroy', account);
  if (first.error === undefined || host.signal.aborted) return first;
  const lockId = first.events.errors.map(({ summary, detail }) => lockIdOf(`${summary}\n${detail}`)).find(Boolean);
  if (lockId !== undefined) {
    await proveOwnerGone(host, record);
    await terraform.forceUnlock(lockId);
    await note(`The lock ${lockId} of a Terraform that was killed was released`);
  } else if (first.error.includes('DependencyViolation')) {
    host.log('something is still in use; destroying once more in two minutes');
    await host.clock.sleep(DEPENDENCY_WAIT_MILLISECONDS, host.signal);
  } else {
    return first;
  }
  return terraform.change('destroy', account);
}

/**
 * Only this drill's builds know its state, so a lock is stale when none of them runs but this one.
 * @throws BuildFailure when another one does.
 */
async function proveOwnerGone({ builds }: StepHost, { drillId }: DrillRecord): Promise<void> {
  const applying = await builds.running([projectNameOf('provision-cluster')], drillId);
  const destroying = await builds.running([projectNameOf('destroy-cluster')], drillId);
  const [owner] = [...applying, ...destroying.slice(1)];
  if (owner) {
    throw new BuildFailure(
      'teardown',
      `The state is locked while build ${owner.id} of the drill runs; let it end, then tear down again`,
    );
  }
}

export const destroyCluster = buildStep({ environment: environmentSchema, run });

if (require.main === module) void destroyCluster.main();
