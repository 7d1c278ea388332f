import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { formatDuration } from '../../domain/duration';
import { messageOf } from '../../domain/errors';
import { classify, type Classified } from '../../domain/failure';
import { buildConsoleUrl, evidenceKeyOf, executionConsoleUrl } from '../../domain/names';
import type { DrillStory, Failure, ManualStep } from '../../domain/record';
import { lambdaEntry } from '../lambda-entry';
import { noteVolumes } from '../note-volumes';
import { storyOf } from '../story-of';
import { collectClusterEvidence } from './collect-cluster-evidence';
import { environmentSchema } from './environment';

const eventSchema = z.object({
  drillId: z.string(),
  where: z.string(),
  error: z.object({ Error: z.string().optional(), Cause: z.string().optional() }),
});

/**
 * *Note failure*: classifies what was caught and keeps what will be destroyed next. A build that could say itself why
 * it failed has written its failure already; that account stays and only gains the console link here.
 */
export async function noteFailure({ drillId, where, error }: z.infer<typeof eventSchema>, host: Host): Promise<void> {
  const story = await storyOf(host.history, drillId);
  const classified = await expireSteps(story, classify(where, error), host);
  // A teardown that came to its end has told itself what is left; that its execution is red adds nothing.
  if (classified.cause === 'teardown' && story.record.teardown?.outcome === 'leaks-left') return;
  const evidence = await keepEvidence(story, host);
  await host.history.putFailureOnce(drillId, {
    ...failureOf(classified, story),
    at: host.clock.now().toISOString(),
    evidence,
  });
}

/** A step that was still waited for when the drill failed will not be confirmed any more; that is then why it failed. */
async function expireSteps(
  { record, manualSteps }: DrillStory,
  classified: Classified,
  { history }: Host,
): Promise<Classified> {
  const waiting = manualSteps.filter((step) => step.status === 'waiting');
  const [first] = waiting;
  if (!first) return classified;
  const expired = waiting.map(({ taskToken: _token, ...step }): ManualStep => ({ ...step, status: 'expired' }));
  await history.put(
    record.drillId,
    expired.map((item) => ({ type: 'manual-step', item })),
  );
  const patience = formatDuration(record.settings.manualStepDeadlineSeconds);
  return {
    ...classified,
    cause: 'deadline',
    sentence: `Nobody confirmed the manual step "${first.name}" of the ${first.layer} layer within ${patience}`,
  };
}

function failureOf(
  { where, cause, sentence, buildId, executionArn }: Classified,
  { record, layers }: DrillStory,
): Omit<Failure, 'at' | 'evidence'> {
  const failing =
    layers.find((progress) => progress.status === 'failed') ?? layers.find((progress) => progress.status !== 'healthy');
  const concernsLayer = cause === 'component' || cause === 'deadline' || cause === 'unreachable';
  const { account, region } = record.settings;
  return {
    where,
    cause:
      concernsLayer && failing?.components.length === 0 && failing.reason.includes('cannot be reached')
        ? 'unreachable'
        : cause,
    sentence,
    ...(concernsLayer && failing ? { layer: failing.layer } : {}),
    consoleUrl:
      buildId === undefined
        ? executionConsoleUrl(executionArn ?? record.executionArn)
        : buildConsoleUrl(region, account, buildId),
  };
}

/** What the cluster says of itself, before it is destroyed. Nothing here may hide the failure that is being noted. */
async function keepEvidence(story: DrillStory, host: Host): Promise<string[]> {
  const { record } = story;
  const { eks, evidence, log } = host;
  try {
    const cluster = await eks.cluster(record.clusterName);
    if (cluster?.status !== 'ACTIVE') return [];
    const api = eks.kubernetes(cluster);
    await noteVolumes(story, api, host);
    const collected = await collectClusterEvidence(api);
    const key = evidenceKeyOf(record.target, record.drillId, 'cluster/unhealthy-objects.json');
    await evidence.put(key, JSON.stringify(collected, null, 2), 'application/json');
    return [key];
  } catch (error) {
    log(`no evidence could be had from the cluster: ${messageOf(error)}`);
    return [];
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: noteFailure });
