import { secondsBetween } from '../../domain/clock';
import { reportKeyOf } from '../../domain/names';
import type { DrillRecord, DrillStory, Span } from '../../domain/record';
import { check, same, type Check } from './check';
import { inventoryOf } from './inventory';
import type { Lab, StartedDrill, Watch } from './lab';
import { terraformChecks } from './terraform-checks';

/**
 * A whole drill, from *Open drill* to the mailed report: Terraform applies the example, a second plan finds nothing to
 * change, its outputs feed the layers, and the teardown leaves nothing.
 */
export async function wholeDrill(lab: Lab, watch: Watch): Promise<Check[]> {
  const drill = lab.start();
  const told = terraformWhenProvisioned(lab, drill);
  await watch(drill);
  const execution = await lab.cloud.stepFunctions.done(drill.arn);
  await lab.cloud.settled();
  const story = await lab.connection.history.story(drill.drillId);
  const ended = [execution.status, execution.cause].join(' ').trim();
  const terraform = await told;
  if (!story) return [check('the execution', false, ended)];
  const { record } = story;
  return [
    check('the execution', execution.status === 'SUCCEEDED', ended),
    same('the verdict', record.verdict?.outcome, 'passed'),
    ...terraform,
    same('the cluster that the outputs name', story.outputs['provision-cluster']?.['cluster_name'], record.clusterName),
    spansCheck('spans of resources that Terraform made', story, 'resource'),
    spansCheck('spans of what Terraform destroyed', story, 'teardown'),
    same(
      'leaks',
      story.leaks.map(({ arn }) => arn),
      [],
    ),
    same('the teardown', record.teardown?.outcome, 'nothing-left'),
    same('the inventory after the teardown', await inventoryOf(lab, story), []),
    await reportCheck(lab, record),
  ];
}

/** Waits until the drill has Terraform's outputs, and asks Terraform while the cluster stands. */
async function terraformWhenProvisioned(lab: Lab, { arn, drillId }: StartedDrill): Promise<readonly Check[]> {
  for (;;) {
    const story = await lab.connection.history.story(drillId);
    if (story?.outputs['provision-cluster']) return terraformChecks(lab, story.record);
    const isOver = lab.cloud.stepFunctions.execution(arn).status !== 'RUNNING';
    const [failure] = story?.failures ?? [];
    if (isOver || failure) return [check('terraform apply', false, failure?.sentence ?? 'it did not come to that')];
    await lab.connection.clock.sleep(500);
  }
}

function spansCheck(name: string, { spans }: DrillStory, kind: Span['kind']): Check {
  const ended = spans.filter((span) => span.kind === kind && span.finishedAt !== undefined);
  const seconds = ended.map(({ startedAt, finishedAt }) => secondsBetween(startedAt, finishedAt!));
  const isWell = ended.length > 0 && seconds.every((value) => value >= 0);
  return check(name, isWell, `${ended.length}, the longest ${Math.max(0, ...seconds).toFixed(1)} s`);
}

async function reportCheck({ cloud, connection, settings }: Lab, { target, drillId }: DrillRecord): Promise<Check> {
  const report = await connection.evidence.get(reportKeyOf(target, drillId, 'html'));
  const mailed = cloud.ses.mails.length;
  return check(
    'the report, stored and mailed',
    report !== undefined && mailed >= settings.report.to.length,
    `${report?.length ?? 0} characters, ${mailed} mails`,
  );
}
