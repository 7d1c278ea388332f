import { noticeMail } from './notice-mail';

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
export function abandonedMail(all: readonly Abandoned[]): ReturnType<typeof noticeMail> {
  const count = all.reduce((sum, { resources }) => sum + Math.max(1, resources.length), 0);
  const subject =
    count === 1
      ? 'one resource is left, and nothing will remove it'
      : `${count} resources are left, and nothing will remove them`;
  return noticeMail(subject, [
    'The patrol of cluster-drill found resources of drills that it will not remove. They cost money until somebody does.',
    ...all.map(({ drillId, resources, why }) => [`Of drill ${drillId}: ${why}.`, ...resources].join('\n')),
    'What to do: docs/runbook.md, "Abandoned resources". This is told once; the alarm stays until they are gone.',
  ]);
}
