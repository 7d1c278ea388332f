import type { KubernetesObject } from '../ports/kubernetes';
import { type Related, type Rule, type Shaped, deletion, reading } from './object-reading';

type Claim = Shaped<{ storageClassName: string }, { phase: string }>;

/**
 * A PersistentVolumeClaim has neither generation nor conditions, only a phase. `Pending` is right for a claim that no
 * pod uses when its class binds at the first consumer; such a claim must not hold a layer up.
 */
export const judgeClaim: Rule = (object, related) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { phase } = (object as Claim).status ?? {};
  if (phase === 'Bound') return reading(object, 'healthy', 'status.phase is Bound');
  // The volume is gone; nothing brings it back.
  if (phase === 'Lost') return reading(object, 'failed', 'status.phase is Lost: its volume no longer exists');
  if (waitsForConsumer(object as Claim, related)) {
    return reading(object, 'healthy', 'status.phase is Pending because no pod uses it yet (WaitForFirstConsumer)');
  }
  return reading(object, 'progressing', `status.phase is ${phase ?? 'absent'}`);
};

function waitsForConsumer(claim: Claim, related: Related = {}): boolean {
  const storageClass = related.storageClasses?.find(({ metadata }) => metadata.name === claim.spec?.storageClassName);
  if (storageClass?.['volumeBindingMode'] !== 'WaitForFirstConsumer' || related.pods === undefined) return false;
  return !related.pods.some((pod) => uses(pod, claim));
}

function uses(pod: KubernetesObject, claim: Claim): boolean {
  const { spec, metadata } = pod as Shaped<
    { volumes: readonly { persistentVolumeClaim?: { claimName: string } }[] },
    object
  >;
  return (
    metadata.namespace === claim.metadata.namespace &&
    (spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name)
  );
}

/** A PersistentVolume; a deleted one stays `Bound` until its finalizer goes, and a released one has lost its claim. */
export const judgeVolume: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { phase } = (object as Claim).status ?? {};
  if (phase === 'Bound' || phase === 'Available') return reading(object, 'healthy', `status.phase is ${phase}`);
  const isLost = phase === 'Failed' || phase === 'Released';
  return reading(object, isLost ? 'degraded' : 'progressing', `status.phase is ${phase ?? 'absent'}`);
};
