import { manualChanges, manualSyncs } from '../../domain/detected-steps';
import type { Layer } from '../../domain/layers';
import type { KubernetesObject } from '../../domain/ports/kubernetes';
import type { DrillStory, ManualStep } from '../../domain/record';

/**
 * What people did to the cluster without having declared it. Flux erases the traces of kubectl at its next reconcile,
 * so this looks at every read and not once at the end.
 */
export function detectManualWork(
  { record }: DrillStory,
  layer: Layer,
  objects: readonly KubernetesObject[],
): ManualStep[] {
  const scope = { layer, since: record.openedAt };
  const applications = objects.filter(({ kind }) => kind === 'Application');
  return [...manualSyncs(applications, scope), ...manualChanges(objects, scope)];
}
