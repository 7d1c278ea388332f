import { instantWords } from '../clock';
import { formatDuration } from '../duration';
import { escapeHtml } from '../escape-html';
import { renderText } from './text';
import { againstObjective, comparison, ended, OUTCOME_WORDS, STATUS_SIGNS, subjectOf, unbroken } from './words';
import { sectionsOf, type Item, type Section } from './sections';
import type { Report, ReportedLayer } from './report';

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/**
 * The most that one section lists and one text says in the mail. Gmail clips a message at about 102 KB, which would hide
 * the end of the report: 5 lists × 12 items × (5 lines of at most 240 characters, four-fold when all are escaped) would
 * still be too much, so `renderMail` lowers the count until the HTML is under `MAX_HTML_BYTES`.
 */
const MAX_ITEMS = 12;
const MAX_TEXT = 240;
/** Steps of the critical path that a mail names: at most twenty can have five percent each. */
const PATH_SHARE = 0.05;
export const MAX_HTML_BYTES = 90_000;

const COLOURS = {
  passed: '#1a7f4b',
  'passed-with-findings': '#9a6700',
  failed: '#b3261e',
} as const;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const CELL = 'padding:6px 4px;border-bottom:1px solid #e4e7eb;font-size:14px;vertical-align:top;text-align:left';

/**
 * The report as a mail that every client shows: tables and inline styles only, no image, no script, no style sheet; bars
 * are coloured table cells.
 */
export function renderMail(report: Report): RenderedMail {
  let html = '';
  for (let items = MAX_ITEMS; items >= 0; items = items > 4 ? items - 4 : items - 1) {
    html = mailHtml(report, items);
    if (Buffer.byteLength(html) < MAX_HTML_BYTES) break;
  }
  return { subject: subjectOf(report), html, text: renderText(report) };
}

function mailHtml(report: Report, maxItems: number): string {
  const { record, verdict, links } = report;
  const [time, ...more] = sectionsOf(report, PATH_SHARE);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subjectOf(report))}</title></head>
<body style="margin:0;padding:0;background:#f4f5f7;${FONT};color:#1f2933">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7"><tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" style="max-width:640px;width:100%;background:#ffffff">
<tr><td style="background:${COLOURS[verdict.outcome]};color:#ffffff;padding:20px 16px">
<div style="font-size:22px;font-weight:bold">${OUTCOME_WORDS[verdict.outcome]}</div>
<div style="font-size:15px;padding-top:4px">Drill of ${escapeHtml(record.target)}${report.total ? `: rebuilt in ${formatDuration(report.total.seconds)}` : ''}</div>
</td></tr>
<tr><td style="padding:16px">
${verdict.reasons
  .slice(0, maxItems || 1)
  .map((reason) => `<p style="margin:0 0 8px;font-size:15px;word-break:break-word">${ended(short(reason))}</p>`)
  .join('')}
<p style="margin:8px 0 0;font-size:13px;color:#52606d">${escapeHtml(record.drillId)} &middot; commit ${escapeHtml(record.commit?.slice(0, 12) ?? record.ref)} &middot; opened ${instantWords(record.openedAt)}</p>
</td></tr>
<tr><td style="padding:0 16px 16px">${heading(time!.title)}${layerTable(report)}</td></tr>
${more.map((section) => `<tr><td style="padding:0 16px 16px">${heading(section.title)}${bodyHtml(section, maxItems)}</td></tr>`).join('\n')}
<tr><td style="padding:16px;background:#f0f2f5;font-size:13px;color:#52606d">
${[
  ['Full report with timeline', links.report],
  ['Evidence', links.evidence],
  ['Execution', links.execution],
]
  .map(([text, url]) => `<a href="${escapeHtml(url!)}" style="color:#0b5cad">${text}</a>`)
  .join(' &middot; ')} in the console<br>
Without the console: <code>npm run drill -- report ${escapeHtml(record.drillId)} --format html --save report.html</code>
</td></tr>
</table></td></tr></table></body></html>
`;
}

function heading(title: string): string {
  return `<h2 style="font-size:16px;margin:8px 0">${escapeHtml(title)}</h2>`;
}

function layerTable(report: Report): string {
  const { total } = report;
  const head = ['', 'Took', 'Against objective', 'Against previous']
    .map((title) => `<th style="${CELL};color:#52606d;font-size:12px">${title}</th>`)
    .join('');
  const rows = report.layers.map(layerRow).join('');
  const sum = total
    ? `<tr><td style="${CELL};font-weight:bold">total</td><td style="${CELL};font-weight:bold">${formatDuration(total.seconds)}${total.humanSeconds > 0 ? `<br><span style="font-weight:normal;font-size:12px">of it ${formatDuration(total.humanSeconds)} waiting for people</span>` : ''}</td><td style="${CELL}">${bar(total.seconds, total.objectiveSeconds)}${againstObjective(total)} ${formatDuration(total.objectiveSeconds)}</td><td style="${CELL}">${comparison(total) || '&ndash;'}</td></tr>`
    : '';
  return `<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr>${head}</tr>${rows}${sum}</table>`;
}

function layerRow({ layer, status, time, objectiveSeconds }: ReportedLayer): string {
  const name = `<td style="${CELL}">${STATUS_SIGNS[status]} ${layer}</td>`;
  if (!time)
    return `<tr>${name}<td style="${CELL};color:${COLOURS.failed}">${status}</td><td style="${CELL}">objective ${formatDuration(objectiveSeconds)}</td><td style="${CELL}">&ndash;</td></tr>`;
  return `<tr>${name}<td style="${CELL}">${formatDuration(time.seconds)}</td><td style="${CELL}">${bar(time.seconds, objectiveSeconds)}${againstObjective(time)} ${formatDuration(objectiveSeconds)}</td><td style="${CELL}">${comparison(time) || '&ndash;'}</td></tr>`;
}

/** A bar of `seconds` against the objective: full width is the objective, red when over. */
function bar(seconds: number, objectiveSeconds: number): string {
  const percent = Math.max(1, Math.min(100, Math.round((seconds / objectiveSeconds) * 100)));
  const colour = seconds > objectiveSeconds ? COLOURS.failed : COLOURS.passed;
  const rest =
    percent < 100
      ? `<td width="${100 - percent}%" style="background:#e4e7eb;font-size:0;line-height:0;height:8px">&nbsp;</td>`
      : '';
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin-bottom:4px"><tr><td width="${percent}%" style="background:${colour};font-size:0;line-height:0;height:8px">&nbsp;</td>${rest}</tr></table>`;
}

function bodyHtml(section: Section, maxItems: number): string {
  if (section.form === 'table') return tableHtml(section.columns, section.rows.slice(0, maxItems));
  if (section.items.length === 0)
    return `<p style="margin:0;font-size:14px;color:#52606d">${escapeHtml(section.none)}</p>`;
  const shown = section.items.slice(0, maxItems);
  const more = section.items.length - shown.length;
  const rest =
    more > 0 ? `<p style="margin:4px 0 0;font-size:13px;color:#52606d">and ${more} more in the full report</p>` : '';
  return `<ul style="margin:0;padding-left:20px;font-size:14px">${shown.map(itemHtml).join('')}</ul>${rest}`;
}

function tableHtml(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = rowHtml('th', columns, `${CELL};color:#52606d;font-size:12px`);
  const body = rows.map((row) => rowHtml('td', row, `${CELL};font-size:13px`)).join('');
  return `<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse">${head}${body}</table>`;
}

function rowHtml(tag: 'th' | 'td', row: readonly string[], style: string): string {
  return `<tr>${row.map((cell) => `<${tag} style="${style}">${breakable(unbroken(short(cell)))}</${tag}>`).join('')}</tr>`;
}

/** Lets long names break between their words, so that a table fits a telephone. */
function breakable(html: string): string {
  return html.replaceAll(/(?<=\w)[_.-](?=\w)/g, '$&<wbr>');
}

function itemHtml({ sentence, details, link }: Item): string {
  const lines = details
    .slice(0, 4)
    .map((detail) => `<br><span style="color:#52606d;font-size:13px">${short(detail)}</span>`)
    .join('');
  const anchor = link
    ? `<br><a href="${escapeHtml(link.url)}" style="color:#0b5cad;font-size:13px">${escapeHtml(link.text)}</a>`
    : '';
  return `<li style="margin-bottom:6px;word-break:break-word">${short(sentence)}${lines}${anchor}</li>`;
}

function short(text: string): string {
  return escapeHtml(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
}
