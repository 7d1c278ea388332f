import { renderJson } from '../../../domain/report/json';
import { MAX_HTML_BYTES, renderMail } from '../../../domain/report/mail';
import { renderMarkdown } from '../../../domain/report/markdown';
import { renderPage } from '../../../domain/report/page';
import { reportOf } from '../../../domain/report/report';
import type { DrillStory, Failure, Leak } from '../../../domain/record';
import { minute, sampleProgress, sampleRecord, sampleStory } from '../../support/story';

const times = { totalSeconds: 4_500, machineSeconds: 3_780, humanSeconds: 720 };
const failure: Failure = {
  where: 'provision-cluster',
  cause: 'terraform',
  sentence: 'NAT gateway <limit> reached',
  at: minute(30),
  evidence: ['drills/x/terraform.jsonl'],
  consoleUrl: 'https://example.com/?a=1&b=2',
};
const leak: Leak = {
  arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1',
  type: 'ec2:volume',
  layer: 'platform',
  reason: 'volume of claim monitoring/data',
  status: 'left',
  obstacle: 'VolumeInUse',
  monthlyCost: 1.9,
  createdAt: minute(40),
};
const story: DrillStory = sampleStory({
  record: sampleRecord({
    closedAt: minute(110),
    times,
    verdict: { outcome: 'failed', reasons: ['NAT gateway <limit> reached'] },
    teardown: {
      outcome: 'leaks-left',
      startedAt: minute(80),
      finishedAt: minute(100),
      notes: ['the drain was skipped: no cluster'],
    },
  }),
  failures: [failure],
  leaks: [leak],
  findings: [
    { id: 'a', severity: 'minor', title: 'small', mend: 'mend small' },
    { id: 'b', severity: 'critical', title: 'big', mend: 'mend big' },
  ],
  manualSteps: [
    {
      name: 'unseal',
      source: 'declared',
      layer: 'platform',
      description: 'Unseal Vault',
      status: 'confirmed',
      taskToken: 'secret-token',
      requestedAt: minute(30),
      confirmedAt: minute(42),
      confirmedBy: 'ana',
    },
  ],
  spans: [
    {
      id: 'l',
      kind: 'layer',
      name: 'cluster',
      layer: 'cluster',
      startedAt: minute(5),
      finishedAt: minute(20),
      outcome: 'succeeded',
    },
    {
      id: 'r',
      kind: 'resource',
      name: 'aws_eks_cluster.this',
      layer: 'cluster',
      startedAt: minute(6),
      finishedAt: minute(15),
      outcome: 'failed',
    },
  ],
  layers: [sampleProgress('cluster', [{ name: 'nodes', startedAt: minute(5), healthyAt: minute(20) }])],
});
const previous = sampleRecord({
  drillId: 'example-20260706-0600-ffffff',
  times: { ...times, totalSeconds: 4_380 },
  verdict: { outcome: 'passed', reasons: ['x'] },
});
const report = reportOf(story, previous);
const forms: [string, string][] = [
  ['mail', renderMail(report).html],
  ['text', renderMail(report).text],
  ['page', renderPage(report)],
  ['markdown', renderMarkdown(report)],
];

describe.each(forms)('the %s', (name, rendered) => {
  const plain = rendered.replaceAll('\\', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', ' ');

  test.each([
    ['the verdict and its reason', /failed[^]*NAT gateway <limit> reached/i],
    ['time against objective', /45m 00s under/],
    ['time against the previous drill', /2m 00s slower/],
    ['human time', /12m 00s/],
    ['what was manual', /Unseal Vault/],
    ['the evidence', /drills\/x\/terraform\.jsonl/],
    ['what is left, with its obstacle and cost', /vol-1[^]*\$1\.90 a month[^]*VolumeInUse/],
    ['what the teardown skipped', /the drain was skipped: no cluster/],
    ['findings, the gravest first', /critical: big[^]*minor: small/],
  ])('tells %s', (_, expected) => {
    expect(plain).toMatch(expected);
  });

  test('gives away no callback token', () => {
    expect(rendered).not.toContain('secret-token');
  });

  test('escapes what came from outside', () => {
    expect(name === 'text' || !rendered.includes('<limit>') || rendered.includes('\\<limit')).toBe(true);
  });
});

test('the mail uses no image, script, style sheet or outside resource', () => {
  expect(renderMail(report).html).not.toMatch(/<(img|script|style|link|svg)|url\(|class=/);
});

/** Far more than any drill has. */
const many = <Item>(item: (index: number) => Item): Item[] => Array.from({ length: 400 }, (_, index) => item(index));

test('the mail stays under its limit, however much there is to tell', () => {
  const long = '<&"'.repeat(400);
  const huge = reportOf({
    ...story,
    failures: many((index) => ({ ...failure, where: `w${index}`, sentence: long, evidence: [long, long] })),
    leaks: many((index) => ({ ...leak, arn: `${leak.arn}${index}${long}`, obstacle: long })),
    findings: many((index) => ({ id: `${index}`, severity: 'major', title: long, mend: long })),
  });
  const { html } = renderMail(huge);
  expect(Buffer.byteLength(html)).toBeLessThan(MAX_HTML_BYTES);
  expect(html).toMatch(/and \d+ more in the full report/);
});

function timed(name: string, from: number, to: number) {
  return { name, startedAt: minute(from), healthyAt: minute(to) };
}

describe('what determined the time', () => {
  const seconds = Array.from({ length: 9 }, (_, index) => ({
    ...story.spans[1]!,
    id: `resource-${index}`,
    name: `aws_route.${index}`,
    startedAt: minute(5 + index / 60),
    finishedAt: minute(5 + (index + 1) / 60),
    outcome: 'succeeded' as const,
  }));
  const layers = [
    sampleProgress('platform', [timed('prometheus', 45, 64), timed('loki', 45, 60)]),
    sampleProgress('applications', [timed('web', 65, 80)]),
  ];
  const whole = reportOf({ ...story, failures: [], spans: [...seconds, ...story.spans], layers });

  test.each([
    ['mail', renderMail(whole).html, 'prometheus</td>[^]*loki \\(4m&nbsp;00s\\)'],
    ['text', renderMail(whole).text, 'prometheus +platform +19m 00s +25 % +loki \\(4m 00s\\)'],
    ['page', renderPage(whole), 'prometheus</td>[^]*loki \\(4m&nbsp;00s\\)'],
    ['markdown', renderMarkdown(whole), '\\| prometheus \\| platform \\| 19m 00s \\| 25 % \\| loki \\(4m 00s\\)'],
    ['JSON', renderJson(whole, story), '"name": "prometheus"[^]*"share": 0\\.[^]*"next": {\\s+"name": "loki"'],
  ])('is told by the %s', (_, rendered, expected) => {
    expect(rendered).toMatch(new RegExp(expected));
  });

  test('puts short steps together, tells waits for people, and is shorter in the mail', () => {
    const { html, text } = renderMail(whole);
    expect(text).toMatch(/9 short steps +cluster +9s +< 1 %/);
    expect(text).toMatch(/waiting for a person: unseal +platform +12m 00s +16 %/);
    expect(html.match(/short steps/g)).toHaveLength(1);
  });

  test('of a failed drill leads to what broke it, and is marked without colour', () => {
    const { applications: _none, ...reached } = sampleRecord().layers;
    const failed = reportOf({ ...story, record: { ...story.record, layers: reached } });
    expect(renderMarkdown(failed)).toMatch(
      /## What the time went to until it broke[^]*\| ✗ aws\\_eks\\_cluster.this \|/,
    );
  });

  test('of a drill that built nothing is left out', () => {
    const { bootstrapStartedAt: _none, ...record } = story.record;
    expect(renderMarkdown(reportOf({ ...story, record: { ...record, layers: {} } }))).not.toContain('the time went to');
  });
});

test('the subject says verdict, target and time', () => {
  expect(renderMail(report).subject).toBe('[cluster-drill] Failed: example in 1h 15m (2026-10-05)');
});

test('the page has a timeline with every layer and long part, and marks failed ones without colour', () => {
  const page = renderPage(report);
  expect(page).toContain('<svg');
  expect(page).toMatch(/✗ aws_eks_cluster\.this/);
  expect(page).toContain('resource aws_eks_cluster.this: 9m 00s, failed');
});

test('the timeline keeps the parts of the teardown apart from those of the layer, and leaves out the shortest', () => {
  const destroyed = Array.from({ length: 20 }, (_, index) => ({
    id: `d${index}`,
    kind: 'teardown' as const,
    name: `aws_subnet.${index}`,
    layer: 'cluster' as const,
    startedAt: minute(90),
    finishedAt: minute(91 + index),
    outcome: 'succeeded' as const,
  }));
  const page = renderPage(reportOf({ ...story, spans: [...destroyed, ...story.spans] }));
  expect(page.indexOf('aws_eks_cluster.this')).toBeLessThan(page.indexOf('aws_subnet.19'));
  expect(page).not.toContain('aws_subnet.0<');
});

test('a figure at the right edge of the timeline stands before its bar', () => {
  const late = {
    ...story.spans[1]!,
    id: 'late',
    name: 'aws_vpc.this',
    startedAt: minute(109),
    finishedAt: minute(110),
  };
  expect(renderPage(reportOf({ ...story, spans: [...story.spans, late] }))).toMatch(
    /aws_vpc\.this<[^]*text-anchor="end"[^>]*>1m 00s/,
  );
});

test('a layer whose Terraform failed before anybody waited for it has failed', () => {
  const early = sampleStory({
    record: sampleRecord({ layers: {} }),
    layers: [],
    failures: [{ ...failure, layer: 'cluster' }],
  });
  expect(reportOf(early).layers.map(({ status }) => status)).toEqual([
    'failed',
    'not reached',
    'not reached',
    'not reached',
  ]);
});

test('what the teardown had to skip does not stand for something that is left', () => {
  const nothingLeft = sampleStory({
    record: sampleRecord({ teardown: { ...story.record.teardown!, outcome: 'nothing-left' } }),
  });
  expect(renderMarkdown(reportOf(nothingLeft))).toContain(
    '- Nothing: the inventory after teardown is empty.\n- Teardown: the drain was skipped: no cluster',
  );
});

test('what is left is added up', () => {
  const two = reportOf({ ...story, leaks: [leak, { ...leak, arn: `${leak.arn}2` }] });
  expect(renderMarkdown(two)).toContain('- Together: 2 resources, $3.80 a month');
});

test('every form leads to the report, the evidence and the execution in the console', () => {
  for (const [, rendered] of forms) {
    expect(rendered).toContain(`${report.record.drillId}`);
    expect(rendered.replaceAll('&amp;', '&')).toContain(report.links.evidence);
    expect(rendered.replaceAll('&amp;', '&')).toContain(report.links.execution);
  }
});

test('the JSON is complete and without tokens', () => {
  const json = JSON.parse(renderJson(report, story)) as {
    schemaVersion: number;
    details: DrillStory;
    layers: unknown[];
  };
  expect(json).toMatchObject({
    schemaVersion: 1,
    verdict: { outcome: 'failed' },
    total: { seconds: 4_500, previousSeconds: 4_380 },
    details: { spans: story.spans },
  });
  expect(JSON.stringify(json)).not.toContain('secret-token');
});

test('the first drill of a target compares with nothing', () => {
  const first = reportOf(story);
  expect(first.total).not.toHaveProperty('previousSeconds');
  expect(renderPage(first)).toContain('this is the first drill of the target');
});

test('a layer that was never reached says so', () => {
  const { cluster } = sampleRecord().layers;
  const stopped = reportOf({ ...story, record: { ...story.record, layers: { cluster: cluster! } } });
  expect(stopped.layers.map(({ status }) => status)).toEqual(['healthy', 'not reached', 'not reached', 'not reached']);
});
