import { CATALOGUE } from '../../../domain/catalogue-entries';
import type { System } from '../../../domain/catalogue';
import { EXTRAS, type Release } from './chart-extras';
import type { Fields, Manifest } from './manifest';
import { isFields } from './manifest';
import { serviceManifest, workloadManifest } from './workload-manifests';

/** A Helm chart that the simulation knows. */
export interface Chart {
  readonly name: string;
  /** Where it is published. */
  readonly repositories: readonly string[];
  /**
   * The newest version that was found in the chart's repository in August 2026 (the README of examples/bootstrap says
   * where): later ones do not exist here. Absent where none was looked up; then every version is taken to exist.
   */
  readonly newest?: string;
}

const KNOWN: readonly Chart[] = [
  { name: 'argo-cd', repositories: ['https://argoproj.github.io/argo-helm'], newest: '10.1.1' },
  { name: 'aws-ebs-csi-driver', repositories: ['https://kubernetes-sigs.github.io/aws-ebs-csi-driver'] },
  { name: 'aws-load-balancer-controller', repositories: ['https://aws.github.io/eks-charts'] },
  { name: 'aws-vpc-cni', repositories: ['https://aws.github.io/eks-charts'], newest: '1.22.4' },
  { name: 'cert-manager', repositories: ['https://charts.jetstack.io'] },
  { name: 'cilium', repositories: ['https://helm.cilium.io'], newest: '1.20.0' },
  { name: 'coredns', repositories: ['https://coredns.github.io/helm'], newest: '1.46.2' },
  { name: 'eck-elasticsearch', repositories: ['https://helm.elastic.co'], newest: '0.20.0' },
  { name: 'eck-operator', repositories: ['https://helm.elastic.co'], newest: '3.5.0' },
  { name: 'external-dns', repositories: ['https://kubernetes-sigs.github.io/external-dns'], newest: '1.21.1' },
  { name: 'external-secrets', repositories: ['https://charts.external-secrets.io'], newest: '2.9.0' },
  { name: 'fluent-bit', repositories: ['https://fluent.github.io/helm-charts'], newest: '0.58.1' },
  { name: 'flux2', repositories: ['https://fluxcd-community.github.io/helm-charts'], newest: '2.18.3' },
  { name: 'gatekeeper', repositories: ['https://open-policy-agent.github.io/gatekeeper/charts'], newest: '3.23.0' },
  {
    name: 'grafana',
    repositories: ['https://grafana-community.github.io/helm-charts', 'https://grafana.github.io/helm-charts'],
    newest: '12.11.1',
  },
  { name: 'ingress-nginx', repositories: ['https://kubernetes.github.io/ingress-nginx'], newest: '4.15.1' },
  { name: 'karpenter', repositories: ['https://charts.karpenter.sh'] },
  {
    name: 'kube-prometheus-stack',
    repositories: ['https://prometheus-community.github.io/helm-charts'],
    newest: '88.5.3',
  },
  { name: 'kyverno', repositories: ['https://kyverno.github.io/kyverno'], newest: '3.9.0' },
  {
    name: 'loki',
    repositories: ['https://grafana-community.github.io/helm-charts', 'https://grafana.github.io/helm-charts'],
    newest: '18.11.0',
  },
  { name: 'metrics-server', repositories: ['https://kubernetes-sigs.github.io/metrics-server'] },
  {
    name: 'opentelemetry-collector',
    repositories: ['https://open-telemetry.github.io/opentelemetry-helm-charts'],
    newest: '0.170.0',
  },
  { name: 'prometheus', repositories: ['https://prometheus-community.github.io/helm-charts'], newest: '29.27.0' },
  { name: 'tigera-operator', repositories: ['https://docs.tigera.io/calico/charts'], newest: '3.32.1' },
  {
    name: 'traefik',
    repositories: ['https://traefik.github.io/charts', 'https://helm.traefik.io/traefik'],
    newest: '41.3.0',
  },
  { name: 'vault', repositories: ['https://helm.releases.hashicorp.com'], newest: '0.34.1' },
];

const BY_NAME = new Map(KNOWN.map((chart) => [chart.name, chart]));
const SYSTEMS = new Map(
  Object.values(CATALOGUE).flatMap((system) => (system.chart ? [[system.chart, system] as const] : [])),
);
const HOMES = new Set(KNOWN.flatMap(({ repositories }) => repositories));

export interface ChartReference {
  readonly repository: string;
  readonly chart: string;
  /** A version or a range; absent means the newest. */
  readonly version?: string | undefined;
}

export interface ResolvedChart {
  readonly chart: string;
  readonly version: string;
}

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
/** The version of a chart that nothing is known of, where a range asks for any. */
const ANY_VERSION = '1.0.0';

/**
 * Finds a chart in its repository. A chart that the table knows is found at its own homes only, so that a mistyped
 * repository shows; of charts that it does not know, every one exists.
 * @returns what is wrong in helm's words otherwise.
 */
export function findChart(reference: ChartReference): ResolvedChart | { readonly error: string } {
  const repository = reference.repository.replace(/\/+$/, '');
  const known = BY_NAME.get(reference.chart);
  const unreachable = unreachableHost(repository);
  if (unreachable) return { error: unreachable };
  if (known && !known.repositories.includes(repository) && !repository.startsWith('oci://'))
    return { error: notARepository(repository) };
  if (!known && HOMES.has(repository))
    return { error: `chart "${reference.chart}" not found in ${repository} repository` };
  const { version = '*' } = reference;
  const exact = VERSION.test(version);
  if (!exact) return { chart: reference.chart, version: known?.newest ?? ANY_VERSION };
  if (known?.newest && isLater(version, known.newest))
    return { error: `chart "${reference.chart}" version "${version}" not found in ${repository} repository` };
  return { chart: reference.chart, version };
}

/** Why there is no chart repository at an address; undefined when there is one. Unknown hosts are taken to have one. */
export function findHome(url: string): string | undefined {
  const repository = url.replace(/\/+$/, '');
  const unreachable = unreachableHost(repository);
  if (unreachable || HOMES.has(repository)) return unreachable;
  const hosts = new Set([...HOMES].map((home) => new URL(home).hostname));
  return hosts.has(new URL(repository).hostname) ? notARepository(repository) : undefined;
}

/** Host names under the top-level domains that RFC 2606 keeps from existing. */
function unreachableHost(repository: string): string | undefined {
  if (!URL.canParse(repository)) return `could not find protocol handler for: ${repository.split(':')[0] ?? ''}`;
  const { hostname } = new URL(repository);
  if (!/\.(invalid|test|example)$/.test(hostname)) return undefined;
  return `looks like "${repository}" is not a valid chart repository or cannot be reached: Get "${repository}/index.yaml": dial tcp: lookup ${hostname}: no such host`;
}

function notARepository(repository: string): string {
  return `looks like "${repository}" is not a valid chart repository or cannot be reached: failed to fetch ${repository}/index.yaml : 404 Not Found`;
}

function isLater(version: string, newest: string): boolean {
  const [a, b] = [version, newest].map((text) => (VERSION.exec(text) ?? []).slice(1, 4).map(Number)) as [
    number[],
    number[],
  ];
  for (let index = 0; index < 3; index++) {
    if ((a[index] ?? 0) !== (b[index] ?? 0)) return (a[index] ?? 0) > (b[index] ?? 0);
  }
  return false;
}

/** What a chart makes: the catalogue's workloads and what `chart-extras.ts` adds; otherwise one Deployment of its own. */
export function chartObjects({ chart, version }: ResolvedChart, release: Release): Manifest[] {
  const extras = EXTRAS[chart];
  const system = SYSTEMS.get(chart);
  if (!extras && !system) return [unknownWorkload(chart, release)];
  const made = system ? systemObjects(system, release, extras?.withoutWorkloads ?? []) : [];
  return [...(extras?.objects?.(release, version) ?? []), ...made];
}

function unknownWorkload(chart: string, { name, namespace }: Release): Manifest {
  const labels = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': name };
  return workloadManifest({ name, namespace, labels });
}

function systemObjects(system: System, release: Release, without: readonly string[]): Manifest[] {
  const own = system.workloads.filter((workload) => (workload.namespace ?? system.namespace) === system.namespace);
  return own
    .filter(({ kind }) => !without.includes(kind))
    .map((selector) => {
      const labels = {
        ...selector.labels,
        ...(!selector.labels && { 'app.kubernetes.io/name': selector.name ?? system.name }),
      };
      const workload = {
        name: selector.name ?? objectName(release.name, system, labels, own.length),
        namespace: release.namespace,
        labels: { ...labels, 'app.kubernetes.io/instance': release.name },
      };
      if (selector.kind === 'Service') return loadBalancer(workload, release.values);
      const { kind } = selector;
      if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'DaemonSet') return workloadManifest(workload);
      return workloadManifest({ ...workload, kind, replicas: replicasOf(release.values, labels) });
    });
}

/** The release's name, followed by the part of a chart that has several. */
function objectName(release: string, system: System, labels: Record<string, string>, count: number): string {
  const part =
    labels['app.kubernetes.io/component'] ??
    labels['control-plane'] ??
    labels['app.kubernetes.io/name'] ??
    labels['app'] ??
    '';
  const short = part.replace(new RegExp(`^${system.name}-?`), '');
  return count === 1 || short === '' ? release : `${release}-${short}`;
}

function loadBalancer(
  workload: { name: string; namespace: string; labels: Record<string, string> },
  values: Fields,
): Manifest {
  const holder = isFields(values['controller']) ? values['controller'] : values;
  const service = isFields(holder['service']) ? holder['service'] : {};
  const annotations = isFields(service['annotations']) ? (service['annotations'] as Record<string, string>) : undefined;
  const type = typeof service['type'] === 'string' ? service['type'] : 'LoadBalancer';
  return serviceManifest(workload.name, workload.namespace, workload.labels, {
    type,
    ...(annotations && { annotations }),
  });
}

/** `replicas` or `replicaCount`, of the part whose section is named after its component (`admissionController`), or of all. */
function replicasOf(values: Fields, labels: Record<string, string>): number {
  const component = (labels['app.kubernetes.io/component'] ?? '').replaceAll(/-([a-z])/g, (_, letter: string) =>
    letter.toUpperCase(),
  );
  const section = isFields(values[component]) ? values[component] : component === '' ? values : {};
  const count = section['replicas'] ?? section['replicaCount'];
  return typeof count === 'number' ? count : 1;
}
