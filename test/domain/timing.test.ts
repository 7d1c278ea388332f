import {
  componentSpans,
  humanSecondsWithin,
  humanSpans,
  layerSpan,
  layerStartedAt,
  layerTime,
  timesOf,
} from '../../domain/timing';
import type { LayerProgress, ManualStep } from '../../domain/record';
import { minute, sampleRecord } from '../support/story';

function step(name: string, requested?: number, confirmed?: number): ManualStep {
  return {
    name,
    source: 'declared',
    layer: 'platform',
    description: 'Unseal Vault.',
    status: confirmed === undefined ? 'waiting' : 'confirmed',
    ...(requested !== undefined && { requestedAt: minute(requested) }),
    ...(confirmed !== undefined && { confirmedAt: minute(confirmed) }),
  };
}

const progress: LayerProgress = {
  layer: 'platform',
  status: 'progressing',
  reason: 'platform waits for loki',
  awaitedSince: minute(45),
  readAt: minute(60),
  reads: 3,
  consecutiveHealthyReads: 0,
  components: [
    {
      name: 'kyverno',
      status: 'healthy',
      reason: 'Healthy',
      listed: true,
      startedAt: minute(46),
      healthyAt: minute(50),
      blocking: [],
    },
    { name: 'loki', status: 'progressing', reason: 'waits', listed: true, startedAt: minute(46), blocking: [] },
    { name: 'vault', status: 'missing', reason: 'is not there', listed: true, blocking: [] },
  ],
};

describe('a layer', () => {
  test('begins with the first event of Terraform, the installation of GitOps, or the layer below', () => {
    const record = sampleRecord();
    expect(layerStartedAt('cluster', record)).toBe(minute(5));
    expect(layerStartedAt('foundation', record, minute(22))).toBe(minute(22));
    expect(layerStartedAt('foundation', record)).toBe(record.layers.cluster?.healthyAt);
    expect(layerStartedAt('platform', record)).toBe(record.layers.foundation?.healthyAt);
    expect(layerStartedAt('applications', { layers: {} })).toBeUndefined();
  });

  const measured = { startedAt: minute(20), readAt: minute(35), humanSeconds: 0, objectiveSeconds: 900 };

  test('takes its time from when its objects became healthy, not from when that was read', () => {
    expect(layerTime({ ...measured, healthyAt: minute(30) }).seconds).toBe(600);
  });

  test('is healthy since the read only when no object says since when', () => {
    expect(layerTime(measured)).toMatchObject({ healthyAt: minute(35), seconds: 900 });
  });

  test('that was healthy before it began took no time', () => {
    expect(layerTime({ ...measured, healthyAt: minute(15) })).toMatchObject({ healthyAt: minute(20), seconds: 0 });
  });

  test('waited for people no longer than it took', () => {
    expect(layerTime({ ...measured, healthyAt: minute(30), humanSeconds: 1200 }).humanSeconds).toBe(600);
  });
});

describe('waiting for people', () => {
  const stretch = { from: minute(0), to: minute(60) };

  test('counts two waits at once once', () => {
    expect(humanSecondsWithin([step('one', 10, 20), step('two', 15, 30)], stretch)).toBe(20 * 60);
  });

  test('counts only what lies within the stretch', () => {
    expect(humanSecondsWithin([step('early', -10, 5), step('late', 55, 90)], stretch)).toBe(10 * 60);
  });

  test('lasts until the end when nobody confirms, and is none for a step that was never asked for', () => {
    expect(humanSecondsWithin([step('open', 50), step('declared')], stretch)).toBe(10 * 60);
  });
});

describe('the times of a drill', () => {
  test('run from the first event of Terraform to healthy applications, with and without people', () => {
    const record = sampleRecord();
    const total = (Date.parse(record.layers.applications!.healthyAt) - Date.parse(minute(5))) / 1000;
    expect(timesOf({ record, manualSteps: [step('unseal', 50, 60)] })).toEqual({
      totalSeconds: total,
      humanSeconds: 600,
      machineSeconds: total - 600,
    });
  });

  test('are unknown when the applications never became healthy', () => {
    expect(timesOf({ record: sampleRecord({ layers: {} }), manualSteps: [] })).toBeUndefined();
  });
});

describe('spans', () => {
  test('of components run from the creation to since when each is healthy', () => {
    expect(componentSpans(progress)).toMatchObject([
      { id: 'component-platform-kyverno', startedAt: minute(46), finishedAt: minute(50), outcome: 'succeeded' },
      { id: 'component-platform-loki', startedAt: minute(46), outcome: 'running' },
    ]);
  });

  test('of a layer end when it is healthy or has failed', () => {
    expect(layerSpan(progress, minute(45))).toMatchObject({ startedAt: minute(45), outcome: 'running' });
    expect(layerSpan({ ...progress, status: 'failed' }, minute(45))).toMatchObject({
      finishedAt: minute(60),
      outcome: 'failed',
    });
  });

  test('of people run from the request to the confirmation', () => {
    expect(humanSpans([step('unseal', 50, 60), step('declared')])).toMatchObject([
      { id: 'human-unseal', kind: 'human', startedAt: minute(50), finishedAt: minute(60), outcome: 'succeeded' },
    ]);
  });
});
