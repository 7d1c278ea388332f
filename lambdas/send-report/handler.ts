import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { DrillError, ErrorName, messageOf } from '../../domain/errors';
import { REPORT_FORMATS, reportKeyOf, type ReportFormat } from '../../domain/names';
import { previousOf } from '../../domain/previous-drill';
import type { DrillStory } from '../../domain/record';
import { renderJson } from '../../domain/report/json';
import { renderMail } from '../../domain/report/mail';
import { renderMarkdown } from '../../domain/report/markdown';
import { renderPage } from '../../domain/report/page';
import { reportOf, type Report } from '../../domain/report/report';
import { lambdaEntry } from '../lambda-entry';
import { storyOf } from '../story-of';
import { environmentSchema } from './environment';

const eventSchema = z.object({ drillId: z.string(), executionArn: z.string() });

/**
 * An execution that claimed the report and has not mailed after this long is dead: seven tries of this Lambda of a
 * minute each, and two minutes between them (`lib/story-tasks.ts`), rounded up.
 */
const CLAIM_MILLISECONDS = 10 * 60_000;

/**
 * *Send report*: renders, stores, then mails, in this order, so that a refused mail loses nothing. Run again, it renders
 * anew but mails only to those that the first run did not reach. When two executions close a drill at the same time,
 * both store, and one of them mails.
 * @throws DrillError `MailRefused` when a recipient could not be mailed to; all others were.
 */
export async function sendReport({ drillId, executionArn }: z.infer<typeof eventSchema>, host: Host): Promise<void> {
  const { clock, history, log } = host;
  const now = clock.now();
  const staleAt = new Date(now.getTime() - CLAIM_MILLISECONDS).toISOString();
  const mayMail = await history.claimReport(drillId, { by: executionArn, at: now.toISOString() }, staleAt);
  // Read after the claim: it shows the mails of whoever had it before.
  const story = await storyOf(history, drillId);
  const report = reportOf(story, await previousOf(host.history, story.record));
  await store(report, story, host);
  if (mayMail) await mail(report, host);
  else log(`another execution mails the report of ${drillId}`);
  await history.change(drillId, { phase: 'closed' });
}

async function store(report: Report, story: DrillStory, { evidence }: Host): Promise<void> {
  const bodies: Record<ReportFormat, string> = {
    html: renderPage(report),
    md: renderMarkdown(report),
    json: renderJson(report, story),
  };
  for (const format of Object.keys(REPORT_FORMATS) as ReportFormat[]) {
    await evidence.put(
      reportKeyOf(story.record.target, story.record.drillId, format),
      bodies[format],
      REPORT_FORMATS[format],
    );
  }
}

async function mail(report: Report, { clock, history, log, mailer }: Host): Promise<void> {
  const { drillId, settings, mail: before } = report.record;
  const { from, to } = settings.report;
  const again = before && [...before.refused, ...(before.unreached ?? [])];
  const due = again ? to.filter((recipient) => again.includes(recipient)) : to;
  const messageIds: string[] = [...(before?.messageIds ?? [])];
  const refusals = new Map<string, string>();
  const unreached: string[] = [];
  let trouble: unknown;
  const rendered = renderMail(report);
  for (const recipient of due) {
    try {
      messageIds.push(await mailer.send({ from, to: recipient, ...rendered }));
    } catch (error) {
      if (!(error instanceof DrillError)) {
        trouble ??= error;
        unreached.push(recipient);
        continue;
      }
      refusals.set(recipient, messageOf(error));
      log(`the report of ${drillId} was refused for ${recipient}: ${messageOf(error)}`);
    }
  }
  await history.change(drillId, {
    mail: {
      sentAt: clock.now().toISOString(),
      messageIds,
      refused: [...refusals.keys()],
      ...(unreached.length > 0 && { unreached }),
    },
  });
  if (unreached.length > 0) throw trouble;
  if (refusals.size > 0) {
    await history.change(drillId, { phase: 'closed' });
    throw new DrillError(
      ErrorName.MailRefused,
      `The report of ${drillId} could not be mailed: ${[...refusals].map(([to, why]) => `${to}: ${why}`).join('; ')}`,
    );
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: sendReport });
