import type { ObjectStore } from '../../domain/ports/object-store';
import { byBytes } from '../services/s3/object-storage';

/** The objects of one bucket in memory. */
export class MemoryObjectStore implements ObjectStore {
  readonly objects = new Map<string, string>();

  async put(key: string, body: string | Uint8Array): Promise<void> {
    this.objects.set(key, typeof body === 'string' ? body : Buffer.from(body).toString());
  }

  async get(key: string): Promise<string | undefined> {
    return this.objects.get(key);
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(byBytes);
  }
}
