import { instantWords } from '../clock';
import { ended, OUTCOME_WORDS } from './words';
import { sectionsOf, type Item, type Section } from './sections';
import type { Report } from './report';

/** The report as plain text, for the text part of the mail and for the terminal. */
export function renderText(report: Report): string {
  const { record, verdict, links } = report;
  return [
    `${OUTCOME_WORDS[verdict.outcome].toUpperCase()}: drill of ${record.target}`,
    ...verdict.reasons.map((reason) => `  ${ended(reason)}`),
    '',
    `Drill    ${record.drillId}`,
    `Commit   ${record.commit ?? `not resolved (${record.ref})`}`,
    `Opened   ${instantWords(record.openedAt)}${record.closedAt ? `, closed ${instantWords(record.closedAt)}` : ''}`,
    ...sectionsOf(report).flatMap((section) => ['', section.title.toUpperCase(), ...body(section)]),
    '',
    `Full report  ${links.report}`,
    `Evidence     ${links.evidence}`,
    `Execution    ${links.execution}`,
    '',
  ].join('\n');
}

function body(section: Section): string[] {
  if (section.form === 'table') return textTable([section.columns, ...section.rows]);
  return section.items.length === 0 ? [`  ${section.none}`] : section.items.flatMap(itemLines);
}

function itemLines({ sentence, details, link }: Item): string[] {
  return [`  * ${sentence}`, ...details.map((detail) => `    ${detail}`), ...(link ? [`    ${link.url}`] : [])];
}

/** Rows with their columns aligned, two spaces between them. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join('  ')}`.trimEnd(),
  );
}
