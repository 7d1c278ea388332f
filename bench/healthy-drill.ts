import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsBetween, latest } from '../domain/clock';
import { loadConfig } from '../domain/config';
import { formatDuration } from '../domain/duration';
import { textTable } from '../domain/report/text';
import type { DrillStory } from '../domain/record';
import type { BuildRecord } from '../local/builds/build-record';
import type { LocalCloud } from '../local/local-cloud';
import { openLocalDrill, type LocalDrill } from '../local/local-drill';
import { SCENARIOS } from '../local/scenarios';
import { ROOT } from '../root';

/** Quotas of Step Functions that a drill must stay far away from. */
const HISTORY_EVENTS = 25_000;
const PAYLOAD_BYTES = 256 * 1024;
/** Drill seconds per real second at the most: as fast as this machine can. */
const FASTEST = 1e9;

/**
 * `npm run bench`: what one healthy drill costs, in real seconds and in AWS's own units. It is the drill of
 * `npm run drill`, with its builds under bash.
 */
async function bench(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-bench-'));
  const drill = await openDrill(directory);
  const began = performance.now();
  const { drillId } = await drill.start({});
  await drill.settled();
  const realSeconds = (performance.now() - began) / 1000;
  const story = (await drill.connection.history.story(drillId))!;
  process.stdout.write(`${textTable(rowsOf(drill.cloud, story, realSeconds)).join('\n')}\n`);
  await drill.close();
  rmSync(directory, { recursive: true });
}

function openDrill(directory: string): Promise<LocalDrill> {
  const { targets, limits } = loadConfig(readFileSync(join(ROOT, 'drill.yaml'), 'utf8'), 'drill.yaml');
  return openLocalDrill({
    directory,
    targets,
    limits,
    target: targets[0]!.settings.name,
    scenario: SCENARIOS['healthy']!,
    speed: FASTEST,
    seed: 1,
    keep: false,
  });
}

function rowsOf(cloud: LocalCloud, story: DrillStory, realSeconds: number): string[][] {
  const { stateTransitions, lambdaInvocations, builds, mostHistoryEvents, largestPayload } =
    cloud.stepFunctions.statistics();
  const requests = (...names: string[]): number =>
    names.reduce((sum, name) => sum + (cloud.endpoint.requests.get(`dynamodb:${name}`) ?? 0), 0);
  const drillSeconds = secondsBetween(story.record.openedAt, story.record.closedAt!);
  const infrastructure = infrastructureSeconds(story, cloud.builds());
  return [
    ['verdict', story.record.verdict!.outcome, ''],
    ['drill time', formatDuration(drillSeconds), 'opened to closed'],
    ['real seconds', realSeconds.toFixed(1), 'start to settled; target: at most 10'],
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
