import type { Host } from '../adapters/host';
import { messageOf } from '../domain/errors';
import type { Targets } from '../domain/settings';

/**
 * Mails everybody who gets reports, unless all of the subjects were told before. The mail comes first and the note
 * after it: told twice after a crash in between is better than not at all.
 * @throws Error when nobody could be mailed to; it is then told next time.
 */
export async function tellOnce(
  subjects: readonly string[],
  mail: { readonly subject: string; readonly html: string; readonly text: string },
  targets: Targets,
  { clock, history, log, mailer }: Pick<Host, 'clock' | 'history' | 'log' | 'mailer'>,
): Promise<void> {
  const untold: string[] = [];
  for (const subject of subjects) if ((await history.toldAt(subject)) === undefined) untold.push(subject);
  if (untold.length === 0) return;

  const { from } = targets[0]!.report;
  const refusals: string[] = [];
  const recipients = [...new Set(targets.flatMap(({ report }) => report.to))];
  for (const to of recipients) {
    try {
      await mailer.send({ from, to, ...mail });
    } catch (error) {
      refusals.push(`${to}: ${messageOf(error)}`);
      log(`${to} could not be told: ${messageOf(error)}`);
    }
  }
  if (refusals.length === recipients.length)
    throw new Error(`Nobody could be told "${mail.subject}": ${refusals.join('; ')}`);
  for (const subject of untold) await history.noteTold(subject, clock.now().toISOString());
}
