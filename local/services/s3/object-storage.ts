import { createHash } from 'node:crypto';

/** An object with what S3 tells of it. */
export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  readonly lastModified: string;
}

/** Where the objects of the simulated buckets are. Calls are synchronous, so that a condition and its write are one. */
export interface ObjectStorage {
  read(bucket: string, key: string): StoredObject | undefined;
  write(bucket: string, key: string, object: StoredObject): void;
  /** Nothing happens when there is no such object. */
  remove(bucket: string, key: string): void;
  /** All keys of a bucket, in the order of their UTF-8 bytes, as S3 lists them. */
  keys(bucket: string): readonly string[];
}

/** Keeps objects in memory, for tests and simulation. */
export function memoryObjects(): ObjectStorage {
  const buckets = new Map<string, Map<string, StoredObject>>();
  const objectsOf = (bucket: string): Map<string, StoredObject> => {
    const objects = buckets.get(bucket) ?? new Map<string, StoredObject>();
    buckets.set(bucket, objects);
    return objects;
  };
  return {
    read: (bucket, key) => objectsOf(bucket).get(key),
    write: (bucket, key, object) => void objectsOf(bucket).set(key, object),
    remove: (bucket, key) => void objectsOf(bucket).delete(key),
    keys: (bucket) => [...objectsOf(bucket).keys()].toSorted(byBytes),
  };
}

/** S3's order of keys. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The entity tag of an object that was not uploaded in parts: its MD5. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
