import { advance, type AdvanceOptions, type Decision } from '../../../domain/health/advance';
import { judgeApplication } from '../../../domain/health/argo-application';
import type { LayerReading } from '../../../domain/health/layer-reading';
import type { ComponentReading, LayerProgress } from '../../../domain/record';
import { layerProgressSchema } from '../../../domain/record';
import { series } from './recording';

const ZERO = Date.parse('2026-11-23T07:00:00Z');
const at = (second: number): Date => new Date(ZERO + second * 1000);

const options: Omit<AdvanceOptions, 'now'> = {
  requiredReads: 2,
  deadlineSeconds: 3600,
  objectiveSeconds: 1800,
  startedAt: at(-60).toISOString(),
};

function component(status: ComponentReading['status'], changes: Partial<ComponentReading> = {}): ComponentReading {
  return { name: 'kyverno', status, reason: `it is ${status}`, listed: true, blocking: [], ...changes };
}

type Read = ComponentReading['status'] | ComponentReading[] | { readonly obstacle: string };

/** Reads a layer at some seconds, one after the other, as the Lambda does. */
function readings(
  reads: readonly (readonly [second: number, read: Read])[],
  changes: Partial<AdvanceOptions> = {},
): { readonly progress: LayerProgress; readonly decisions: readonly Decision[] } {
  let progress: LayerProgress | undefined;
  const decisions: Decision[] = [];
  for (const [second, read] of reads) {
    const now = at(second);
    const base = { layer: 'platform', readAt: now.toISOString() } as const;
    const reading: LayerReading =
      typeof read === 'string'
        ? { ...base, components: [component(read)] }
        : 'obstacle' in read
          ? { ...base, components: [], obstacle: read.obstacle }
          : { ...base, components: read };
    const step = advance(progress, reading, { ...options, ...changes, now });
    progress = layerProgressSchema.parse(step.progress);
    decisions.push(step.decision);
  }
  return { progress: progress!, decisions };
}

const statusesOf = ({ decisions }: { readonly decisions: readonly Decision[] }): string[] =>
  decisions.map(({ status }) => status);

/** Reads every half minute: degraded, progressing, the other status, progressing, and so on. */
function flapping(until: number, other: ComponentReading['status']): [number, ComponentReading['status']][] {
  const turns: ComponentReading['status'][] = ['degraded', 'progressing', other, 'progressing'];
  return Array.from({ length: until / 30 + 1 }, (_, turn) => [turn * 30, turns[turn % 4]!]);
}

describe('a layer', () => {
  test('is healthy on the second healthy read in a row, and confirms sooner than it waits', () => {
    const { decisions, progress } = readings([
      [0, 'progressing'],
      [10, 'healthy'],
      [15, 'healthy'],
    ]);
    expect(decisions.map(({ status, waitSeconds }) => [status, waitSeconds])).toEqual([
      ['progressing', 30],
      ['progressing', 5],
      ['healthy', 0],
    ]);
    expect(progress).toMatchObject({ status: 'healthy', reads: 3, consecutiveHealthyReads: 2 });
  });

  test('begins to count anew when a read in between is not healthy', () => {
    const run = readings([
      [0, 'healthy'],
      [5, 'progressing'],
      [15, 'healthy'],
    ]);
    expect(run.progress.consecutiveHealthyReads).toBe(1);
    expect(statusesOf(run)).not.toContain('healthy');
  });

  test('is not confirmed by a retried invocation of the same read', () => {
    const run = readings([
      [0, 'healthy'],
      [1, 'healthy'],
    ]);
    expect(statusesOf(run)).toEqual(['progressing', 'progressing']);
  });

  test('surprise 27: is not healthy for the half second in which the parent looks done', () => {
    const pin = { commit: '097b39e9252bf48b6d9fe7fb766898eef9d5473c', repository: '' };
    const parents = series('argocd', 'app-of-apps-with-lua-health').filter(
      ({ object }) => object.metadata.name === 'parent',
    );
    const read = (second: string): ComponentReading[] => {
      const now = new Date(second);
      const seen = parents.findLast(({ at: when }) => new Date(when) <= now)!;
      return [component(judgeApplication(seen.object, pin, now).status as ComponentReading['status'])];
    };
    expect(read('2026-11-23T07:01:00.700Z')[0]?.status).toBe('healthy');
    expect(
      statusesOf(
        readings([
          [60.7, read('2026-11-23T07:01:00.700Z')],
          [65.7, read('2026-11-23T07:01:05.700Z')],
        ]),
      ),
    ).toEqual(['progressing', 'progressing']);
  });

  test('takes its time from its objects and not from the reads', () => {
    const done = [component('healthy', { healthyAt: at(-20).toISOString() }), component('healthy', { name: 'loki' })];
    const { progress } = readings([
      [0, done],
      [5, done],
    ]);
    expect(progress.time).toEqual({
      startedAt: at(-60).toISOString(),
      healthyAt: at(-20).toISOString(),
      seconds: 40,
      humanSeconds: 0,
      objectiveSeconds: 1800,
    });
  });

  test('says so when no object says since when it is healthy', () => {
    const { progress } = readings([
      [0, 'healthy'],
      [5, 'healthy'],
    ]);
    expect(progress.time?.healthyAt).toBe(at(5).toISOString());
    expect(progress.reason).toContain('no object says since when');
  });

  test('without any component is not healthy', () => {
    const run = readings([
      [0, []],
      [10, []],
    ]);
    expect(run.decisions.at(-1)).toMatchObject({
      status: 'progressing',
      sentence: 'platform waits: no component was found',
    });
  });
});

describe('a component that has failed', () => {
  test('ends the wait on the second read in a row', () => {
    const { decisions } = readings([
      [0, 'failed'],
      [10, 'failed'],
    ]);
    expect(decisions.map(({ status }) => status)).toEqual(['progressing', 'failed']);
    expect(decisions.at(-1)?.sentence).toBe('platform cannot become healthy: kyverno is failed (it is failed)');
  });

  test('for one read only is waited for', () => {
    expect(
      statusesOf(
        readings([
          [0, 'failed'],
          [10, 'progressing'],
          [20, 'failed'],
        ]),
      ),
    ).not.toContain('failed');
  });

  test('is not confirmed by a retried invocation of the same read', () => {
    const run = readings([
      [0, 'failed'],
      [1, 'failed'],
    ]);
    expect(statusesOf(run)).toEqual(['progressing', 'progressing']);
  });

  test('by staying degraded has failed after six minutes, and not before', () => {
    const run = readings([
      [0, 'degraded'],
      [350, 'degraded'],
      [360, 'degraded'],
      [370, 'degraded'],
    ]);
    expect(statusesOf(run)).toEqual(['progressing', 'progressing', 'progressing', 'failed']);
    expect(run.decisions.at(-1)?.sentence).toContain('degraded for 6 min: it is degraded');
  });

  test('is not saved by one read that says progressing in between', () => {
    const run = readings([
      [0, 'degraded'],
      [180, 'progressing'],
      [360, 'degraded'],
      [370, 'degraded'],
    ]);
    expect(statusesOf(run).at(-1)).toBe('failed');
  });

  test.each<ComponentReading['status']>(['degraded', 'failed'])(
    'by saying progressing at every other read, and degraded or %s at the others, has failed soon after six minutes',
    (other) => {
      const statuses = statusesOf(readings(flapping(480, other)));
      expect(statuses.indexOf('failed')).toBeGreaterThan(360 / 30);
      expect(statusesOf(readings(flapping(360, other)))).not.toContain('failed');
    },
  );

  test('is not given up at the first read after an outage of the API', () => {
    const run = readings([
      [0, 'degraded'],
      [300, { obstacle: 'the API cannot be reached' }],
      [370, { obstacle: 'the API cannot be reached' }],
      [400, 'degraded'],
      [430, 'degraded'],
    ]);
    expect(statusesOf(run).slice(-2)).toEqual(['progressing', 'failed']);
  });

  test('by staying degraded is waited for after two reads that say progressing, and counted anew', () => {
    const run = readings([
      [0, 'degraded'],
      [360, 'degraded'],
      [365, 'progressing'],
      [370, 'progressing'],
      [380, 'degraded'],
      [390, 'degraded'],
    ]);
    expect(statusesOf(run)).not.toContain('failed');
    expect(run.progress.components[0]?.degradedSince).toBe(at(380).toISOString());
  });

  test('is saved by two reads that say progressing', () => {
    const run = readings([
      [0, 'degraded'],
      [100, 'progressing'],
      [110, 'progressing'],
      [360, 'degraded'],
      [370, 'degraded'],
    ]);
    expect(statusesOf(run)).not.toContain('failed');
  });
});

describe('the deadline', () => {
  test('counts from the first read and names what is missing and what blocks', () => {
    const blocked = [
      component('missing'),
      component('degraded', { name: 'bootstrap', reason: 'the root repeats what its Applications say' }),
      component('progressing', { name: 'loki', reason: 'operation is Running.' }),
    ];
    const { decisions, progress } = readings([
      [0, blocked],
      [3599, blocked],
      [3600, blocked],
    ]);
    expect(decisions.map(({ status, waitSeconds }) => [status, waitSeconds])).toEqual([
      ['progressing', 30],
      ['progressing', 1],
      ['deadline', 0],
    ]);
    expect(progress).toMatchObject({ status: 'failed', awaitedSince: at(0).toISOString() });
    expect(progress.reason).toBe(
      'platform was not healthy within 60 min: kyverno is missing (it is missing); loki is progressing (operation is Running)',
    );
  });

  test('does not count the time spent waiting for people', () => {
    const reads = [[0, 'progressing'] as const, [3700, 'progressing'] as const];
    expect(statusesOf(readings(reads, { humanSeconds: 600 }))).toEqual(['progressing', 'progressing']);
  });

  test('of an API that never answered says so, and keeps what was seen before', () => {
    const { decisions, progress } = readings([
      [0, 'progressing'],
      [10, { obstacle: 'the API cannot be reached: timeout' }],
      [3600, { obstacle: 'the API cannot be reached: timeout' }],
    ]);
    expect(decisions[1]).toMatchObject({
      status: 'progressing',
      sentence: 'platform waits: the API cannot be reached: timeout',
    });
    expect(decisions[2]?.sentence).toBe('platform was not healthy within 60 min: the API cannot be reached: timeout');
    expect(progress.components).toHaveLength(1);
  });
});

test('waiting costs at most 2 % of a drill of two hours', () => {
  const { decisions } = readings([
    [0, 'progressing'],
    [10, 'healthy'],
  ]);
  const [wait, confirm] = decisions.map(({ waitSeconds }) => waitSeconds);
  const invocationSeconds = 1;
  const worstPerLayer = wait! + confirm! + 2 * invocationSeconds;
  // Of the cluster and of the applications; the layers between are confirmed while the next one comes up.
  expect((2 * worstPerLayer) / 7200).toBeLessThanOrEqual(0.02);
});
