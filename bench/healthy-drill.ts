import { secondsBetween, latest } from '../domain/clock';
import { formatDuration } from '../domain/duration';
import { textTable } from '../domain/report/text';
import type { DrillStory } from '../domain/record';
import type { BuildRecord } from '../local/builds/build-record';
import { WholeDrill } from '../local/whole-drill';

/** Quotas of Step Functions that a drill must stay far away from. */
const HISTORY_EVENTS = 25_000;
const PAYLOAD_BYTES = 256 * 1024;

/**
 * `npm run bench`: what one healthy drill costs, in real seconds and in AWS's own units, within one process (the bash of
 * the builds left out, which `npm run drill` has).
 */
async function bench(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const drill = await WholeDrill.open({ overEndpoint: true });
  const began = process.hrtime.bigint();
  const { story } = await drill.run();
  const realSeconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { stateTransitions, lambdaInvocations, builds, mostHistoryEvents, largestPayload } =
    drill.cloud.stepFunctions.statistics();
  const requests = (...names: string[]): number =>
    names.reduce((sum, name) => sum + (drill.cloud.endpoint.requests.get(`dynamodb:${name}`) ?? 0), 0);
  const drillSeconds = secondsBetween(story.record.openedAt, story.record.closedAt!);
  const infrastructure = infrastructureSeconds(story, drill.builds());
  const rows = [
    ['verdict', story.record.verdict!.outcome, ''],
    ['drill time', formatDuration(drillSeconds), 'opened to closed'],
    ['real seconds', realSeconds.toFixed(1), 'one process, clock unpaced'],
    ['state transitions', String(stateTransitions), ''],
    ['Lambda invocations', String(lambdaInvocations), ''],
    ['builds', String(builds), ''],
    ['table reads', String(requests('GetItem', 'Query')), 'GetItem and Query'],
    [
      'table writes',
      String(requests('PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem')),
      'of them batches ' + requests('BatchWriteItem'),
    ],
    ['history events', `${mostHistoryEvents.events} of ${HISTORY_EVENTS}`, mostHistoryEvents.machine],
    [
      'largest payload',
      `${largestPayload.bytes} of ${PAYLOAD_BYTES} bytes`,
      `${largestPayload.machine}: ${largestPayload.state}`,
    ],
    ['infrastructure', formatDuration(infrastructure), 'what the simulated parts took themselves'],
    ['ratio', (drillSeconds / infrastructure).toFixed(4), 'drill time to infrastructure; target: at most 1.02'],
  ];
  process.stdout.write(`${textTable(rows).join('\n')}\n`);
  await drill.close();
}

/**
 * What the infrastructure took on the drill's critical path: every build (its machine, Terraform, Helm), the cluster's
 * nodes after `terraform apply`, and GitOps from the end of its installation to healthy applications. What is left over
 * is what the drill adds: waiting between reads, confirming, and its own Lambdas.
 */
function infrastructureSeconds({ record }: DrillStory, builds: readonly BuildRecord[]): number {
  const inBuilds = builds.reduce((sum, { startTime, endTime }) => sum + secondsBetween(startTime, endTime!), 0);
  const endOf = (build: string): string =>
    latest(builds.filter(({ project }) => project.endsWith(build)).map(({ endTime }) => endTime))!;
  const after = (build: string, healthyAt: string): number => Math.max(0, secondsBetween(endOf(build), healthyAt));
  return (
    inBuilds +
    after('provision-cluster', record.layers.cluster!.healthyAt) +
    after('install-gitops', record.layers.applications!.healthyAt)
  );
}

void bench();
