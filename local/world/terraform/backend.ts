import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../domain/clock';
import { messageOf } from '../../../domain/errors';
import type { Configuration } from './configuration';
import { failure, TerraformError } from './diagnostics';
import type { Output } from './output';

/** The objects of S3, as far as Terraform's backend uses them. */
export interface ObjectAccess {
  /** Text of an object; undefined when there is none. Rejects when there is no such bucket. */
  read(bucket: string, key: string): Promise<string | undefined>;
  write(bucket: string, key: string, body: string): Promise<void>;
  /** Writes only if there is no such object (`If-None-Match: *`); false when there is one. */
  create(bucket: string, key: string, body: string): Promise<boolean>;
  remove(bucket: string, key: string): Promise<void>;
}

/** What stands in a lock file. */
export interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

/** Where a state is kept. */
export interface Backend {
  /** Names the state among all others, for ids. */
  readonly name: string;
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** The lock that is held by someone else, or undefined when it was taken. */
  lock(info: Omit<LockInfo, 'Path'>): Promise<LockInfo | undefined>;
  readLock(): Promise<LockInfo | undefined>;
  unlock(): Promise<void>;
}

type BackendSettings = Readonly<Record<string, unknown>>;

/** `.terraform/terraform.tfstate` keeps the backend that `init` chose. */
function settingsFile(directory: string): string {
  return join(directory, '.terraform', 'terraform.tfstate');
}

/**
 * Chooses the backend of a directory and remembers it there, as `terraform init` does.
 * @param given `-backend-config` arguments: `key=value`, or a file of JSON or of such lines.
 */
export function initialiseBackend({ directory, backend }: Configuration, given: readonly string[]): void {
  if (!backend) return;
  const config = { ...backend.body, ...Object.fromEntries(given.flatMap((one) => settingsOf(directory, one))) };
  const file = settingsFile(directory);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, backend: { type: backend.type, config } }));
}

function settingsOf(directory: string, given: string): [string, unknown][] {
  const pair = /^([a-z_]+)=(.*)$/s.exec(given);
  if (pair) return [[pair[1]!, pair[2]!]];
  const text = readFileSync(join(directory, given), 'utf8');
  if (text.trimStart().startsWith('{')) return Object.entries(JSON.parse(text) as Record<string, unknown>);
  return Array.from(text.matchAll(/^\s*([a-z_]+)\s*=\s*"?([^"\n]*)"?\s*$/gm), ([, name = '', value = '']) => [
    name,
    value,
  ]);
}

/** The backend of an initialised directory. @throws TerraformError when `terraform init` is still to be run. */
export function openBackend({ directory, backend }: Configuration, objects: ObjectAccess): Backend {
  if (!backend) return localBackend(directory);
  const file = settingsFile(directory);
  if (!existsSync(file)) throw new TerraformError([initialisationRequired(backend.type)]);
  const { config } = (JSON.parse(readFileSync(file, 'utf8')) as { backend: { config: BackendSettings } }).backend;
  if (backend.type !== 's3') {
    throw new TerraformError([
      failure(
        'Unsupported backend type',
        `There is no backend "${backend.type}" in the local drill; it keeps states in S3.`,
      ),
    ]);
  }
  return s3Backend(config, objects);
}

function s3Backend(config: BackendSettings, objects: ObjectAccess): Backend {
  const bucket = String(config['bucket']);
  const key = String(config['key']);
  const lockKey = `${key}.tflock`;
  const locked = config['use_lockfile'] === true || config['use_lockfile'] === 'true';
  const readLock = async (): Promise<LockInfo | undefined> => {
    const text = await objects.read(bucket, lockKey);
    return text === undefined ? undefined : (JSON.parse(text) as LockInfo);
  };
  return {
    name: `${bucket}/${key}`,
    read: () =>
      objects.read(bucket, key).catch((error: unknown) => {
        throw new TerraformError([failure(`Failed to get existing workspaces: ${messageOf(error)}`, '')]);
      }),
    write: (text) => objects.write(bucket, key, text),
    lock: async (info) => {
      if (!locked) return undefined;
      const taken = await objects.create(bucket, lockKey, JSON.stringify({ ...info, Path: `${bucket}/${key}` }));
      return taken ? undefined : readLock();
    },
    readLock,
    unlock: async () => {
      if (locked) await objects.remove(bucket, lockKey);
    },
  };
}

function localBackend(directory: string): Backend {
  const file = join(directory, 'terraform.tfstate');
  return {
    name: 'terraform.tfstate',
    read: () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    write: (text) => Promise.resolve(writeFileSync(file, text)),
    lock: () => Promise.resolve(undefined),
    readLock: () => Promise.resolve(undefined),
    unlock: () => Promise.resolve(),
  };
}

/** How often a taken lock is tried again under `-lock-timeout`, in milliseconds. */
const LOCK_RETRY_MILLISECONDS = 2000;

export interface LockWait {
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * Takes the state's lock, waiting for at most `timeoutSeconds`.
 * @throws TerraformError naming who holds it; the signal's reason when it aborts first.
 */
export async function acquireLock(
  backend: Backend,
  info: Omit<LockInfo, 'Path'>,
  { timeoutSeconds, clock, output, signal }: LockWait,
): Promise<void> {
  const deadline = clock.now().getTime() + timeoutSeconds * 1000;
  let told = false;
  for (;;) {
    const holder = await backend.lock(info);
    if (!holder) return;
    if (clock.now().getTime() >= deadline) throw new TerraformError([lockHeld(holder)]);
    if (!told) output.event('state_lock_acquire', 'Acquiring state lock. This may take a few moments...');
    told = true;
    await clock.sleep(LOCK_RETRY_MILLISECONDS, signal);
  }
}

function lockHeld(holder: LockInfo): ReturnType<typeof failure> {
  return failure(
    'Error acquiring the state lock',
    'Error message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed: ' +
      `At least one of the pre-conditions you specified did not hold\n${lockText(holder)}\n\n` +
      'Terraform acquires a state lock to protect the state from being written\nby multiple users at the same time. ' +
      'Please resolve the issue above and try\nagain. For most commands, you can disable locking with the "-lock=false"\n' +
      'flag, but this is not recommended.',
  );
}

/** A lock as Terraform shows it. */
export function lockText({ ID, Path, Operation, Who, Version, Created, Info }: LockInfo): string {
  const created = Created.replace('T', ' ').replace('Z', ' +0000 UTC');
  return (
    `Lock Info:\n  ID:        ${ID}\n  Path:      ${Path}\n  Operation: ${Operation}\n  Who:       ${Who}\n` +
    `  Version:   ${Version}\n  Created:   ${created}\n  Info:      ${Info}\n`
  );
}

function initialisationRequired(type: string): ReturnType<typeof failure> {
  return failure(
    'Backend initialization required, please run "terraform init"',
    `Reason: Initial configuration of the requested backend "${type}"\n\nThe "backend" is the interface that Terraform ` +
      'uses to store state,\nperform operations, etc. If this message is showing up, it means that the\nTerraform ' +
      "configuration you're using is using a custom configuration for\nthe Terraform backend.",
  );
}
