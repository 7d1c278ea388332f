import { escapeHtml } from './escape-html';
import type { DrillRecord, ManualStep } from './record';

/** The mail that asks a person for a declared manual step; the drill waits until it is confirmed. */
export function manualStepMail(record: DrillRecord, step: ManualStep): { subject: string; html: string; text: string } {
  const command = `npm run drill -- confirm ${record.drillId} ${step.name}`;
  const lines = [
    `Drill ${record.drillId} of ${record.target} has reached the ${step.layer} layer and waits for a person${step.owner ? ` (${step.owner})` : ''}:`,
    step.description,
    'When it is done, confirm it with:',
    command,
    'The time until then is booked as human time.',
  ];
  return {
    subject: `[cluster-drill] ${record.target}: a manual step waits for you: ${step.name}`,
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html><html><body style="font-family:sans-serif">${lines
      .map((line) => (line === command ? `<pre>${escapeHtml(line)}</pre>` : `<p>${escapeHtml(line)}</p>`))
      .join('')}</body></html>`,
  };
}
