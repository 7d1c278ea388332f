import { LAYERS, type Layer } from '../../domain/layers';
import type { ComponentReading, DrillRecord, DrillStory, LayerProgress, LayerTime } from '../../domain/record';
import { loadConfig } from '../../domain/config';
import type { Settings } from '../../domain/settings';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ZERO = Date.parse('2026-10-05T06:00:00.000Z');

/** An instant some minutes after the sample drill was opened. */
export function minute(minutes: number): string {
  return new Date(ZERO + minutes * 60_000).toISOString();
}

/** Settings of the shipped drill.yaml's default target. */
export function shippedSettings(): Settings {
  const file = join(__dirname, '..', '..', 'drill.yaml');
  return (shipped ??= loadConfig(readFileSync(file, 'utf8'), 'drill.yaml').targets[0]!.settings);
}

let shipped: Settings | undefined;

/** A closed and passed drill: 75 minutes to healthy applications. */
export function sampleRecord(changes: Partial<DrillRecord> = {}): DrillRecord {
  return {
    drillId: 'example-20261005-0600-a1b2c3',
    target: 'example',
    trigger: 'schedule',
    scheduledAt: minute(0),
    executionArn: 'arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:one',
    status: 'open',
    phase: 'judging',
    openedAt: minute(0),
    settings: shippedSettings(),
    ref: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    clusterName: 'drill-a1b2c3',
    bootstrapStartedAt: minute(5),
    layers: Object.fromEntries(LAYERS.map((layer, index) => [layer, layerTime(layer, 5 + index * 20, 15)])),
    teardown: { outcome: 'nothing-left', startedAt: minute(85), finishedAt: minute(105), notes: [] },
    ...changes,
  };
}

export function layerTime(layer: Layer, startMinute: number, minutes: number): LayerTime {
  return {
    startedAt: minute(startMinute),
    healthyAt: minute(startMinute + minutes),
    seconds: minutes * 60,
    humanSeconds: 0,
    objectiveSeconds: shippedSettings().layers[layer].objectiveSeconds,
  };
}

export function sampleProgress(
  layer: Layer,
  components: readonly Partial<ComponentReading>[],
  changes: Partial<LayerProgress> = {},
): LayerProgress {
  return {
    layer,
    status: 'healthy',
    reason: 'all healthy',
    awaitedSince: minute(0),
    readAt: minute(10),
    reads: 3,
    consecutiveHealthyReads: 2,
    components: components.map((component) => ({
      name: 'web',
      status: 'healthy',
      reason: 'available',
      listed: true,
      blocking: [],
      ...component,
    })),
    ...changes,
  };
}

export function sampleStory(changes: Partial<DrillStory> = {}): DrillStory {
  return {
    record: sampleRecord(),
    layers: LAYERS.map((layer) => sampleProgress(layer, [{ name: `${layer}-one` }])),
    spans: [],
    manualSteps: [],
    failures: [],
    findings: [],
    leaks: [],
    readiness: [],
    outputs: {},
    ...changes,
  };
}
