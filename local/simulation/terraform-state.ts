import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { uuidOf } from '../states/uuid-of';
import type { MemoryObjectStore } from './memory-object-store';

/** What the simulated Terraform keeps of what it made. */
export interface KeptState {
  readonly addresses: readonly string[];
}

interface Backend {
  readonly bucket: string;
  readonly key: string;
}

/** A remote state with its lock, as the S3 backend with `use_lockfile` has it. */
export class TerraformState {
  private constructor(
    private readonly store: MemoryObjectStore,
    private readonly key: string,
  ) {}

  /** The state that the backend file in a folder names. */
  static of(folder: string, stores: (bucket: string) => MemoryObjectStore): TerraformState {
    const text = readFileSync(join(folder, 'cluster-drill_override.tf.json'), 'utf8');
    const { bucket, key } = (JSON.parse(text) as { terraform: { backend: { s3: Backend } } }).terraform.backend.s3;
    return new TerraformState(stores(bucket), key);
  }

  read(): KeptState {
    const text = this.store.objects.get(this.key);
    return text === undefined ? { addresses: [] } : (JSON.parse(text) as KeptState);
  }

  write(state: KeptState): void {
    this.store.objects.set(this.key, JSON.stringify(state));
  }

  /** The id of the lock that somebody holds. */
  get lockId(): string | undefined {
    const text = this.store.objects.get(this.lockKey);
    return text === undefined ? undefined : (JSON.parse(text) as { ID: string }).ID;
  }

  /** @returns whether it was free. */
  lock(name: string, at: string): boolean {
    if (this.lockId !== undefined) return false;
    const lock = { ID: uuidOf(name), Who: `root@${hostname()}`, Created: at };
    this.store.objects.set(this.lockKey, JSON.stringify(lock));
    return true;
  }

  unlock(): void {
    this.store.objects.delete(this.lockKey);
  }

  private get lockKey(): string {
    return `${this.key}.tflock`;
  }
}
