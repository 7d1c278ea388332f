import { formatDuration } from '../duration';
import { instantWords, secondsBetween } from '../clock';
import { pathTitle } from '../critical-path';
import type { Failure, Leak, ManualStep } from '../record';
import { againstObjective, comparison, leftWords, STATUS_SIGNS } from './words';
import { PATH_COLUMNS, pathRows } from './path-rows';
import type { Report, ReportedLayer } from './report';

/**
 * The report as a form between model and text: headed sections of rows. HTML, plain text and Markdown lay out the same
 * sections, so no form of the report can say less than another.
 */
export type Section = { readonly title: string } & (
  | { readonly form: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly form: 'list'; readonly items: readonly Item[]; readonly none: string }
);

/** A point of a list: its sentence, then details, each on its own line; a link where there is one. */
export interface Item {
  readonly sentence: string;
  readonly details: readonly string[];
  readonly link?: { readonly text: string; readonly url: string };
}

/** Steps of the critical path below this part of the whole are put together. */
const SMALL_SHARE = 0.01;

/**
 * The sections of a report, in the order in which every form has them.
 * @param smallShare of the whole time (0 to 1): steps of the critical path below it are put together.
 */
export function sectionsOf(report: Report, smallShare = SMALL_SHARE): Section[] {
  return [
    {
      title: 'Time',
      form: 'table',
      columns: ['', 'Took', 'Objective', 'Against objective', 'Against previous'],
      rows: timeRows(report),
    },
    ...pathSection(report, smallShare),
    { title: 'What worked', form: 'list', items: report.worked.map(plain), none: 'Nothing that was drilled came up.' },
    ...overridesSection(report),
    {
      title: 'What was manual',
      form: 'list',
      items: report.manual.map(manualItem),
      none: 'Nothing: no manual step was declared, and none was seen.',
    },
    { title: 'What broke', form: 'list', items: report.broke.map(brokenItem), none: 'Nothing broke.' },
    {
      title: 'What is left behind',
      form: 'list',
      items: leftItems(report),
      none: NOTHING_LEFT,
    },
    {
      title: 'Findings to fix',
      form: 'list',
      items: report.findings.map((finding) => ({
        sentence: `${finding.severity}: ${finding.title}`,
        details: [finding.mend],
      })),
      none: 'None.',
    },
  ];
}

function pathSection({ path }: Report, smallShare: number): Section[] {
  if (!path) return [];
  return [{ title: pathTitle(path.complete), form: 'table', columns: PATH_COLUMNS, rows: pathRows(path, smallShare) }];
}

/** A drill that looks at less, or elsewhere, than the catalogue would says so; most drills have nothing to say here. */
function overridesSection({ overrides }: Report): Section[] {
  if (overrides.length === 0) return [];
  return [{ title: 'What was probed differently', form: 'list', items: overrides.map(plain), none: '' }];
}

function timeRows(report: Report): string[][] {
  const rows = report.layers.map((layer) => [`${STATUS_SIGNS[layer.status]} ${layer.layer}`, ...layerCells(layer)]);
  if (!report.total) return rows;
  const { total } = report;
  rows.push([
    'total',
    formatDuration(total.seconds),
    formatDuration(total.objectiveSeconds),
    againstObjective(total),
    comparison(total) || '–',
  ]);
  if (total.humanSeconds > 0) rows.push(['of it waiting for people', formatDuration(total.humanSeconds), '', '', '']);
  return rows;
}

function layerCells({ time, status, objectiveSeconds }: ReportedLayer): string[] {
  const objective = formatDuration(objectiveSeconds);
  return time
    ? [formatDuration(time.seconds), objective, againstObjective(time), comparison(time) || '–']
    : [status, objective, '–', '–'];
}

function plain(sentence: string): Item {
  return { sentence, details: [] };
}

function manualItem(step: ManualStep): Item {
  const waited =
    step.requestedAt && step.confirmedAt
      ? `The drill waited ${formatDuration(secondsBetween(step.requestedAt, step.confirmedAt))}${step.confirmedBy ? ` for ${step.confirmedBy}` : ''}.`
      : undefined;
  const details = [
    waited,
    step.status === 'expired' ? 'Nobody confirmed it in time.' : undefined,
    step.evidence,
  ].filter((detail) => detail !== undefined);
  return {
    sentence: `${step.source === 'detected' ? 'Undeclared' : 'Declared'}, ${step.layer} layer: ${step.description}`,
    details,
  };
}

function brokenItem(failure: Failure): Item {
  return {
    sentence: failure.sentence,
    details: [
      `Cause: ${failure.cause}${failure.layer ? `, in the ${failure.layer} layer` : ''}; seen in ${failure.where} at ${instantWords(failure.at)}`,
      ...failure.evidence.map((key) => `Evidence: ${key}`),
    ],
    ...(failure.consoleUrl ? { link: { text: 'Open in the console', url: failure.consoleUrl } } : {}),
  };
}

/** @param at when its age is counted: the end of the teardown. */
function leakItem(leak: Leak, at: string | undefined): Item {
  const cost = leak.monthlyCost === undefined ? 'no price known' : `$${leak.monthlyCost.toFixed(2)} a month`;
  const age = leak.createdAt && at ? ` (${formatDuration(secondsBetween(leak.createdAt, at))} old)` : '';
  const since = leak.createdAt ? `, since ${instantWords(leak.createdAt)}${age}` : ', age not known';
  return {
    sentence: leak.arn,
    details: [
      `${leak.type}${leak.layer ? ` of the ${leak.layer} layer` : ''}${since}; ${cost}`,
      leak.reason,
      ...(leak.obstacle ? [`Not deleted: ${leak.obstacle}`] : []),
    ],
  };
}

const NOTHING_LEFT = 'Nothing: the inventory after teardown is empty.';

/** What the teardown has to say comes after what is left, and never instead of it. */
function leftItems(report: Report): Item[] {
  const said = teardownItems(report);
  const nothing = said.length > 0 && report.teardown?.outcome === 'nothing-left' ? [plain(NOTHING_LEFT)] : [];
  const sum = report.left.length > 1 ? [plain(`Together: ${leftWords(report)}`)] : [];
  return [...report.left.map((leak) => leakItem(leak, report.teardown?.finishedAt)), ...sum, ...nothing, ...said];
}

function teardownItems({ teardown, swept }: Report): Item[] {
  if (!teardown) return [plain('The teardown did not come to its end: nobody knows what is left.')];
  return [
    ...teardown.notes.map((note) => plain(`Teardown: ${note}`)),
    ...(swept.length > 0
      ? [
          {
            sentence: `Only the sweep removed ${swept.length === 1 ? 'one resource' : `${swept.length} resources`}:`,
            details: swept.map((leak) => leak.arn),
          },
        ]
      : []),
  ];
}
