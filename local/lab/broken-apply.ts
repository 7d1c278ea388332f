import { execFileSync } from 'node:child_process';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CodeBuildBuilds } from '../../adapters/codebuild-builds';
import { evidenceKeyOf, lockKeyOf, MACHINE, projectNameOf, stateBucketOf, stateKeyOf, TAG } from '../../domain/names';
import type { DrillStory } from '../../domain/record';
import { check, same, type Check } from './check';
import { inventoryOf } from './inventory';
import type { Lab, StartedDrill, Watch } from './lab';
import { makeNeighbours } from './neighbours';

/**
 * A drill whose build is killed in the middle of `terraform apply`, as a container is that will not end: Terraform and
 * the step get SIGKILL at once. It leaves a lock, no state yet, and resources that no state knows; the teardown must find
 * them by their tag and remove them, and leave alone what is beside them.
 */
export async function killedApply(lab: Lab, watch: Watch): Promise<Check[]> {
  const { objects, checks } = await killAndTearDown(lab, watch, untilHalfWay);
  return [same('what the kill left of the state', objects, { lock: true, state: false }), ...checks];
}

/**
 * The same, killed after Terraform kept a first snapshot of its state (every 20 s): the lock must be known as stale and
 * released, what the snapshot knows destroyed, and the rest swept.
 */
export async function lateKilledApply(lab: Lab, watch: Watch): Promise<Check[]> {
  const { objects, story, checks } = await killAndTearDown(lab, watch, untilStateIsKept);
  const forced = story.outputs['destroy-cluster']?.['forced'];
  const released = Array.isArray(forced) ? forced.join('; ') : 'nothing';
  return [
    same('what the kill left of the state', objects, { lock: true, state: true }),
    check('done by force', released.includes('was released by force'), released),
    check('destroyed by the state', destroyed(story) > 0, `${destroyed(story)} resources`),
    same('the lock after the teardown', (await stateObjects(lab, story.record.drillId)).lock, false),
    ...checks,
  ];
}

interface Killed {
  readonly objects: StateObjects;
  readonly story: DrillStory;
  readonly checks: readonly Check[];
}

async function killAndTearDown(
  lab: Lab,
  watch: Watch,
  until: (lab: Lab, drillId: string) => Promise<void>,
): Promise<Killed> {
  const neighbours = await makeNeighbours(lab.clients, lab.place.region);
  const before = await neighbours.look();
  const drill = lab.start();
  const { drillId } = drill;
  const watched = watch(drill);
  await until(lab, drillId);
  killBuild(lab.terraformProcess());
  const objects = await stateObjects(lab, drillId);
  const stranded = await inventoryOf(lab, (await lab.connection.history.story(drillId))!);
  await watched;
  const story = await endOf(lab, drill);
  const again = await tearDownAgain(lab, drillId);
  const checks = [
    check('resources that the kill stranded', stranded.length > 0, countByType(stranded)),
    same('the verdict', story.record.verdict?.outcome, 'failed'),
    same('the teardown', story.record.teardown?.outcome, 'nothing-left'),
    check('what the teardown said', true, story.record.teardown?.notes.join('; ') ?? ''),
    check('swept', story.leaks.length > 0 && story.leaks.every(({ status }) => status === 'swept'), sweptOf(story)),
    same('the inventory after the teardown', await inventoryOf(lab, story), []),
    same('what is beside the drill', await neighbours.look(), before),
    same('another teardown of the same drill', again, 'SUCCEEDED'),
    same('what is beside the drill after that', await neighbours.look(), before),
  ];
  return { objects, story, checks };
}

/**
 * A drill whose build is stopped in the middle of `terraform apply` (StopBuild): the whole process group gets SIGTERM.
 * Terraform must end in order, keep its state and release its lock; the teardown then destroys by that state.
 */
export async function stoppedApply(lab: Lab, watch: Watch): Promise<Check[]> {
  const drill = lab.start();
  const { drillId } = drill;
  const watched = watch(drill);
  await untilHalfWay(lab, drillId);
  const builds = new CodeBuildBuilds(lab.clients.codebuild);
  const [build] = await builds.running([projectNameOf('provision-cluster')], drillId);
  await builds.stop(build!.id);
  await watched;
  const story = await endOf(lab, drill);
  const { settings } = lab;
  const stream = await lab.connection.evidence.get(
    evidenceKeyOf(settings.name, drillId, 'provision-cluster/terraform.jsonl'),
  );
  const interrupts = stream?.split('\n').filter((line) => /[Ii]nterrupts? received/.test(line)) ?? [];
  return [
    check(
      'Terraform was interrupted once',
      interrupts.length === 1 && !interrupts[0]!.includes('Two'),
      `${interrupts.length} interrupts`,
    ),
    same('the lock after the stop', (await stateObjects(lab, drillId)).lock, false),
    same('the state was kept', (await stateObjects(lab, drillId)).state, true),
    check('destroyed by the state', destroyed(story) > 0, `${destroyed(story)} resources`),
    same(
      'leaks',
      story.leaks.map(({ arn: leak }) => leak),
      [],
    ),
    same('the teardown', story.record.teardown?.outcome, 'nothing-left'),
    same('the inventory after the teardown', await inventoryOf(lab, story), []),
  ];
}

/** Resolves when Terraform has made a network and is in the middle of the rest. */
async function untilHalfWay(lab: Lab, drillId: string): Promise<void> {
  const Filters = [{ Name: `tag:${TAG.drill}`, Values: [drillId] }];
  for (let tries = 0; ; tries += 1) {
    const { Subnets = [] } = await lab.clients.ec2.send(new DescribeSubnetsCommand({ Filters }));
    if (Subnets.length >= 3) return;
    if (tries > 600) throw new Error('terraform apply made no subnets within two minutes');
    await lab.connection.clock.sleep(200);
  }
}

/** Resolves when Terraform has kept a first snapshot of its state. */
async function untilStateIsKept(lab: Lab, drillId: string): Promise<void> {
  for (let tries = 0; !(await stateObjects(lab, drillId)).state; tries += 1) {
    if (tries > 900) throw new Error('terraform apply kept no state within three minutes');
    await lab.connection.clock.sleep(200);
  }
}

/** Kills Terraform and the build that runs it (the process group of Terraform's parent, the step), at once. */
function killBuild(terraform: number): void {
  const build = processNumber('pgid', processNumber('ppid', terraform));
  process.kill(-build, 'SIGKILL');
  process.kill(terraform, 'SIGKILL');
}

function processNumber(what: 'pgid' | 'ppid', pid: number): number {
  return Number(execFileSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' }));
}

/** Which objects of a drill's state are in the bucket. */
interface StateObjects {
  readonly lock: boolean;
  readonly state: boolean;
}

async function stateObjects(lab: Lab, drillId: string): Promise<StateObjects> {
  const { account, region, name } = lab.settings;
  const listed = await lab.clients.s3.send(new ListObjectsV2Command({ Bucket: stateBucketOf(account, region) }));
  const keys = new Set(listed.Contents?.map(({ Key }) => Key));
  return { lock: keys.has(lockKeyOf(name, drillId)), state: keys.has(stateKeyOf(name, drillId)) };
}

async function endOf(lab: Lab, { arn, drillId }: StartedDrill): Promise<DrillStory> {
  await lab.cloud.stepFunctions.done(arn);
  await lab.cloud.settled();
  return (await lab.connection.history.story(drillId))!;
}

/** @returns how the second teardown ended. */
async function tearDownAgain(lab: Lab, drillId: string): Promise<string> {
  const { stepFunctions } = lab.cloud;
  const execution = await stepFunctions.done(stepFunctions.start(MACHINE.teardown, { drillId }));
  await lab.cloud.settled();
  return execution.status;
}

function destroyed({ spans }: DrillStory): number {
  return spans.filter(({ kind, id }) => kind === 'teardown' && id.includes('aws_')).length;
}

/** What the sweep removed, by kind, and everything that it did not. */
function sweptOf({ leaks }: DrillStory): string {
  const others = leaks.filter(({ status }) => status !== 'swept').map(({ arn, status }) => `${arn} ${status}`);
  const swept = leaks.filter(({ status }) => status === 'swept').map(({ arn }) => arn);
  return [countByType(swept), ...others].join('; ');
}

/** Such as `3 subnet, 1 vpc`, by the kinds in the ARNs. */
function countByType(arns: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const arn of arns) {
    const kind = arn.split(':')[5]!.split('/')[0]!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
