import { reportKeyOf } from '../../domain/names';
import { LAYERS } from '../../domain/layers';
import type { DrillStory } from '../../domain/record';
import type { ExecutionRecord } from '../services/execution-record';
import type { Account } from './account';
import type { Mail } from '../../domain/ports/mailer';
import type { Lease, Slot } from '../../domain/ports/history';
import type { Plan } from './faults';
import { drillOf } from './drill-execution';
import { machineOf } from './places';
import type { TerraformRun } from './terraform';

/** What must hold after every simulated drill, whatever happened in it. */
export const INVARIANTS = {
  'nothing-left': 'nothing of a drill is left, or it is listed as a leak and an alarm was raised',
  'nothing-foreign': 'nothing that is not the drill’s was deleted',
  'one-record': 'every drill that was opened has one final record',
  'lease-free': 'no lease and no slot is held any more',
  'one-report': 'every closed drill has one report, which says what the record says',
  'red-if-red': 'a drill that was red is red, and a green one was healthy',
  'apply-once': 'terraform apply ran at most once for a drill, and never beside a destroy',
  'one-at-a-time': 'a target is drilled by one drill at a time, and once for a scheduled time',
  settled: 'nothing runs any more',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly sentence: string;
}

/** Everything that is looked at when nothing happens any more. */
export interface Aftermath {
  readonly plan: Plan;
  readonly account: Account;
  readonly stories: readonly DrillStory[];
  readonly executions: readonly ExecutionRecord[];
  readonly runningBuilds: number;
  readonly alarms: readonly string[];
  /** What the patrol has listed as abandoned, by ARN. */
  readonly abandoned: readonly string[];
  readonly leases: readonly Lease[];
  readonly slots: readonly Slot[];
  readonly terraformRuns: readonly TerraformRun[];
  readonly mails: readonly Mail[];
  /** A stored report by its key. */
  readonly report: (key: string) => string | undefined;
}

/** Which invariants do not hold. */
export function violationsOf(aftermath: Aftermath): readonly Violation[] {
  return [
    ...nothingLeft(aftermath),
    ...nothingForeign(aftermath),
    ...oneRecord(aftermath),
    ...leaseFree(aftermath),
    ...aftermath.stories.filter(isClosed).flatMap((story) => oneReport(story, aftermath)),
    ...aftermath.stories.filter(isClosed).flatMap((story) => redIfRed(story, aftermath)),
    ...applyOnce(aftermath),
    ...oneAtATime(aftermath),
    ...settled(aftermath),
  ];
}

function violated(invariant: Invariant, sentence: string): Violation {
  return { invariant, sentence };
}

function isClosed({ record }: DrillStory): boolean {
  return record.status === 'closed';
}

function nothingLeft({ account, abandoned, alarms, stories }: Aftermath): Violation[] {
  const left = account.list().filter(({ owner }) => owner !== NEIGHBOUR);
  const listed = new Set([
    ...stories.flatMap(({ leaks }) => leaks.filter(({ status }) => status !== 'swept').map(({ arn }) => arn)),
    ...abandoned,
  ]);
  const unlisted = left.filter(({ arn }) => !listed.has(arn));
  if (unlisted.length > 0) {
    const arns = unlisted.map(({ arn }) => arn).join(', ');
    return [violated('nothing-left', `${arns} exist and no record and no alarm lists them`)];
  }
  if (left.length === 0 || alarms.length > 0) return [];
  return [violated('nothing-left', `${left.map(({ arn }) => arn).join(', ')} exist and no alarm was raised`)];
}

/** Whose the resources are that no drill may touch. */
export const NEIGHBOUR = 'neighbour';

function nothingForeign({ account }: Aftermath): Violation[] {
  return account.changes
    .filter(({ what, by }) => what === 'deleted' && by !== 'somebody')
    .filter(({ by, resource }) => by !== resource.owner && by !== `controllers of drill-${resource.owner.slice(-6)}`)
    .map(({ by, resource }) =>
      violated('nothing-foreign', `${by} deleted ${resource.arn}, which is of ${resource.owner}`),
    );
}

function oneRecord({ executions, stories }: Aftermath): Violation[] {
  const open = stories
    .filter(({ record }) => record.status !== 'closed' || record.verdict === undefined)
    .map(({ record }) => violated('one-record', `${record.drillId} is still open, ${record.phase}`));
  // From Check readiness on there is a drill; an execution that never got there opened none.
  const unknown = executions
    .filter(({ machineArn, status, output }) => machineOf(machineArn) === 'Drill' && status === 'SUCCEEDED' && output)
    .filter(({ output }) => (JSON.parse(output!) as { verdict?: object }).verdict !== undefined)
    .filter((execution) => !stories.some(({ record }) => record.drillId === drillOf(execution)))
    .map(({ arn }) => violated('one-record', `${arn} ended green without a record`));
  return [...open, ...unknown];
}

function leaseFree({ leases, slots }: Aftermath): Violation[] {
  return [
    ...leases.map(({ target, drillId }) => violated('lease-free', `${drillId} holds the lease of ${target}`)),
    ...slots.map(({ slot, drillId }) => violated('lease-free', `${drillId} holds slot ${slot}`)),
  ];
}

interface StoredReport {
  readonly verdict?: { readonly outcome?: string };
}

function oneReport(
  { record, failures }: DrillStory,
  { alarms, mails, plan, report, executions }: Aftermath,
): Violation[] {
  const { drillId, settings, target, verdict } = record;
  const stored = report(reportKeyOf(target, drillId, 'json'));
  if (stored === undefined) return [violated('one-report', `${drillId} is closed and has no report`)];
  const outcome = (JSON.parse(stored) as StoredReport).verdict?.outcome;
  if (outcome !== verdict?.outcome) {
    return [violated('one-report', `the report of ${drillId} says ${outcome}, and its record ${verdict?.outcome}`)];
  }
  const execution = executions.find(({ arn }) => arn === record.executionArn);
  if (execution?.status === 'ABORTED' && verdict?.outcome !== 'failed' && !wasReported(record)) {
    return [violated('one-report', `${drillId} was aborted, and its report does not say so`)];
  }
  if (verdict?.outcome === 'failed' && failures.length === 0 && verdict.reasons.length === 0) {
    return [violated('one-report', `the report of ${drillId} does not say why it failed`)];
  }
  return settings.report.to.flatMap((recipient) => mailsTo(recipient, record, { alarms, mails, plan }));
}

/** Aborted after everything was told: the abort changed nothing. */
function wasReported({ mail }: DrillStory['record']): boolean {
  return mail !== undefined;
}

function mailsTo(
  recipient: string,
  { drillId, target }: DrillStory['record'],
  { alarms, mails, plan }: Pick<Aftermath, 'alarms' | 'mails' | 'plan'>,
): Violation[] {
  // Only the report of the drill itself links to it; that of a later one may name the drill as well.
  const link = encodeURIComponent(reportKeyOf(target, drillId, 'html'));
  const reports = mails.filter(({ to, text }) => to === recipient && text.includes(link));
  if (reports.length === 0) {
    return alarms.some((alarm) => alarm === 'Unsent report' || alarm === 'Failed teardown' || alarm === 'Failed drill')
      ? []
      : [violated('one-report', `${recipient} got no report of ${drillId}, and no alarm says so`)];
  }
  // SES takes a mail at least once: who dies between sending and noting it sends it again.
  const mayDouble = plan.faults.some(({ state }) => state === 'Send report' || state === 'Judge drill');
  if (reports.length === 1 || (mayDouble && reports.length <= 3)) return [];
  return [violated('one-report', `${recipient} got ${reports.length} reports of ${drillId}`)];
}

function redIfRed(
  { record, failures }: DrillStory,
  { account, executions, plan, stories: _all }: Aftermath,
): Violation[] {
  const { drillId, executionArn, layers, verdict } = record;
  const execution = executions.find(({ arn }) => arn === executionArn);
  const isGreen = verdict?.outcome !== 'failed';
  const missing = LAYERS.filter((layer) => layers[layer] === undefined);
  const left = account.list().filter(({ owner }) => owner === drillId);
  const found: string[] = [];
  if (!isGreen && execution?.status === 'SUCCEEDED') found.push('its execution is green and its verdict failed');
  if (isGreen && execution?.status === 'FAILED') found.push('its verdict is green and its execution failed');
  if (isGreen && missing.length > 0) found.push(`its verdict is green and ${missing.join(', ')} never was healthy`);
  // A teardown that failed at first and left nothing in the end is told as a finding.
  // What comes after the verdict hides it no more than it changes it: a report that could not be mailed.
  const failure = failures.find(({ cause, where }) => cause !== 'teardown' && where !== 'Send report');
  if (isGreen && failure) found.push(`its verdict is green and it notes: ${failure.sentence}`);
  if (isGreen && plan.scenery.sick !== undefined) found.push(`its verdict is green and ${plan.scenery.sick} is sick`);
  if (isGreen && left.length > 0) found.push(`its verdict is green and ${left[0]!.arn} is left`);
  return found.map((sentence) => violated('red-if-red', `${drillId}: ${sentence}`));
}

function applyOnce({ terraformRuns }: Aftermath): Violation[] {
  const applies = terraformRuns.filter(({ command }) => command === 'apply');
  return applies.flatMap((apply, index) => {
    const { drillId, from, to = from } = apply;
    const again = applies.slice(index + 1).some((other) => other.drillId === drillId);
    const beside = terraformRuns.some(
      (other) =>
        other.command === 'destroy' && other.drillId === drillId && other.from < to && (other.to ?? Infinity) > from,
    );
    return [
      ...(again ? [violated('apply-once', `terraform apply ran twice for ${drillId}`)] : []),
      ...(beside ? [violated('apply-once', `terraform apply ran beside a destroy of ${drillId}`)] : []),
    ];
  });
}

function oneAtATime({ stories, terraformRuns }: Aftermath): Violation[] {
  const found: Violation[] = [];
  const applied = stories.flatMap(({ record }) => {
    const run = terraformRuns.find(({ command, drillId }) => command === 'apply' && drillId === record.drillId);
    return run ? [{ record, from: run.from, to: Date.parse(record.closedAt ?? '9999-01-01') }] : [];
  });
  for (const one of applied) {
    for (const other of applied) {
      const isSame = one === other || one.record.target !== other.record.target;
      if (isSame || one.from > other.from || other.from >= one.to) continue;
      found.push(
        violated('one-at-a-time', `${other.record.drillId} was built while ${one.record.drillId} was not closed`),
      );
    }
  }
  const times = stories.flatMap(({ record }) => (record.scheduledAt === undefined ? [] : [record]));
  const twice = times.find(({ target, scheduledAt }, index) =>
    times.slice(index + 1).some((other) => other.target === target && other.scheduledAt === scheduledAt),
  );
  if (twice) found.push(violated('one-at-a-time', `${twice.target} was drilled twice for ${twice.scheduledAt}`));
  return found;
}

function settled({ executions, runningBuilds }: Aftermath): Violation[] {
  const running = executions.filter(({ status }) => status === 'RUNNING');
  if (running.length === 0 && runningBuilds === 0) return [];
  return [violated('settled', `${running.length} executions and ${runningBuilds} builds still run`)];
}
