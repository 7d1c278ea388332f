import { IN_CLUSTER } from './argocd-installation';
import type { System } from './catalogue';
import { CATALOGUE } from './catalogue-entries';
import { systemOf } from './catalogue/probes';
import { kindOf, nameOf } from './gitops-pins';
import { readGitopsTree, type Manifest } from './gitops-tree';
import { GITOPS_LAYERS } from './layers';
import { parseManualSteps } from './manual-steps';
import { MANUAL_STEPS_FILE } from './names';
import { nearest } from './nearest';
import type { ManualStep, Readiness } from './record';
import { hasFolder, type RepositoryFiles } from './repository-files';
import type { Settings } from './settings';

/**
 * What the catalogue knows against the components of a target before anything is built: systems that are retired, charts
 * that are published elsewhere now (both become findings), destinations that a managed Argo CD cannot reach, and manual steps
 * that would never be due.
 */
export function checkComponents(files: RepositoryFiles, settings: Settings): Readiness[] {
  const { path, managed } = settings.gitops;
  const manifests = hasFolder(files, path) ? readGitopsTree(files, path).manifests : [];
  return [
    ...retiredSystems(settings),
    ...movedCharts(manifests),
    ...(managed ? manifests.flatMap(unknownDestination) : []),
    ...unknownComponents(files, settings),
  ];
}

/** Steps of manual-steps.yaml that wait for a component which is never read: they would never be due. */
function unknownComponents(files: RepositoryFiles, { layers }: Settings): Readiness[] {
  return declaredSteps(files).flatMap(({ name, layer, component }) => {
    const listed = layer === 'cluster' ? [] : layers[layer].components.map((each) => each.name);
    if (component === undefined || listed.includes(component)) return [];
    const near = nearest(component, listed);
    const mend = near ? `did you mean ${near}` : `name one of the layer, or none`;
    const sentence = `${MANUAL_STEPS_FILE}: the step ${name} waits for component ${component}, which drill.yaml does not list in the ${layer} layer; ${mend}`;
    return [{ name: `manual step ${name}`, status: 'refused', sentence }];
  });
}

/** A file that cannot be read is refused by the repository's own checks. */
function declaredSteps(files: RepositoryFiles): readonly ManualStep[] {
  try {
    return parseManualSteps(files.text(MANUAL_STEPS_FILE) ?? 'steps: []');
  } catch {
    return [];
  }
}

function retiredSystems({ layers }: Settings): Readiness[] {
  return GITOPS_LAYERS.flatMap((layer) => layers[layer].components).flatMap((component) => {
    const retired = systemOf(component)?.retired;
    return retired === undefined ? [] : [warned(`component ${component.name}`, retired)];
  });
}

const MOVED: readonly System[] = Object.values(CATALOGUE).filter(({ moved }) => moved !== undefined);

function movedCharts(manifests: readonly Manifest[]): Readiness[] {
  return manifests.flatMap((manifest) =>
    chartsOf(manifest, manifests).flatMap(({ chart, repository }) => {
      const system = MOVED.find((each) => each.chart === chart && isAt(repository, each.moved!.from));
      if (!system) return [];
      const { moved, repository: now } = system;
      const sentence = `${placeOf(manifest)} takes the chart ${chart} from ${moved!.from}: ${moved!.sentence}; take it from ${now}`;
      return [warned(`chart ${chart}`, sentence)];
    }),
  );
}

interface ChartSource {
  readonly chart: string;
  readonly repository: string;
}

/** The charts that an Application or HelmRelease installs, with where they come from. */
function chartsOf({ object }: Manifest, manifests: readonly Manifest[]): ChartSource[] {
  const kind = kindOf(object);
  if (kind === 'argoproj.io/Application') return sourcesOf(fields(object['spec']));
  if (kind === 'argoproj.io/ApplicationSet') return sourcesOf(templateOf(object));
  if (kind !== 'helm.toolkit.fluxcd.io/HelmRelease') return [];
  const { chart, sourceRef } = fields(fields(fields(object['spec'])['chart'])['spec']);
  const source = manifests.find(
    (other) =>
      kindOf(other.object) === 'source.toolkit.fluxcd.io/HelmRepository' &&
      nameOf(other.object) === fields(sourceRef)['name'],
  );
  return source ? [{ chart: String(chart), repository: String(fields(source.object['spec'])['url']) }] : [];
}

function sourcesOf(spec: Fields): ChartSource[] {
  const { source, sources } = spec;
  return [source, ...(Array.isArray(sources) ? (sources as unknown[]) : [])]
    .map(fields)
    .filter(({ chart }) => typeof chart === 'string')
    .map(({ chart, repoURL }) => ({ chart: String(chart), repository: String(repoURL) }));
}

/** The cluster's own address inside is none to an Argo CD that runs outside of it. */
function unknownDestination(manifest: Manifest): Readiness[] {
  const kind = kindOf(manifest.object);
  const spec = kind === 'argoproj.io/ApplicationSet' ? templateOf(manifest.object) : fields(manifest.object['spec']);
  const { server } = fields(spec['destination']);
  if (
    !kind.startsWith('argoproj.io/Application') ||
    !String(server ?? '').startsWith('https://kubernetes.default.svc')
  ) {
    return [];
  }
  const sentence = `${placeOf(manifest)} goes to ${String(server)}, which the Argo CD that EKS manages does not know; write destination.name: ${IN_CLUSTER}`;
  return [{ name: `managed Argo CD: ${nameOf(manifest.object)}`, status: 'refused', sentence }];
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function templateOf(object: Fields): Fields {
  return fields(fields(fields(object['spec'])['template'])['spec']);
}

function isAt(repository: string, place: string): boolean {
  return repository.replace(/\/+$/, '') === place;
}

function placeOf({ file, line, object }: Manifest): string {
  return `${file}:${line}: ${kindOf(object).split('/')[1]} ${nameOf(object)}`;
}

function warned(name: string, sentence: string): Readiness {
  return { name, status: 'warned', sentence };
}
