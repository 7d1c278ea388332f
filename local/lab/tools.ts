import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../root';

/** The S3 backend's own lock file is stable since this version; the drill relies on it. */
const OLDEST_TERRAFORM = [1, 11] as const;
const PROVIDER = 'registry.terraform.io/hashicorp/aws';

/** What the lab runs with. */
export interface LabTools {
  /** Path of the program. */
  readonly terraform: string;
  /** Such as `1.11.4`. */
  readonly terraformVersion: string;
  /** A folder with the provider, laid out as `terraform providers mirror` does. */
  readonly providerMirror: string;
}

/** The machine, as far as the lab looks at it. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
  /** Names in a folder; none when it cannot be read. */
  readonly list: (folder: string) => readonly string[];
  /** Standard output of a program; undefined when it is not there or fails. */
  readonly output: (program: string, args: readonly string[]) => string | undefined;
}

export const thisMachine: Machine = {
  environment: process.env,
  exists: existsSync,
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  output: (program, args) => {
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    return status === 0 ? stdout : undefined;
  },
};

/**
 * Finds what the lab needs on a machine.
 * @param providerVersion the one that the example pins.
 * @returns the tools, or a sentence for each that is missing, with the way to get it.
 */
export function findTools(
  machine: Machine,
  providerVersion: string,
): { readonly tools: LabTools } | { readonly missing: readonly string[] } {
  const missing: string[] = [];
  const terraform = onPath(machine, 'terraform');
  const terraformVersion = terraform && versionOf(machine.output(terraform, ['version', '-json']));
  if (!terraform || !terraformVersion) {
    missing.push('Terraform is not on PATH. Install version 1.11 or newer.');
  } else if (!isNewEnough(terraformVersion)) {
    missing.push(`Terraform ${terraformVersion} is too old. Install version 1.11 or newer.`);
  }
  const providerMirror = mirrors(machine).find((folder) => holdsProvider(machine, folder, providerVersion));
  if (providerMirror === undefined) {
    missing.push(
      `The provider hashicorp/aws ${providerVersion} is in no folder of this machine. Run "terraform providers mirror FOLDER" in examples/bootstrap/terraform, and name that folder in LAB_PROVIDER_MIRROR.`,
    );
  }
  if (!onPath(machine, 'moto_server')) {
    missing.push(`moto is not on PATH. Install it with pip install 'moto[server]==5.2.1'.`);
  }
  return missing.length > 0
    ? { missing }
    : { tools: { terraform: terraform!, terraformVersion: terraformVersion!, providerMirror: providerMirror! } };
}

function onPath({ environment, exists }: Machine, program: string): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(exists);
}

function versionOf(said: string | undefined): string | undefined {
  try {
    return (JSON.parse(said ?? '') as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_TERRAFORM;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** Where Terraform itself looks for a mirror, and where people put theirs; the one that is named comes first. */
function mirrors({ environment, list }: Machine): string[] {
  const named = [environment['LAB_PROVIDER_MIRROR'], environment['TF_PLUGIN_CACHE_DIR']];
  const data = (environment['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share').split(delimiter);
  return [
    ...named.filter((folder): folder is string => folder !== undefined && folder !== ''),
    join(homedir(), '.terraform.d', 'plugins'),
    join(homedir(), '.terraform.d', 'plugin-cache'),
    join(homedir(), '.local', 'share', 'terraform', 'plugins'),
    ...data.map((folder) => join(folder, 'terraform', 'plugins')),
    ...list('/opt').map((name) => join('/opt', name)),
  ];
}

/** A mirror holds folders by version, or the archives as they are downloaded. */
function holdsProvider({ list }: Machine, folder: string, version: string): boolean {
  return list(join(folder, PROVIDER)).some((name) => name === version || name.includes(`_${version}_`));
}

/** The version of the AWS provider that `.terraform.lock.hcl` of the example pins. */
export function exampleProviderVersion(): string {
  const file = join(ROOT, 'examples', 'bootstrap', 'terraform', '.terraform.lock.hcl');
  return /hashicorp\/aws"\s*\{\s*version\s*=\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))![1]!;
}
