import { overridesIn } from '../catalogue/probes';
import { secondsBetween } from '../clock';
import { criticalPathOf, type CriticalPath } from '../critical-path';
import { LAYERS, type Layer } from '../layers';
import { evidenceBucketOf, evidenceKeyOf, executionConsoleUrl, objectConsoleUrl, reportKeyOf } from '../names';
import type { DrillRecord, DrillStory, Failure, Finding, Leak, ManualStep, Span, Teardown, Verdict } from '../record';

/** A figure beside its objective and beside the previous drill's. Seconds. */
export interface Measured {
  readonly seconds: number;
  readonly objectiveSeconds: number;
  readonly previousSeconds?: number;
}

export interface ReportedComponent {
  readonly name: string;
  readonly status: string;
  readonly reason: string;
  readonly listed: boolean;
  readonly seconds?: number;
}

export interface ReportedLayer {
  readonly layer: Layer;
  /** `healthy`, `failed`, or `not reached`. */
  readonly status: 'healthy' | 'failed' | 'not reached';
  readonly objectiveSeconds: number;
  readonly time?: Measured & { readonly humanSeconds: number };
  /** Why it is not healthy, in one sentence. */
  readonly reason?: string;
  readonly components: readonly ReportedComponent[];
}

/** Everything that a report says, computed once; the renderers only lay it out. */
export interface Report {
  readonly record: DrillRecord;
  readonly verdict: Verdict;
  readonly total?: Measured & { readonly humanSeconds: number; readonly machineSeconds: number };
  readonly layers: readonly ReportedLayer[];
  /** What determined the time; absent when nothing was built. */
  readonly path?: CriticalPath;
  /** One sentence each. */
  readonly worked: readonly string[];
  /** What drill.yaml changed about how healthy is judged, one sentence each. */
  readonly overrides: readonly string[];
  /** Declared steps that were due, and detected ones. */
  readonly manual: readonly ManualStep[];
  readonly broke: readonly Failure[];
  /** What is still there. */
  readonly left: readonly Leak[];
  readonly swept: readonly Leak[];
  /** US dollars a month of what is left, where prices are known. */
  readonly leftMonthlyCost: number;
  readonly findings: readonly Finding[];
  readonly teardown?: Teardown;
  readonly spans: readonly Span[];
  /** The drill that this one is compared with. */
  readonly previous?: DrillRecord;
  readonly links: Links;
}

/** Where more lies: pages of the AWS console, and the keys in the evidence bucket. */
export interface Links {
  readonly execution: string;
  readonly reportKey: string;
  readonly report: string;
  readonly evidencePrefix: string;
  readonly evidence: string;
}

/** @param previous the target's last closed drill before this one, if there is one. */
export function reportOf(story: DrillStory, previous?: DrillRecord): Report {
  const { record, leaks } = story;
  const left = leaks.filter((leak) => leak.status !== 'swept');
  const path = criticalPathOf(story);
  return {
    record,
    verdict: record.verdict ?? { outcome: 'failed', reasons: ['The drill was not judged'] },
    ...total(record, previous),
    layers: LAYERS.map((layer) => reportedLayer(layer, story, previous)),
    ...(path ? { path } : {}),
    worked: worked(story),
    overrides: overridesIn(record.settings),
    manual: story.manualSteps.filter((step) => step.status !== 'declared'),
    broke: story.failures.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    left,
    swept: leaks.filter((leak) => leak.status === 'swept'),
    leftMonthlyCost: left.reduce((sum, leak) => sum + (leak.monthlyCost ?? 0), 0),
    findings: story.findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    ...(record.teardown ? { teardown: record.teardown } : {}),
    spans: story.spans.toSorted(
      (a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || a.id.localeCompare(b.id),
    ),
    ...(previous ? { previous } : {}),
    links: linksOf(record),
  };
}

function linksOf({ drillId, executionArn, settings: { account, region }, target }: DrillRecord): Links {
  const reportKey = reportKeyOf(target, drillId, 'html');
  const evidencePrefix = evidenceKeyOf(target, drillId, '');
  const bucket = evidenceBucketOf(account, region);
  return {
    execution: executionConsoleUrl(executionArn),
    reportKey,
    report: objectConsoleUrl(region, bucket, reportKey),
    evidencePrefix,
    evidence: objectConsoleUrl(region, bucket, evidencePrefix),
  };
}

const SEVERITIES: readonly Finding['severity'][] = ['critical', 'major', 'minor'];

function total({ settings, times }: DrillRecord, previous: DrillRecord | undefined): Pick<Report, 'total'> {
  if (!times) return {};
  return {
    total: {
      seconds: times.totalSeconds,
      humanSeconds: times.humanSeconds,
      machineSeconds: times.machineSeconds,
      objectiveSeconds: settings.objectiveSeconds,
      ...(previous?.times ? { previousSeconds: previous.times.totalSeconds } : {}),
    },
  };
}

function reportedLayer(
  layer: Layer,
  { layers, record, failures }: DrillStory,
  previous: DrillRecord | undefined,
): ReportedLayer {
  const progress = layers.find((candidate) => candidate.layer === layer);
  const time = record.layers[layer];
  const { objectiveSeconds } = record.settings.layers[layer];
  const previousSeconds = previous?.layers[layer]?.seconds;
  const failure = failures.find((candidate) => candidate.layer === layer);
  const reason = time ? undefined : (failure?.sentence ?? progress?.reason);
  return {
    layer,
    status: time ? 'healthy' : (progress ?? failure) ? 'failed' : 'not reached',
    objectiveSeconds,
    ...(time
      ? {
          time: {
            seconds: time.seconds,
            humanSeconds: time.humanSeconds,
            objectiveSeconds,
            ...(previousSeconds === undefined ? {} : { previousSeconds }),
          },
        }
      : {}),
    ...(reason === undefined ? {} : { reason }),
    components: (progress?.components ?? []).map(({ name, status, reason, listed, startedAt, healthyAt }) => ({
      name,
      status,
      reason,
      listed,
      ...(startedAt && healthyAt ? { seconds: secondsBetween(startedAt, healthyAt) } : {}),
    })),
  };
}

function worked({ record, layers, readiness }: DrillStory): string[] {
  const sentences: string[] = [];
  const passed = readiness.filter((check) => check.status === 'passed').length;
  if (passed > 0) sentences.push(`${passed} of ${readiness.length} readiness checks passed`);
  for (const layer of LAYERS) {
    if (!record.layers[layer]) continue;
    const count = layers.find((progress) => progress.layer === layer)?.components.length ?? 0;
    sentences.push(`The ${layer} layer became healthy${count > 1 ? ` with all its ${count} components` : ''}`);
  }
  if (record.teardown?.outcome === 'nothing-left') sentences.push('The teardown left nothing behind, by inventory');
  return sentences;
}
