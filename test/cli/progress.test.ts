import pc from 'picocolors';
import { historyTable } from '../../cli/history-table';
import { progressLines } from '../../cli/progress-lines';
import { progressView } from '../../cli/progress-view';
import { summary } from '../../cli/summary';
import { layerTime, minute, sampleProgress, sampleRecord, sampleStory } from '../support/story';

const colours = pc.createColors(false);
const awaiting = sampleStory({
  record: sampleRecord({ phase: 'awaiting-foundation', layers: { cluster: layerTime('cluster', 5, 15) } }),
  layers: [
    sampleProgress('foundation', [{ name: 'traefik' }, { name: 'external-dns', status: 'progressing' }], {
      status: 'progressing',
      reason: 'foundation waits for external-dns',
      awaitedSince: minute(20),
    }),
  ],
});

test('the live view shows healthy layers, what the awaited one waits for, and those that are to come', () => {
  const lines = progressView(awaiting, new Date(minute(27.5)), 0, { colours, columns: 100 });
  expect(lines[0]).toBe('⠋ example at 0123456  awaiting foundation  27m 30s of drill time');
  expect(lines[1]).toMatch(/✓ cluster +15m 00s +█{12}░{8} of 25m 00s$/);
  expect(lines[2]).toMatch(/⠋ foundation +7m 30s +█{10}░{10} of 15m 00s$/);
  expect(lines[3]).toBe('      ✓ traefik  … external-dns');
  expect(lines[4]).toBe('      foundation waits for external-dns');
  expect(lines.slice(5)).toEqual(['  · platform     ', '  · applications ']);
});

test('components and reasons that are too long for a line go on in the next, the reasons for three lines', () => {
  const components = ['traefik', 'external-dns', 'cilium'].map((name) => ({ name }));
  const reason = `foundation waits for ${'traefik and '.repeat(20)}cilium`;
  const layers = [
    sampleProgress('foundation', components, { status: 'progressing', reason, awaitedSince: minute(20) }),
  ];
  const lines = progressView({ ...awaiting, layers }, new Date(minute(27)), 0, { colours, columns: 40 });
  expect(lines.slice(3, 8)).toEqual([
    '      ✓ traefik  ✓ external-dns',
    '      ✓ cilium',
    '      foundation waits for traefik and',
    '      traefik and traefik and traefik',
    '      and traefik and traefik and…',
  ]);
  const failed = [sampleProgress('foundation', [], { status: 'failed', reason, awaitedSince: minute(20) })];
  const end = progressView({ ...awaiting, layers: failed }, new Date(minute(27)), 0, { colours, columns: 40 });
  expect(end.slice(2, 6)).toEqual(['  ✗ foundation', ...lines.slice(5, 8)]);
});

test('no line is wider than the terminal, or the redraw would break', () => {
  for (const line of progressView(awaiting, new Date(minute(27)), 0, { colours, columns: 30 })) {
    expect([...line].length).toBeLessThan(30);
  }
});

test('plain lines say what changed since the last reading, each once', () => {
  const first = progressLines(undefined, awaiting, new Date(minute(21)));
  expect(first).toContain('[21m 00s]  foundation: traefik is healthy');
  expect(first).toContain('[21m 00s]  cluster layer healthy in 15m 00s (objective 25m 00s)');
  expect(progressLines(awaiting, awaiting, new Date(minute(22)))).toEqual([]);
  const failed = {
    ...awaiting,
    failures: [
      { where: 'x', cause: 'component' as const, sentence: 'external-dns crashes', at: minute(23), evidence: [] },
    ],
  };
  expect(progressLines(awaiting, failed, new Date(minute(23)))).toEqual(['[23m 00s]  failed: external-dns crashes']);
  const tornDown = { ...failed, record: { ...failed.record, phase: 'stopping-builds' as const } };
  expect(progressLines(awaiting, tornDown, new Date(minute(23)))).toEqual([
    '[23m 00s]  failed: external-dns crashes',
    '[23m 00s]  stopping builds',
  ]);
});

test('the summary ends with verdict, reasons and the table of layer times', () => {
  const record = sampleRecord({
    verdict: { outcome: 'failed', reasons: ['external-dns crashes'] },
    layers: { cluster: layerTime('cluster', 5, 15) },
  });
  const text = summary(sampleStory({ record, layers: [] }), undefined, { colours });
  expect(text).toContain(`✗ Failed: drill ${record.drillId}\n  external-dns crashes.`);
  expect(text).toMatch(/✓ cluster +15m 00s +25m 00s +10m 00s under/);
  expect(text).toMatch(/– foundation +not reached/);
});

test('the history is a table with a row per drill, open ones by their phase', () => {
  const table = historyTable([
    sampleRecord({ phase: 'draining' }),
    sampleRecord({ verdict: { outcome: 'passed', reasons: ['x'] } }),
  ]);
  expect(table.split('\n')[1]).toMatch(/draining +15m 00s/);
  expect(table.split('\n')[2]).toMatch(/Passed +15m 00s/);
  expect(historyTable([])).toBe('No drills yet.\n');
});

test('the summary says what determined the time', () => {
  const startedAt = minute(45);
  const layers = [
    sampleProgress('platform', [
      { name: 'prometheus', startedAt, healthyAt: minute(60) },
      { name: 'loki', startedAt, healthyAt: minute(58) },
    ]),
    sampleProgress('applications', [{ name: 'web', startedAt: minute(65), healthyAt: minute(80) }]),
  ];
  const text = summary(sampleStory({ layers }), undefined, { colours });
  expect(text).toMatch(/What determined the time\n.*\n[^]*prometheus +platform +15m 00s +20 % +loki \(2m 00s\)\n/);
});
