import { reportOf } from '../domain/report/report';
import { textTable } from '../domain/report/text';
import { sectionsOf } from '../domain/report/sections';
import { ended, OUTCOME_WORDS } from '../domain/report/words';
import type { DrillRecord, DrillStory } from '../domain/record';
import type { Terminal } from './terminal';

/** How a drill ended: verdict with reasons, layer times, what broke and what to fix. */
export function summary(
  story: DrillStory,
  previous: DrillRecord | undefined,
  { colours }: Pick<Terminal, 'colours'>,
): string {
  const report = reportOf(story, previous);
  const { outcome, reasons } = report.verdict;
  const paint = { passed: colours.green, 'passed-with-findings': colours.yellow, failed: colours.red }[outcome];
  const sign = outcome === 'failed' ? '✗' : '✓';
  const [time, ...more] = sectionsOf(report);
  const table = time?.form === 'table' ? textTable([time.columns, ...time.rows]) : [];
  const shown = more.flatMap((section) =>
    section.form === 'table'
      ? ['', colours.bold(section.title), ...textTable([section.columns, ...section.rows])]
      : section.items.length > 0 && section.title !== 'What worked'
        ? [
            '',
            colours.bold(section.title),
            ...section.items.flatMap(({ sentence, details }) => [
              `  ${sentence}`,
              ...details.map((detail) => colours.dim(`    ${detail}`)),
            ]),
          ]
        : [],
  );
  return [
    paint(colours.bold(`${sign} ${OUTCOME_WORDS[outcome]}: drill ${story.record.drillId}`)),
    ...reasons.map((reason) => `  ${ended(reason)}`),
    '',
    ...table,
    ...shown,
    '',
  ].join('\n');
}
