import { mergeFields } from '../json-merge';
import { isFields, type Fields } from '../manifest';

/** Keys by which lists of objects are merged, in the order in which they are looked for. */
const MERGE_KEYS = ['name', 'mountPath', 'containerPort', 'port'] as const;

/** Strategic merge: like a merge patch, but lists of named objects are merged by name and `$patch: delete` removes. */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && Array.isArray(target)) return mergeLists(target, patch);
  return isFields(patch) ? mergeFields(target, patch, strategicMerge) : patch;
}

function mergeLists(target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const key = MERGE_KEYS.find((candidate) =>
    [...target, ...patch].every((item) => isFields(item) && item[candidate] !== undefined),
  );
  if (key === undefined) return [...patch];
  const result = [...target];
  for (const item of patch as Fields[]) {
    const index = result.findIndex((other) => isFields(other) && other[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (index !== -1) result.splice(index, 1);
    } else if (index === -1) result.push(item);
    else result[index] = strategicMerge(result[index], item);
  }
  return result;
}
