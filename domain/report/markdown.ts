import { instantWords } from '../clock';
import { OUTCOME_WORDS } from './words';
import { sectionsOf, type Item, type Section } from './sections';
import type { Report } from './report';

/** The report as Markdown, for an issue, a wiki or a chat. */
export function renderMarkdown(report: Report): string {
  const { record, verdict, links } = report;
  return [
    `# ${OUTCOME_WORDS[verdict.outcome]}: drill of ${escape(record.target)}`,
    '',
    ...verdict.reasons.map((reason) => `- ${escape(reason)}`),
    '',
    `Drill \`${record.drillId}\` of commit \`${record.commit ?? record.ref}\`, opened ${instantWords(record.openedAt)}. [Execution](${links.execution})`,
    ...sectionsOf(report).flatMap((section) => ['', `## ${section.title}`, '', ...body(section)]),
    '',
    `[Full report](${links.report}), [evidence](${links.evidence})`,
    '',
  ].join('\n');
}

function body(section: Section): string[] {
  if (section.form === 'table') {
    const row = (cells: readonly string[]): string => `| ${cells.map((cell) => escape(cell)).join(' | ')} |`;
    return [row(section.columns), row(section.columns.map(() => '---')).replaceAll('\\', ''), ...section.rows.map(row)];
  }
  return section.items.length === 0 ? [section.none] : section.items.flatMap(itemLines);
}

function itemLines({ sentence, details, link }: Item): string[] {
  return [
    `- ${escape(sentence)}`,
    ...details.map((detail) => `  - ${escape(detail)}`),
    ...(link ? [`  - [${link.text}](${link.url})`] : []),
  ];
}

/** Text that can change neither the structure of the document nor become HTML. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`).replaceAll(/\s*\n\s*/g, ' ');
}
