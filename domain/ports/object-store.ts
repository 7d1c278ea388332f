/** The objects of one S3 bucket: reports and evidence (keys from `domain/names.ts`), or the deployed targets. */
export interface ObjectStore {
  put(key: string, body: string | Uint8Array, contentType: string): Promise<void>;
  /** Its text; undefined when there is no such object. */
  get(key: string): Promise<string | undefined>;
  /** Keys below a prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
}
