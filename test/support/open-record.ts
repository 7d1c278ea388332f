import { clusterNameOf } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';
import { sampleSettings } from './settings';

/** A drill as *Open drill* writes it: on demand, nothing known yet. */
export function openRecord(changes: Partial<DrillRecord> = {}): DrillRecord {
  const drillId = changes.drillId ?? 'example-20261005-0600-a1b2c3';
  return {
    drillId,
    target: 'example',
    trigger: 'demand',
    executionArn: `arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:${drillId}`,
    status: 'open',
    phase: 'opening',
    openedAt: '2026-10-05T06:00:00.000Z',
    settings: sampleSettings(),
    ref: 'main',
    clusterName: clusterNameOf(drillId),
    layers: {},
    ...changes,
  };
}
