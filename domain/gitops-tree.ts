import { posix } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { LABEL, ROOT_NAME } from './names';
import { filesIn, hasFolder, isBelow, resolvePath, type RepositoryFiles } from './repository-files';

/** One object of a YAML file. `line` is where it begins, from 1. */
export interface Manifest {
  readonly file: string;
  readonly line: number;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Something wrong with the files, in a sentence that begins with the place. */
export interface TreeFault {
  readonly check: 'gitops files' | 'gitops YAML';
  readonly place: string;
  readonly sentence: string;
}

export interface GitopsTree {
  readonly manifests: readonly Manifest[];
  /** The kustomization files on the way. */
  readonly kustomizations: readonly Manifest[];
  /** Whether a kustomization takes resources from elsewhere, which are not followed. */
  readonly isPartial: boolean;
  readonly faults: readonly TreeFault[];
}

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The kustomization file of a folder, if it has one. */
export function kustomizationFileIn(files: RepositoryFiles, folder: string): string | undefined {
  return KUSTOMIZATION_FILES.map((name) => posix.join(folder, name)).find((path) => files.paths.includes(path));
}

/**
 * Reads the manifests that a GitOps engine finds from a folder on: along the kustomizations, and into the folders of
 * this repository that Applications and Flux Kustomizations name. Each file is read once; what lies elsewhere (charts,
 * other repositories) is not followed.
 */
export function readGitopsTree(files: RepositoryFiles, root: string): GitopsTree {
  const manifests: Manifest[] = [];
  const kustomizations: Manifest[] = [];
  let isPartial = false;
  const faults: TreeFault[] = [];
  const seen = new Set<string>();

  const readFile = (file: string): readonly Manifest[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    const parsed = parseManifests(file, files.text(file) ?? '');
    faults.push(...parsed.faults);
    return parsed.manifests;
  };

  const readManifests = (file: string): void => {
    for (const manifest of readFile(file)) {
      manifests.push(manifest);
      const folder = ownFolderOf(manifest.object);
      if (folder === undefined) continue;
      if (hasFolder(files, folder)) readFolder(folder);
      else if (readsThisRepository(manifest.object)) {
        const place = `${manifest.file}:${manifest.line}`;
        const sentence = `${place}: ${String(manifest.object['kind'])} applies the folder ${folder}, but there is no file in it; mend its path or add the folder`;
        faults.push({ check: 'gitops files', place, sentence });
      }
    }
  };

  const readFolder = (folder: string): void => {
    const kustomization = kustomizationFileIn(files, folder);
    if (kustomization) readKustomization(kustomization);
    else yamlFilesBelow(files, folder).forEach(readManifests);
  };

  const readKustomization = (file: string): void => {
    for (const kustomization of readFile(file)) {
      const { object } = kustomization;
      kustomizations.push(kustomization);
      for (const entry of entriesOf(object)) {
        const path = resolvePath(posix.dirname(file), entry);
        isPartial ||= isRemote(entry);
        if (isRemote(entry)) continue;
        if (files.paths.includes(path)) readManifests(path);
        else if (hasFolder(files, path)) readFolder(path);
        else {
          const sentence = `${file}:${lineOf(entry, files.text(file) ?? '')}: names the resource ${entry}, but there is no ${path}; add it or take its line out`;
          faults.push({ check: 'gitops files', place: `${file} ${entry}`, sentence });
        }
      }
    }
  };

  readFolder(root);
  return { manifests, kustomizations, isPartial, faults };
}

/** What a kustomization lists as resources or components. */
function entriesOf(kustomization: Readonly<Record<string, unknown>>): string[] {
  return ['resources', 'components', 'bases'].flatMap((key) => {
    const listed = kustomization[key];
    return Array.isArray(listed) ? listed.filter((entry): entry is string => typeof entry === 'string') : [];
  });
}

/** The line where a kustomization lists an entry; not one that is commented out. */
function lineOf(entry: string, text: string): number {
  return 1 + text.split('\n').findIndex((line) => line.includes(entry) && !/^\s*#/.test(line));
}

function isRemote(entry: string): boolean {
  return /^[a-z+]+:\/\/|^git@|\?ref=|^github\.com\//.test(entry);
}

/** The folder of a repository that an Application or a Flux Kustomization applies; it may be another repository's. */
function ownFolderOf(object: Readonly<Record<string, unknown>>): string | undefined {
  const spec = object['spec'] as { path?: unknown; source?: { path?: unknown; chart?: unknown } } | undefined;
  const path = object['kind'] === 'Application' ? spec?.source?.path : spec?.path;
  if (!['Application', 'Kustomization'].includes(String(object['kind'])) || typeof path !== 'string') return undefined;
  return resolvePath('.', path);
}

/** Whether an Application or Kustomization is sure to read this repository, by the mark or the source that says so. */
function readsThisRepository(object: Readonly<Record<string, unknown>>): boolean {
  const { metadata, spec } = object as {
    metadata?: { labels?: Record<string, unknown> };
    spec?: { sourceRef?: { kind?: unknown; name?: unknown } };
  };
  const { kind, name } = spec?.sourceRef ?? {};
  return metadata?.labels?.[LABEL.pin] === 'commit' || (kind === 'GitRepository' && name === ROOT_NAME);
}

/** The YAML files of a folder without a kustomization, as both engines read them; a chart's templates are no YAML. */
function yamlFilesBelow(files: RepositoryFiles, folder: string): string[] {
  if (filesIn(files, folder).some((path) => path.endsWith('/Chart.yaml'))) return [];
  return files.paths.filter((path) => isBelow(path, folder) && /\.ya?ml$/.test(path) && !path.includes('/templates/'));
}

type ParsedFile = Pick<GitopsTree, 'manifests' | 'faults'>;

/** The last files, by name and text: simulations check the same repository thousands of times. */
const parsedFiles = new Map<string, ParsedFile>();
const MOST_PARSED_FILES = 50;

function parseManifests(file: string, text: string): ParsedFile {
  const key = `${file}\n${text}`;
  const known = parsedFiles.get(key);
  if (known) return known;
  if (parsedFiles.size >= MOST_PARSED_FILES) parsedFiles.clear();
  const parsed = parseFile(file, text);
  parsedFiles.set(key, parsed);
  return parsed;
}

function parseFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const faults: TreeFault[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    const [broken] = document.errors;
    const line = lines.linePos(broken?.pos[0] ?? document.contents?.range?.[0] ?? 0).line || 1;
    const place = `${file}:${line}`;
    if (broken) {
      const words = broken.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
      faults.push({ check: 'gitops YAML', place, sentence: `${place}: this is not YAML (${words})` });
      continue;
    }
    const object: unknown = document.toJS();
    if (object === null || object === undefined) continue;
    if (typeof object === 'object' && (KUSTOMIZATION_FILES.includes(posix.basename(file)) || 'kind' in object)) {
      manifests.push({ file, line, object: object as Record<string, unknown> });
    } else {
      faults.push({ check: 'gitops YAML', place, sentence: `${place}: this is no Kubernetes object; give it a kind` });
    }
  }
  return { manifests, faults };
}
