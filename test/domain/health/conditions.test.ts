import { judgeConditions, saying } from '../../../domain/health/conditions';
import { judgeObject } from '../../../domain/health/judge-object';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';

/** A Widget of generation 2, which no rule knows. */
function widget(status?: Record<string, unknown>): KubernetesObject {
  return {
    apiVersion: 'drill.example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w', generation: 2 },
    ...(status && { status }),
  };
}

const ready = { type: 'Ready', status: 'True', lastTransitionTime: '2026-11-23T06:59:00Z' };
const notReady = (reason: string): object => ({ type: 'Ready', status: 'False', reason });

describe('a kind without a rule of its own', () => {
  test.each<[string, Record<string, unknown> | undefined, string]>([
    ['says nothing', undefined, 'healthy'],
    ['has a status without conditions', { phase: 'Whatever', conditions: [] }, 'healthy'],
    ['has conditions in a shape of its own', { conditions: { Ready: 'no' } }, 'healthy'],
    ['has only conditions that mean nothing here', { conditions: [{ type: 'Synced', status: 'False' }] }, 'healthy'],
    ['is Ready', { conditions: [ready] }, 'healthy'],
    ['is Available and has no Ready', { conditions: [{ type: 'Available', status: 'True' }] }, 'healthy'],
    [
      'is Available, not Ready',
      { conditions: [{ type: 'Available', status: 'True' }, notReady('Slow')] },
      'progressing',
    ],
    ['is not Ready on its way', { conditions: [notReady('Creating')] }, 'progressing'],
    ['is not Ready by an error', { conditions: [notReady('SecretSyncedError')] }, 'degraded'],
    ['is of unknown readiness', { conditions: [{ type: 'Ready', status: 'Unknown' }] }, 'progressing'],
    ['is reconciling', { conditions: [ready, { type: 'Reconciling', status: 'True' }] }, 'progressing'],
    ['is stalled', { conditions: [ready, { type: 'Stalled', status: 'True' }] }, 'failed'],
    ['is not stalled', { conditions: [ready, { type: 'Stalled', status: 'False' }] }, 'healthy'],
    ['is Degraded although Ready', { conditions: [ready, { type: 'Degraded', status: 'True' }] }, 'degraded'],
    ['was seen at an earlier generation', { observedGeneration: 1, conditions: [ready] }, 'progressing'],
    ['was seen at this generation', { observedGeneration: 2, conditions: [ready] }, 'healthy'],
    ['was seen earlier and says nothing', { observedGeneration: 1 }, 'progressing'],
    ['has a Ready of an earlier generation', { conditions: [{ ...ready, observedGeneration: 1 }] }, 'progressing'],
    [
      'fails before its status was ever written whole',
      { observedGeneration: -1, conditions: [{ ...notReady('ApplyFailed'), observedGeneration: 2 }] },
      'degraded',
    ],
    [
      'is Ready before its status was written whole',
      { observedGeneration: -1, conditions: [{ ...ready, observedGeneration: 2 }] },
      'progressing',
    ],
  ])('that %s', (_, status, expected) => {
    expect(judgeObject(widget(status)).status).toBe(expected);
  });

  test('says which condition made it so, and since when', () => {
    expect(judgeConditions(widget({ conditions: [ready] }))).toMatchObject({
      reason: 'Ready is True',
      healthySince: '2026-11-23T06:59:00Z',
    });
    expect(judgeConditions(widget()).reason).toBe('it exists, and its kind says nothing about itself');
  });

  test('that is being deleted is not healthy', () => {
    const object = widget({ conditions: [ready] });
    const deleted = { ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-11-23T06:59:00Z' } };
    expect(judgeConditions(deleted).status).toBe('degraded');
  });
});

describe('a kind that is known to say how it is', () => {
  test.each<[string, Record<string, unknown> | undefined, string]>([
    ['has not been seen while it says nothing', undefined, 'progressing'],
    [
      'has not been seen while it says something else',
      { conditions: [{ type: 'Ready', status: 'True' }] },
      'progressing',
    ],
    ['is healthy by its condition', { conditions: [{ type: 'Available', status: 'True' }] }, 'healthy'],
  ])('%s', (_, status, expected) => {
    expect(saying('Available')(widget(status)).status).toBe(expected);
  });
});
