import { chartObjects, findChart, type ResolvedChart } from '../charts';
import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { FLUX_LABELS, wakeOwners } from '../gitops/ownership';
import { goDuration, timestamp } from '../instants';
import { groupOf, isFields, type Fields, type Manifest } from '../manifest';
import { conditionOf, healthOf } from '../object-health';
import { refusal } from '../refusal';
import {
  conditionsAt,
  digestOf,
  FINALIZER,
  fluxRuns,
  HELM_REPOSITORY,
  nextReconcile,
  reconcileMemoryOf,
  type FluxCondition,
} from './flux-objects';

interface HelmReleaseSpec {
  interval?: string;
  timeout?: string;
  suspend?: boolean;
  releaseName?: string;
  targetNamespace?: string;
  chart?: { spec: { chart: string; version?: string; sourceRef: { kind: string; name: string; namespace?: string } } };
  install?: { remediation?: { retries?: number }; disableWait?: boolean; createNamespace?: boolean };
  dependsOn?: { name: string; namespace?: string }[];
  values?: Fields;
}

const HELM_MANAGER = { manager: 'helm-controller', operation: 'Apply' } as const;
/** A release without `timeout` is given five minutes. */
const DEFAULT_TIMEOUT_MS = 300_000;
const RETRY_MS = 30_000;
/** Pulling the chart and rendering it. */
const RENDER_MS = 3000;

function specOf(stored: Stored): HelmReleaseSpec {
  return (stored.object.spec ?? {}) as HelmReleaseSpec;
}

/** Begins a reconcile of a release: finds its chart, then installs it. */
export function reconcileHelmRelease(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  if (!stored || !fluxRuns(cluster, 'helm-controller')) return;
  const memory = reconcileMemoryOf(stored);
  if (stored.object.metadata.deletionTimestamp) {
    uninstall(cluster, stored);
    return;
  }
  const spec = specOf(stored);
  if (spec.suspend || memory.running || conditionOf(stored.object.status ?? {}, 'Stalled')) return;
  if (!stored.object.metadata.finalizers?.includes(FINALIZER))
    stored.object.metadata.finalizers = [...(stored.object.metadata.finalizers ?? []), FINALIZER];
  const chart = chartOf(cluster, stored, spec);
  if ('problem' in chart) {
    show(cluster, stored, [
      { type: 'Reconciling', status: 'True', reason: 'Progressing', message: 'Fulfilling prerequisites' },
      { type: 'Ready', status: 'False', reason: chart.reason, message: chart.problem },
    ]);
    nextReconcile(cluster, stored, RETRY_MS);
    return;
  }
  if (isInstalled(stored, chart, spec)) {
    restoreDrift(cluster, stored, chart, spec);
    nextReconcile(cluster, stored, goDuration(spec.interval, DEFAULT_TIMEOUT_MS));
    return;
  }
  memory.running = { startedAt: cluster.at, revision: chart.version };
  const message = `Running 'install' action with timeout of ${spec.timeout ?? '5m0s'}`;
  show(cluster, stored, [
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message },
    { type: 'Ready', status: 'Unknown', reason: 'Progressing', message },
  ]);
  cluster.after(RENDER_MS, 'flux-build', key);
}

/** Whether the chart and values that the spec asks for are what is deployed. */
function isInstalled(stored: Stored, chart: ResolvedChart, spec: HelmReleaseSpec): boolean {
  const [latest] = (stored.object.status?.['history'] as Fields[] | undefined) ?? [];
  return (
    latest?.['status'] === 'deployed' &&
    latest['chartVersion'] === chart.version &&
    latest['configDigest'] === digestOf(spec.values ?? {})
  );
}

type FoundChart = ResolvedChart | { problem: string; reason: string };

function chartOf(cluster: Cluster, stored: Stored, { chart, dependsOn = [] }: HelmReleaseSpec): FoundChart {
  const { namespace, name } = stored.object.metadata;
  for (const { name: other, namespace: place = namespace } of dependsOn) {
    const dependency = cluster.find('helm.toolkit.fluxcd.io', 'HelmRelease', place, other);
    if (conditionOf(dependency?.object.status ?? {}, 'Ready')?.['status'] !== 'True')
      return { reason: 'DependencyNotReady', problem: `dependency '${place}/${other}' is not ready` };
  }
  const { sourceRef, version, chart: chartName = '' } = chart?.spec ?? {};
  const notReady = (why: string): FoundChart => ({
    reason: 'SourceNotReady',
    problem: `HelmChart '${sourceRef?.namespace ?? namespace}/${namespace}-${name}' is not ready: ${why}`,
  });
  if (sourceRef?.kind === 'GitRepository')
    return { chart: chartName.split('/').pop() ?? chartName, version: version ?? '0.0.0' };
  const repository = cluster.find(...HELM_REPOSITORY, sourceRef?.namespace ?? namespace, sourceRef?.name ?? '');
  if (!repository) return notReady(`HelmRepository.source.toolkit.fluxcd.io "${sourceRef?.name}" not found`);
  const { url = '', type } = (repository.object.spec ?? {}) as { url?: string; type?: string };
  const ready = conditionOf(repository.object.status ?? {}, 'Ready');
  if (type !== 'oci' && ready?.['status'] !== 'True')
    return notReady(String(ready?.['message'] ?? 'latest generation of object has not been reconciled'));
  const found = findChart({ repository: url, chart: chartName, version });
  if (!('error' in found)) return found;
  return notReady(
    `invalid chart reference: failed to get chart version for remote reference: no '${chartName}' chart with version matching '${version ?? '*'}' found`,
  );
}

/** Installs the release's objects and begins to wait for them. */
export function installRelease(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const running = stored?.reconcile?.running;
  if (!stored || !running || stored.object.metadata.deletionTimestamp) return;
  const spec = specOf(stored);
  const chart = chartOf(cluster, stored, spec);
  if ('problem' in chart) {
    delete reconcileMemoryOf(stored).running;
    nextReconcile(cluster, stored, RETRY_MS);
    return;
  }
  const manifests = objectsOf(stored, chart, spec);
  const namespace = spec.targetNamespace ?? stored.object.metadata.namespace;
  if (spec.install?.createNamespace)
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace ?? 'default' } }, HELM_MANAGER);
  for (const manifest of manifests) {
    const why = refusal(cluster, manifest);
    if (why !== undefined) {
      failInstall(cluster, stored, chart, why);
      return;
    }
    cluster.apply(manifest, HELM_MANAGER);
  }
  const memory = reconcileMemoryOf(stored);
  memory.inventory = manifests.map(keyOf);
  running.checksFrom = cluster.at;
  running.timeoutAt = cluster.at + goDuration(spec.timeout, DEFAULT_TIMEOUT_MS);
  cluster.schedule(running.timeoutAt, 'flux-health', key);
  cluster.after(20, 'flux-health', key);
}

function objectsOf(stored: Stored, chart: ResolvedChart, spec: HelmReleaseSpec): Manifest[] {
  const { name, namespace = 'default' } = stored.object.metadata;
  const release = {
    name: spec.releaseName ?? name,
    namespace: spec.targetNamespace ?? namespace,
    values: isFields(spec.values) ? spec.values : {},
  };
  const labels = FLUX_LABELS.helmRelease;
  return chartObjects(chart, release).map((manifest) =>
    Object.assign({}, manifest, {
      metadata: {
        ...manifest.metadata,
        labels: {
          ...manifest.metadata.labels,
          [labels.name]: name,
          [labels.namespace]: namespace,
          'app.kubernetes.io/managed-by': 'Helm',
        },
        annotations: {
          ...manifest.metadata.annotations,
          'meta.helm.sh/release-name': release.name,
          'meta.helm.sh/release-namespace': release.namespace,
        },
      },
    }),
  );
}

/** Helm waits for workloads, Services and claims, not for custom resources. */
const WAITED_FOR = new Set(['apps', '', 'batch']);

export function checkReleaseHealth(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const running = stored?.reconcile?.running;
  if (!stored || running?.timeoutAt === undefined) return;
  const spec = specOf(stored);
  const chart = chartOf(cluster, stored, spec);
  if ('problem' in chart) return;
  const waiting = spec.install?.disableWait
    ? []
    : (stored.reconcile?.inventory ?? []).filter((entry) => {
        const live = cluster.byKey(entry);
        return (
          live === undefined ||
          (WAITED_FOR.has(groupOf(live.object.apiVersion)) &&
            (healthOf(cluster, live, false) ?? 'Healthy') !== 'Healthy')
        );
      });
  if (waiting.length === 0) succeed(cluster, stored, chart, spec);
  else if (cluster.at >= running.timeoutAt) failInstall(cluster, stored, chart, 'context deadline exceeded');
}

function releaseEntry(
  cluster: Cluster,
  stored: Stored,
  chart: ResolvedChart,
  spec: HelmReleaseSpec,
  status: string,
): Fields {
  const { name, namespace } = stored.object.metadata;
  const since = timestamp(stored.reconcile?.running?.startedAt ?? cluster.at);
  return {
    chartName: chart.chart,
    chartVersion: chart.version,
    configDigest: digestOf(spec.values ?? {}),
    digest: digestOf([chart, spec.values]),
    firstDeployed: since,
    lastDeployed: since,
    name: spec.releaseName ?? name,
    namespace: spec.targetNamespace ?? namespace,
    status,
    version: (stored.reconcile?.failures ?? 0) + 1,
  };
}

function releaseName(stored: Stored, chart: ResolvedChart, spec: HelmReleaseSpec): string {
  const { name, namespace } = stored.object.metadata;
  return `release ${spec.targetNamespace ?? namespace}/${spec.releaseName ?? name}`.concat(
    `.v${(stored.reconcile?.failures ?? 0) + 1} with chart ${chart.chart}@${chart.version}`,
  );
}

function succeed(cluster: Cluster, stored: Stored, chart: ResolvedChart, spec: HelmReleaseSpec): void {
  const message = `Helm install succeeded for ${releaseName(stored, chart, spec)}`;
  const entry = releaseEntry(cluster, stored, chart, spec, 'deployed');
  cluster.setStatus(stored, {
    ...stored.object.status,
    history: [entry],
    lastAttemptedRevision: chart.version,
    lastAttemptedReleaseAction: 'install',
  });
  const conditions: FluxCondition[] = [
    { type: 'Ready', status: 'True', reason: 'InstallSucceeded', message },
    { type: 'Released', status: 'True', reason: 'InstallSucceeded', message },
  ];
  show(cluster, stored, conditions, stored.object.metadata.generation);
  delete reconcileMemoryOf(stored).running;
  nextReconcile(cluster, stored, goDuration(spec.interval, DEFAULT_TIMEOUT_MS));
  wakeOwners(cluster, stored);
}

/** A failed installation is uninstalled and tried again as often as the remediation allows; then the release is stalled. */
function failInstall(cluster: Cluster, stored: Stored, chart: ResolvedChart, why: string): void {
  const spec = specOf(stored);
  const memory = reconcileMemoryOf(stored);
  const message = `Helm install failed for ${releaseName(stored, chart, spec)}: ${why}`;
  const entry = releaseEntry(cluster, stored, chart, spec, 'failed');
  memory.failures = (memory.failures ?? 0) + 1;
  delete memory.running;
  const retries = spec.install?.remediation?.retries ?? 0;
  const isLast = retries >= 0 && memory.failures > retries;
  if (!isLast) for (const key of memory.inventory) removeByKey(cluster, key);
  cluster.setStatus(stored, {
    ...stored.object.status,
    history: [entry],
    installFailures: memory.failures,
    failures: memory.failures,
    lastAttemptedRevision: chart.version,
    lastAttemptedReleaseAction: 'install',
  });
  show(cluster, stored, [
    ...(isLast
      ? [
          {
            type: 'Stalled',
            status: 'True',
            reason: 'RetriesExceeded',
            message: `Failed to install after ${memory.failures} attempt(s)`,
          } as const,
        ]
      : []),
    { type: 'Ready', status: 'False', reason: 'InstallFailed', message },
    { type: 'Released', status: 'False', reason: 'InstallFailed', message },
  ]);
  if (!isLast) nextReconcile(cluster, stored, RETRY_MS);
  wakeOwners(cluster, stored);
}

/** Objects of a deployed release that somebody deleted come back at the next reconcile. */
function restoreDrift(cluster: Cluster, stored: Stored, chart: ResolvedChart, spec: HelmReleaseSpec): void {
  for (const manifest of objectsOf(stored, chart, spec)) {
    if (!cluster.byKey(keyOf(manifest)) && refusal(cluster, manifest) === undefined)
      cluster.apply(manifest, HELM_MANAGER);
  }
}

function uninstall(cluster: Cluster, stored: Stored): void {
  if (!specOf(stored).suspend) for (const key of reconcileMemoryOf(stored).inventory) removeByKey(cluster, key);
  cluster.dropFinalizer(stored, (name) => name === FINALIZER);
}

/** Helm never deletes custom resource definitions. */
function removeByKey(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  if (stored && stored.object.kind !== 'CustomResourceDefinition') cluster.remove(stored);
}

function show(
  cluster: Cluster,
  stored: Stored,
  conditions: readonly FluxCondition[],
  observedGeneration?: number,
): void {
  const status = stored.object.status ?? {};
  const { name, namespace } = stored.object.metadata;
  cluster.setStatus(stored, {
    ...status,
    conditions: conditionsAt(stored, conditions, cluster.at),
    helmChart: `${namespace}/${namespace}-${name}`,
    observedGeneration: observedGeneration ?? status['observedGeneration'] ?? -1,
  });
}
