import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../../../local/world/kubernetes/manifest';

const RECORDED = join(__dirname, '../../../recorded');

/** A recorded object or answer, such as `argocd/application-synced-degraded`. */
export function recorded<Result = Record<string, never>>(name: string): Result {
  return JSON.parse(readFileSync(join(RECORDED, `${name}.json`), 'utf8')) as Result;
}

/** The paths of all keys of a value; items of a list share theirs. */
export function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => shapeOf(item, `${path}[]`)))].toSorted();
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, part]) => shapeOf(part, `${path}.${key}`));
  return [...new Set([path, ...below])].toSorted();
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly lastTransitionTime: string;
  readonly lastUpdateTime?: string;
}

/** A condition of an object's status by its type. */
export function conditionIn(object: Manifest | undefined, type: string): Condition | undefined {
  const conditions = (object?.status?.['conditions'] ?? []) as Condition[];
  return conditions.find((condition) => condition.type === type);
}

/** A field of an object by its path, such as `spec.source.targetRevision`. */
export function fieldIn(object: Manifest, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
