import { isFields, type Fields } from './manifest';

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  return isFields(patch) ? mergeFields(target, patch, mergePatch) : patch;
}

/** The target with each field of the patch merged into its own; null removes one. */
export function mergeFields(target: unknown, patch: Fields, merge: typeof mergePatch): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** What applying does to a live object: fields that the manifest names are set, others stay; lists are replaced. */
export function applied(live: unknown, manifest: unknown): unknown {
  if (!isFields(manifest) || !isFields(live)) return manifest;
  const result: Fields = { ...live };
  for (const [key, value] of Object.entries(manifest)) result[key] = applied(live[key], value);
  return result;
}

/** Whether a live object has everything that the manifest names: how Argo CD and Flux see drift. */
export function contains(live: unknown, manifest: unknown): boolean {
  if (manifest === null || manifest === undefined) return live === undefined || live === null;
  if (Array.isArray(manifest)) {
    return (
      Array.isArray(live) &&
      live.length === manifest.length &&
      manifest.every((item, index) => contains(live[index], item))
    );
  }
  if (isFields(manifest)) {
    return isFields(live)
      ? Object.entries(manifest).every(([key, value]) => contains(live[key], value))
      : Object.keys(manifest).length === 0 && live === undefined;
  }
  return live === manifest;
}

interface JsonPatchOperation {
  op: string;
  path: string;
  value?: unknown;
}

/**
 * JSON patch (RFC 6902) with add, replace, remove and test.
 * @throws Error in the API server's words when a path does not exist or a test fails.
 */
export function jsonPatch(target: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const result: unknown = structuredClone(target);
  for (const operation of operations) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((value, key) => child(value, key), result);
    change(parent, last, operation);
  }
  return result;
}

function child(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown;
  return isFields(value) ? value[key] : undefined;
}

function change(parent: unknown, key: string, { op, path, value }: JsonPatchOperation): void {
  const there = child(parent, key) !== undefined;
  if (!isFields(parent) && !Array.isArray(parent)) throw new Error(`doc is missing path: "${path}": missing value`);
  if (op === 'test') {
    if (JSON.stringify(child(parent, key)) !== JSON.stringify(value))
      throw new Error(`testing path ${path} value failed`);
  } else if (op === 'remove') {
    if (!there) throw new Error(`Unable to remove nonexistent key: ${key}: missing value`);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  } else if (op === 'add' || op === 'replace') {
    if (op === 'replace' && !there)
      throw new Error(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    if (!Array.isArray(parent)) parent[key] = value;
    else if (op === 'replace') parent[Number(key)] = value;
    else parent.splice(key === '-' ? parent.length : Number(key), 0, value);
  } else throw new Error(`Unexpected kind: ${op}`);
}
