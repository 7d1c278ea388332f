import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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
