import type { Probe, System } from '../catalogue';
import { CATALOGUE } from '../catalogue-entries';
import { probesOf } from '../catalogue/probes';
import type { ComponentReading } from '../record';
import type { ComponentSettings, Settings } from '../settings';
import type { ClusterSnapshot } from './cluster-snapshot';
import { probeReadings } from './component-probes';
import { shortened } from './object-reading';
import { byWeight } from './worst-first';

/** The GitOps engine as a system of the catalogue; undefined where EKS runs it outside of the cluster. */
function engineOf({ gitops }: Pick<Settings, 'gitops'>): System | undefined {
  if (gitops.managed) return undefined;
  return CATALOGUE[gitops.engine === 'argocd' ? 'argo-cd' : 'flux2'];
}

/** What is read of the engine itself, in every layer that it makes. */
export function engineProbes(settings: Pick<Settings, 'gitops'>): readonly Probe[] {
  const system = engineOf(settings);
  return system ? probesOf(componentOf(system)) : [];
}

/**
 * The engine as a component of its own, when it is in the way. An engine that does not run says nothing: what it wrote
 * before stays, Argo CD's for minutes after its repo-server is gone, so the cause is looked for in its workloads. Where
 * none of them is there, somebody installed it in another way, and its Applications and Kustomizations are all there is.
 */
export function engineInTheWay(settings: Settings, snapshot: ClusterSnapshot): readonly ComponentReading[] {
  const system = engineOf(settings);
  if (!system) return [];
  const scope = { installedIn: [], isOfLayerAbove: () => false };
  const readings = probeReadings(componentOf(system), snapshot, scope);
  if (readings.every(({ status }) => status === 'missing')) return [];
  const blocking = readings.filter(({ status }) => status !== 'healthy').toSorted(byWeight);
  const [worst] = blocking;
  if (!worst) return [];
  const { status, kind, namespace, name, reason } = worst;
  return [
    {
      name: system.name,
      status: status === 'suspended' || status === 'healthy' ? 'degraded' : status,
      reason: shortened(`${kind} ${namespace}/${name}: ${reason}`),
      usualReason: system.usualReason,
      // drill.yaml names it, as gitops.engine.
      listed: true,
      blocking,
    },
  ];
}

function componentOf({ name }: System): ComponentSettings {
  return { name, application: name, system: name };
}
