import { escapeHtml } from './escape-html';

/** Something of a drill that nothing of cluster-drill will remove any more. */
export interface Abandoned {
  /** As the tag names it. */
  readonly drillId: string;
  /** ARNs. */
  readonly resources: readonly string[];
  /** Half a sentence. */
  readonly why: string;
}

/** What is told once of each: its resources, and a drill without any for itself. */
export function subjectsOf({ drillId, resources }: Abandoned): readonly string[] {
  return (resources.length > 0 ? resources : [drillId]).map((what) => `abandoned/${what}`);
}

/** Names the lines of the log that the alarm counts (`$.notice`), one for each resource. */
export const ABANDONED_NOTICE = 'abandoned-resource';

/** The mail that lists what a person must remove. */
export function abandonedMail(all: readonly Abandoned[]): { subject: string; html: string; text: string } {
  const count = all.reduce((sum, { resources }) => sum + Math.max(1, resources.length), 0);
  const paragraphs = all.map(
    ({ drillId, resources, why }) => `Of drill ${drillId}: ${why}.\n${resources.map((arn) => `  ${arn}\n`).join('')}`,
  );
  const lines = [
    'The patrol of cluster-drill found resources of drills that it will not remove. They cost money until somebody does.',
    ...paragraphs,
    'What to do: docs/runbook.md, "Abandoned resources". This is told once; the alarm stays until they are gone.',
  ];
  return {
    subject: `[cluster-drill] ${count === 1 ? 'one resource is' : `${count} resources are`} left, and nothing will remove ${count === 1 ? 'it' : 'them'}`,
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html><html><body style="font-family:sans-serif">${lines
      .map((line) => `<p style="white-space:pre-wrap">${escapeHtml(line)}</p>`)
      .join('')}</body></html>`,
  };
}
