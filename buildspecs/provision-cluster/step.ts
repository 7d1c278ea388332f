import { join } from 'node:path';
import { TERRAFORM_DEPENDENCIES } from '../../domain/activities';
import { messageOf } from '../../domain/errors';
import { TERRAFORM_OUTPUT } from '../../domain/names';
import type { DrillRecord, Outputs } from '../../domain/record';
import { accountForBuild, BuildFailure, type BuildAccount } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { checkout } from '../checkout';
import { repositoryAccess } from '../repository-access';
import { Terraform, type StatePlace } from '../terraform';
import { environmentSchema, type Environment } from './environment';

/** EKS access policy of whoever reads the cluster: get, list and watch on everything. */
const VIEW_POLICY = 'AmazonEKSAdminViewPolicy';

/**
 * *Provision cluster*: applies the repository's Terraform at the drill's commit. What it built so far stays in the
 * drill's own state whatever happens, so that *Destroy cluster* finds it. One build of a drill applies, and none once its
 * teardown has begun.
 */
async function run(host: StepHost, environment: Environment): Promise<void> {
  const { CODEBUILD_BUILD_ID, DRILL_ID } = environment;
  // Before anything of the drill is touched: a redriven or second execution must leave the first one's traces alone.
  await host.history.claimApply(DRILL_ID, CODEBUILD_BUILD_ID, host.clock.now().toISOString());
  const record = await host.history.openRecord(DRILL_ID);
  await host.history.change(record.drillId, { phase: 'provisioning' });
  const about = { cause: 'terraform', layer: 'cluster', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('provision-cluster', host, record, about, async (account) => {
    const state = { bucket: environment.STATE_BUCKET, buildId: environment.CODEBUILD_BUILD_ID };
    const terraform = await prepare(host, record, state);
    await apply(terraform, host, record, account);
    const outputs = await keepOutputs(terraform, host, record, account);
    host.log(`cluster ${record.clusterName} stands in ${String(outputs[TERRAFORM_OUTPUT.vpcId])}`);
    await host.eks.grantAccess(
      record.clusterName,
      environment.VIEW_ROLE_ARNS.split(',').map((roleArn) => ({ roleArn, policy: VIEW_POLICY })),
    );
  });
}

async function prepare(host: StepHost, record: DrillRecord, state: StatePlace): Promise<Terraform> {
  const { settings, commit } = record;
  if (commit === undefined) {
    throw new BuildFailure('internal', 'The drill has no commit yet; Check readiness must run first');
  }
  const folder = await checkout(host, await repositoryAccess(settings, host.secrets), commit);
  const terraform = new Terraform(host, record, join(folder, settings.terraform.directory), state);
  await terraform.init();
  return terraform;
}

async function apply(terraform: Terraform, host: StepHost, record: DrillRecord, account: BuildAccount): Promise<void> {
  const { error } = await terraform.change('apply', account, async (bootstrapStartedAt) => {
    // A second run of the step continues the first one's bootstrap, so time zero stays.
    if (record.bootstrapStartedAt === undefined) await host.history.change(record.drillId, { bootstrapStartedAt });
  });
  if (!host.signal.aborted) await keepDependencies(terraform, host, record);
  if (error === undefined) return;
  throw host.signal.aborted
    ? new BuildFailure('interrupted', `terraform apply was told to stop and kept its state: ${error}`)
    : new BuildFailure('terraform', `terraform apply failed: ${error}`);
}

/** For the critical path of the report. What goes wrong here must neither fail the drill nor hide why an apply failed. */
async function keepDependencies(terraform: Terraform, host: StepHost, { drillId }: DrillRecord): Promise<void> {
  try {
    const item = await terraform.dependencies();
    await host.history.put(drillId, [{ type: 'outputs', build: TERRAFORM_DEPENDENCIES, item }]);
  } catch (error) {
    host.log(`the dependencies of the resources could not be kept: ${messageOf(error)}`);
  }
}

/** Keeps what the next steps and the search for leaks need, and holds it against the contract. */
async function keepOutputs(
  terraform: Terraform,
  { history }: StepHost,
  { drillId, clusterName, settings }: DrillRecord,
  account: BuildAccount,
): Promise<Outputs> {
  const outputs = await terraform.outputs();
  await account.keep('outputs.json', JSON.stringify(outputs, null, 2), 'application/json');
  await history.put(drillId, [{ type: 'outputs', build: 'provision-cluster', item: outputs }]);
  const { directory } = settings.terraform;
  for (const name of Object.values(TERRAFORM_OUTPUT)) {
    if (typeof outputs[name] !== 'string' || outputs[name] === '') {
      throw new BuildFailure(
        'repository',
        `${directory}: the output ${name} is ${JSON.stringify(outputs[name])}, not a text; mend it`,
      );
    }
  }
  if (outputs[TERRAFORM_OUTPUT.clusterName] !== clusterName) {
    throw new BuildFailure(
      'repository',
      `${directory}: the output ${TERRAFORM_OUTPUT.clusterName} is ${String(outputs[TERRAFORM_OUTPUT.clusterName])}, but the drill asked for ${clusterName}; name the cluster var.${TERRAFORM_OUTPUT.clusterName}`,
    );
  }
  return outputs;
}

export const provisionCluster = buildStep({ environment: environmentSchema, run });

if (require.main === module) void provisionCluster.main();
