import type { DrillStory } from '../record';
import type { Report } from './report';

/** Version of the JSON report; it grows when a field changes its meaning or goes. */
const SCHEMA_VERSION = 1;

/** The report as JSON: what the other forms are made from, and the drill with everything in it. */
export function renderJson(report: Report, story: DrillStory): string {
  const { spans: _spans, ...summary } = report;
  const manualSteps = story.manualSteps.map(({ taskToken: _token, ...step }) => step);
  const { record: _record, ...details } = { ...story, manualSteps };
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...summary, manual: withoutTokens(report), details }, null, 2)}\n`;
}

/** A callback token lets its holder confirm a step, so it stays in the table. */
function withoutTokens({ manual }: Report): unknown[] {
  return manual.map(({ taskToken: _token, ...step }) => step);
}
