import { formatDuration } from '../duration';
import type { Verdict } from '../record';
import type { Measured, Report, ReportedLayer } from './report';

/** Words and figures that every form of the report uses alike. */
export const OUTCOME_WORDS: Record<Verdict['outcome'], string> = {
  passed: 'Passed',
  'passed-with-findings': 'Passed with findings',
  failed: 'Failed',
};

export const STATUS_SIGNS: Record<ReportedLayer['status'], string> = { healthy: '✓', failed: '✗', 'not reached': '–' };

/** `2m 10s slower`, `45s faster` or `the same`; empty without a previous drill. */
export function comparison({ seconds, previousSeconds }: Measured): string {
  if (previousSeconds === undefined) return '';
  const difference = Math.round(seconds - previousSeconds);
  if (difference === 0) return 'the same';
  return `${formatDuration(Math.abs(difference))} ${difference > 0 ? 'slower' : 'faster'}`;
}

/** `of 2h 00m objective`-style judgement: `8m 12s under` or `3m 00s over`. */
export function againstObjective({ seconds, objectiveSeconds }: Measured): string {
  const difference = objectiveSeconds - seconds;
  return `${formatDuration(Math.abs(difference))} ${difference >= 0 ? 'under' : 'over'}`;
}

/** The subject of the mail; the verdict comes first so that it is seen in a narrow list. */
export function subjectOf({ record, total, verdict }: Report): string {
  const took = total ? ` in ${formatDuration(total.seconds)}` : '';
  return `[cluster-drill] ${OUTCOME_WORDS[verdict.outcome]}: ${record.target}${took} (${record.openedAt.slice(0, 10)})`;
}

/** What is left in sum: `3 resources, $45.20 a month`. */
export function leftWords({ left, leftMonthlyCost }: Report): string {
  const cost = leftMonthlyCost > 0 ? `, $${leftMonthlyCost.toFixed(2)} a month` : '';
  return `${left.length} ${left.length === 1 ? 'resource' : 'resources'}${cost}`;
}

/** A sentence with its full stop; one of Terraform or Argo CD may bring its own. */
export function ended(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Keeps the two units of a duration in HTML on one line of a narrow column. */
export function unbroken(text: string): string {
  return text.replaceAll(/(\d[dhm]|&lt;) (?=\d)/g, '$1&nbsp;').replaceAll(/(\d) (?=%)/g, '$1&nbsp;');
}
