import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { Program, ProgramCall } from '../program';
import { authenticate } from './kubernetes/api/authentication';
import { chartObjects, findChart, findHome, type ResolvedChart } from './kubernetes/charts';
import { keyOf, nameKeyOf, type Cluster } from './kubernetes/cluster';
import type { HelmRelease } from './kubernetes/cluster-state';
import { goDuration } from './kubernetes/instants';
import { mergePatch } from './kubernetes/json-merge';
import type { KubernetesWorld } from './kubernetes/kubernetes-world';
import { groupOf, isFields, type Fields, type Manifest } from './kubernetes/manifest';
import { healthOf } from './kubernetes/object-health';
import { refusal } from './kubernetes/refusal';
import { helmArguments, type HelmArguments } from './helm-arguments';

const HELM_MANAGER = { manager: 'helm', operation: 'Apply' } as const;
/** Fetching an index and a chart (judgement). */
const FETCH_MS = 4000;
/** Sending the objects to the API server. */
const APPLY_MS = 3000;
/** How often `--wait` looks. */
const LOOK_MS = 2000;
/** The version that the stand-in claims to be where the build does not say which one it pins. */
const DEFAULT_VERSION = '4.1.4';

/** An error that helm prints after `Error: ` before it exits with 1. */
class HelmError extends Error {
  override readonly name = 'HelmError';
}

/** The stand-in for `helm`: installs the simulation's charts into the cluster that the kubeconfig names. */
export function helmProgram(world: KubernetesWorld): Program {
  return async (call) => {
    try {
      const args = helmArguments(call.args);
      const run = COMMANDS[args.command];
      if (!run) throw new HelmError(`unknown command "${args.command}" for "helm"`);
      await run(world, call, args);
      return 0;
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      call.stderr(`Error: ${error.message}\n`);
      return 1;
    }
  };
}

type Command = (world: KubernetesWorld, call: ProgramCall, args: HelmArguments) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  version: async (_, call, { flags }) => {
    const version = `v${call.env['HELM_VERSION'] ?? DEFAULT_VERSION}`;
    call.stdout(
      flags['short'] || flags['template']
        ? `${version}\n`
        : `version.BuildInfo{Version:"${version}", GitCommit:"local", GitTreeState:"clean", GoVersion:"go1.24"}\n`,
    );
  },
  repo: repositories,
  upgrade,
  install: upgrade,
  uninstall,
  list,
};

async function repositories(world: KubernetesWorld, call: ProgramCall, { positional }: HelmArguments): Promise<void> {
  const [action, name = '', url = ''] = positional;
  const known = world.section('helm-repositories', () => ({}) as Record<string, string>);
  await world.clock.sleep(1000, call.signal);
  if (action === 'add') {
    const problem = findHome(url);
    if (problem) throw new HelmError(problem);
    known[name] = url;
    call.stdout(`"${name}" has been added to your repositories\n`);
  } else if (action === 'update') {
    if (Object.keys(known).length === 0) throw new HelmError('no repositories found. You must add one before updating');
    for (const repository of Object.keys(known))
      call.stdout(`...Successfully got an update from the "${repository}" chart repository\n`);
    call.stdout('Update Complete. ⎈Happy Helming!⎈\n');
  } else throw new HelmError(`unknown command "${action}" for "helm repo"`);
}

async function upgrade(world: KubernetesWorld, call: ProgramCall, args: HelmArguments): Promise<void> {
  const [name = '', chartName = ''] = args.positional;
  const { flags } = args;
  const values = valuesOf(call, args);
  const cluster = reach(world, call, args);
  await world.clock.sleep(FETCH_MS, call.signal);
  const chart = locate(world, chartName, text(flags['repo']), text(flags['version']));
  const namespace = namespaceOf(flags);
  const before = cluster.state.helmReleases[nameKeyOf(namespace, name)];
  if (!before && args.command === 'upgrade' && !flags['install'])
    throw new HelmError(`UPGRADE FAILED: "${name}" has no deployed releases`);
  if (!before && flags['install']) call.stdout(`Release "${name}" does not exist. Installing it now.\n`);
  const release = apply(reach(world, call, args), { name, namespace, values }, chart, flags, before);
  await world.clock.sleep(APPLY_MS, call.signal);
  if (flags['wait'] || flags['atomic']) await wait(world, call, args, release);
  release.status = 'deployed';
  const deployed = new Date(release.updated).toUTCString();
  if (before) call.stdout(`Release "${name}" has been upgraded. Happy Helming!\n`);
  call.stdout(
    `NAME: ${name}\nLAST DEPLOYED: ${deployed}\nNAMESPACE: ${namespace}\nSTATUS: deployed\nREVISION: ${release.revision}\n`,
  );
}

interface NewRelease {
  readonly name: string;
  readonly namespace: string;
  readonly values: Fields;
}

function apply(
  cluster: Cluster,
  release: NewRelease,
  chart: ResolvedChart,
  flags: HelmArguments['flags'],
  before?: HelmRelease,
): HelmRelease {
  const { name, namespace } = release;
  if (flags['create-namespace'])
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, HELM_MANAGER);
  const manifests = chartObjects(chart, release).map((manifest) => labelled(manifest, release));
  for (const manifest of manifests.toSorted((a, b) => Number(isDefinition(b)) - Number(isDefinition(a)))) {
    const why = refusal(cluster, manifest);
    if (why !== undefined) throw new HelmError(`${before ? 'UPGRADE' : 'INSTALLATION'} FAILED: ${why}`);
    cluster.apply(manifest, HELM_MANAGER);
  }
  const record: HelmRelease = {
    name,
    namespace,
    chart: chart.chart,
    version: chart.version,
    appVersion: chart.version,
    revision: (before?.revision ?? 0) + 1,
    status: before ? 'pending-upgrade' : 'pending-install',
    updated: new Date(cluster.at).toISOString(),
    objects: manifests.map(keyOf),
  };
  cluster.state.helmReleases[nameKeyOf(namespace, name)] = record;
  return record;
}

function isDefinition({ kind }: Manifest): boolean {
  return kind === 'CustomResourceDefinition';
}

function labelled(manifest: Manifest, { name, namespace }: NewRelease): Manifest {
  const { labels, annotations } = manifest.metadata;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { ...annotations, 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
    },
  };
}

/** Waits as `--wait` does: for workloads, Services and claims, up to `--timeout`. */
async function wait(
  world: KubernetesWorld,
  call: ProgramCall,
  args: HelmArguments,
  release: HelmRelease,
): Promise<void> {
  const deadline = world.clock.now().getTime() + goDuration(args.flags['timeout'], 300_000);
  for (;;) {
    const cluster = reach(world, call, args);
    const waiting = release.objects.some((key) => {
      const live = cluster.byKey(key);
      return (
        live === undefined ||
        (groupOf(live.object.apiVersion) !== 'argoproj.io' &&
          (healthOf(cluster, live, false) ?? 'Healthy') !== 'Healthy')
      );
    });
    if (!waiting) return;
    if (call.signal.aborted || world.clock.now().getTime() >= deadline) {
      release.status = 'failed';
      throw new HelmError(call.signal.aborted ? 'release cancelled: context canceled' : 'context deadline exceeded');
    }
    await world.clock.sleep(LOOK_MS, call.signal).catch(() => undefined);
  }
}

async function uninstall(world: KubernetesWorld, call: ProgramCall, args: HelmArguments): Promise<void> {
  const [name = ''] = args.positional;
  const cluster = reach(world, call, args);
  const key = nameKeyOf(namespaceOf(args.flags), name);
  const release = cluster.state.helmReleases[key];
  if (!release) {
    if (args.flags['ignore-not-found']) return;
    throw new HelmError(`uninstall: Release not loaded: ${name}: release: not found`);
  }
  for (const object of release.objects) {
    const stored = cluster.byKey(object);
    // Helm never deletes custom resource definitions.
    if (stored && stored.object.kind !== 'CustomResourceDefinition') cluster.remove(stored);
  }
  delete cluster.state.helmReleases[key];
  await world.clock.sleep(APPLY_MS, call.signal);
  call.stdout(`release "${name}" uninstalled\n`);
}

async function list(world: KubernetesWorld, call: ProgramCall, args: HelmArguments): Promise<void> {
  const cluster = reach(world, call, args);
  const everywhere = args.flags['all-namespaces'] === true;
  const rows = Object.values(cluster.state.helmReleases)
    .filter(({ namespace }) => everywhere || namespace === namespaceOf(args.flags))
    .map(({ name, namespace, revision, updated, status, chart, version, appVersion }) => ({
      name,
      namespace,
      revision: String(revision),
      updated,
      status,
      chart: `${chart}-${version}`,
      app_version: appVersion,
    }));
  if (args.flags['output'] === 'json') call.stdout(`${JSON.stringify(rows)}\n`);
  else
    call.stdout(
      `${['NAME\tNAMESPACE\tREVISION\tUPDATED\tSTATUS\tCHART\tAPP VERSION', ...rows.map((row) => Object.values(row).join('\t'))].join('\n')}\n`,
    );
}

/** The chart in its repository, by `--repo`, by an alias of `helm repo add`, or as an OCI reference. */
function locate(
  world: KubernetesWorld,
  name: string,
  repo: string | undefined,
  version: string | undefined,
): ResolvedChart {
  if (name.startsWith('oci://'))
    return found(findChart({ repository: name, chart: name.split('/').pop() ?? name, version }));
  const [alias = '', aliased] = name.split('/');
  if (repo === undefined && aliased === undefined)
    throw new HelmError('non-absolute URLs should be in form of repo_name/path_to_chart, got: '.concat(name));
  const repository = repo ?? world.section('helm-repositories', () => ({}) as Record<string, string>)[alias];
  if (repository === undefined) throw new HelmError(`repo ${alias} not found`);
  return found(findChart({ repository, chart: repo === undefined ? (aliased ?? name) : name, version }));
}

function found(chart: ReturnType<typeof findChart>): ResolvedChart {
  if ('error' in chart) throw new HelmError(chart.error);
  return chart;
}

/** The cluster of the kubeconfig's current context, with its token checked as the API server does. */
function reach(world: KubernetesWorld, call: ProgramCall, { flags }: HelmArguments): Cluster {
  const file = text(flags['kubeconfig']) ?? call.env['KUBECONFIG'];
  if (!file)
    throw new HelmError(
      'Kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused',
    );
  const { server, token } = kubeconfig(readText(resolve(call.cwd, file)));
  const name = /\/clusters\/([^/]+)/.exec(server)?.[1] ?? '';
  let cluster: Cluster;
  try {
    cluster = world.at(name);
  } catch {
    throw new HelmError(
      `Kubernetes cluster unreachable: Get "${server}/version": dial tcp: connect: connection refused`,
    );
  }
  try {
    if (authenticate(token === undefined ? undefined : `Bearer ${token}`, cluster.eks, cluster.at).may === 'everything')
      return cluster;
  } catch {
    throw new HelmError('Kubernetes cluster unreachable: the server has asked for the client to provide credentials');
  }
  throw new HelmError('query: failed to query with labels: secrets is forbidden');
}

function kubeconfig(content: string): { server: string; token?: string } {
  const config = parse(content) as {
    'current-context'?: string;
    contexts?: { name: string; context: { cluster: string; user: string } }[];
    clusters?: { name: string; cluster: { server: string } }[];
    users?: { name: string; user: { token?: string } }[];
  };
  const context = config.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const server = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster.server;
  const token = config.users?.find(({ name }) => name === context?.user)?.user.token;
  if (!server)
    throw new HelmError('kubernetes cluster unreachable: invalid configuration: no configuration has been provided');
  return { server, ...(token !== undefined && { token }) };
}

/** `--values` files in order, then `--set` over them. */
function valuesOf(call: ProgramCall, { values, sets }: HelmArguments): Fields {
  const files = values.map((file) => parse(readText(resolve(call.cwd, file))) as unknown);
  return [...files, ...sets].reduce<Fields>(
    (merged, next) => mergePatch(merged, isFields(next) ? next : {}) as Fields,
    {},
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new HelmError(`open ${file}: no such file or directory`);
  }
}

function namespaceOf(flags: HelmArguments['flags']): string {
  return text(flags['namespace']) ?? 'default';
}

function text(flag: string | boolean | undefined): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}
