import { instantWords } from '../clock';
import { formatDuration } from '../duration';
import { escapeHtml } from '../escape-html';
import { sectionsOf, type Item, type Section } from './sections';
import { renderTimeline } from './timeline';
import { ended, OUTCOME_WORDS, STATUS_SIGNS, subjectOf, unbroken } from './words';
import type { Report, ReportedLayer } from './report';

const STYLE = `
:root{--ok:#1a7f4b;--warn:#9a6700;--bad:#b3261e;--ink:#1f2933;--soft:#52606d;--line:#e4e7eb}
body{margin:0;background:#f4f5f7;color:var(--ink);font:15px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px;background:#fff}
header{padding:20px 24px;margin:-24px -24px 24px;color:#fff;background:var(--verdict)}
header h1{margin:0;font-size:26px}header p{margin:4px 0 0}
h2{font-size:18px;margin:28px 0 8px;border-bottom:2px solid var(--line);padding-bottom:4px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;font-size:13px}td{font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
li{margin-bottom:6px;word-break:break-word}.soft{color:var(--soft)}.bad{color:var(--bad)}
.timeline{overflow-x:auto}.timeline svg{min-width:760px;width:100%;height:auto}
@media (max-width:600px){main{padding:14px}header{margin:-14px -14px 16px;padding:16px 14px}table{display:block;overflow-x:auto}th,td{padding:5px 6px;font-size:12px}dl{grid-template-columns:1fr}dd{margin-bottom:6px}}
@media print{body{background:#fff}main{padding:0}}`;

const VERDICT_COLOUR = { passed: 'var(--ok)', 'passed-with-findings': 'var(--warn)', failed: 'var(--bad)' } as const;

/** The full report as one HTML page without any outside resource or script: it reads the same in a year, from a disk. */
export function renderPage(report: Report): string {
  const { record, verdict } = report;
  const [time, ...more] = sectionsOf(report);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(subjectOf(report))}</title><style>${STYLE}</style></head>
<body style="--verdict:${VERDICT_COLOUR[verdict.outcome]}"><main>
<header><h1>${OUTCOME_WORDS[verdict.outcome]}: drill of ${escapeHtml(record.target)}</h1>${verdict.reasons.map((reason) => `<p>${escapeHtml(ended(reason))}</p>`).join('')}</header>
${facts(report)}
${headed(time!)}
<h2>Timeline</h2><div class="timeline">${renderTimeline(report.spans, record.closedAt ?? record.openedAt)}</div>
${more.map(headed).join('\n')}
<h2>Components</h2>${report.layers.map(components).join('')}
</main></body></html>
`;
}

function facts({ record, links, previous }: Report): string {
  const rows: [string, string][] = [
    ['Drill', record.drillId],
    ['Repository', record.settings.repository],
    ['Commit', record.commit === undefined ? `${record.ref}, not resolved` : `${record.commit} (${record.ref})`],
    [
      'Opened',
      `${instantWords(record.openedAt)}, ${record.trigger === 'schedule' ? `by its schedule (${instantWords(record.scheduledAt ?? record.openedAt)})` : 'on demand'}`,
    ],
    ['Closed', record.closedAt ? instantWords(record.closedAt) : 'not yet'],
    ['Cluster', `${record.clusterName} in ${record.settings.region}, account ${record.settings.account}`],
    [
      'Compared with',
      previous
        ? `${previous.drillId} (${OUTCOME_WORDS[previous.verdict?.outcome ?? 'failed']})`
        : 'nothing: this is the first drill of the target',
    ],
  ];
  const pages = `<dt>In the console</dt><dd>${anchor(links.execution, 'Execution')}, ${anchor(links.evidence, 'Evidence')}</dd>`;
  return `<dl>${rows.map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text)}</dd>`).join('')}${pages}</dl>`;
}

function headed(section: Section): string {
  return `<h2>${escapeHtml(section.title)}</h2>${body(section)}`;
}

function body(section: Section): string {
  if (section.form === 'table') {
    return `<table><thead><tr>${cells('th', section.columns)}</tr></thead><tbody>${section.rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</tbody></table>`;
  }
  if (section.items.length === 0) return `<p class="soft">${escapeHtml(section.none)}</p>`;
  return `<ul>${section.items.map(item).join('')}</ul>`;
}

function cells(tag: 'th' | 'td', row: readonly string[]): string {
  return row.map((cell) => `<${tag}>${unbroken(escapeHtml(cell))}</${tag}>`).join('');
}

function item({ sentence, details, link }: Item): string {
  const lines = details.map((detail) => `<br><span class="soft">${escapeHtml(detail)}</span>`).join('');
  const more = link ? `<br>${anchor(link.url, link.text)}` : '';
  return `<li>${escapeHtml(sentence)}${lines}${more}</li>`;
}

function anchor(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function components({ layer, status, components: list }: ReportedLayer): string {
  if (list.length === 0) return `<p>${STATUS_SIGNS[status]} ${layer} <span class="soft">${status}</span></p>`;
  const rows = list
    .map(
      (component) =>
        `<tr><td>${escapeHtml(component.name)}${component.listed || layer === 'cluster' ? '' : ' <span class="soft">(not listed)</span>'}</td><td${component.status === 'healthy' ? '' : ' class="bad"'}>${component.status}</td><td>${component.seconds === undefined ? '–' : unbroken(formatDuration(component.seconds))}</td><td>${escapeHtml(component.reason)}</td></tr>`,
    )
    .join('');
  return `<h3>${STATUS_SIGNS[status]} ${layer}</h3><table><thead><tr><th>Component</th><th>Status</th><th>Took</th><th>Reason</th></tr></thead><tbody>${rows}</tbody></table>`;
}
