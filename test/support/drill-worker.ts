import { reportKeyOf } from '../../domain/names';
import { WholeDrill, type WholeDrillOptions } from '../../local/whole-drill';
import type { DrillOutcome, DrillRequest } from './drilled';

/**
 * Runs whole drills one after the other in one warm process, and prints each outcome as a line of JSON. Jest runs every
 * module in a context of its own, in which the same drills take twice as long.
 */
async function work(requests: readonly DrillRequest[]): Promise<void> {
  for (const { name, input, ...options } of requests) {
    const outcome = await drill(options, input ?? {});
    process.stdout.write(`${JSON.stringify({ name, ...outcome })}\n`);
  }
}

async function drill(
  options: Omit<WholeDrillOptions, 'config'> & { readonly replace?: readonly (readonly [string, string])[] },
  input: unknown,
): Promise<DrillOutcome> {
  const { replace, ...rest } = options;
  const config = replace && ((text: string) => replace.reduce((edited, [from, to]) => edited.replace(from, to), text));
  const whole = await WholeDrill.open({ ...rest, ...(config ? { config } : {}) });
  try {
    const { story, execution } = await whole.run(input);
    const { history, evidence } = whole.connection;
    return {
      story,
      execution,
      leftovers: whole.leftovers(),
      mails: whole.mails.map(({ to, subject, text, html = '' }) => ({ to, subject, text: text ?? '', html })),
      isLeaseFree: (await history.lease(story.record.target)) === undefined,
      openDrills: (await history.openDrills()).length,
      report: JSON.parse(
        (await evidence.get(reportKeyOf(story.record.target, story.record.drillId, 'json'))) ?? '{}',
      ) as unknown,
    };
  } finally {
    await whole.close();
  }
}

void work(JSON.parse(process.argv[2] ?? '[]') as DrillRequest[]);
