import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';

const FOLDER = join(__dirname, '..', '..', 'recorded');

export type Part = 'kubernetes' | 'argocd' | 'flux';

/** A recorded object, such as `recorded('argocd', 'application-multi-source')`; the first item of a list. */
export function recorded(part: Part, name: string): KubernetesObject {
  const [first] = recordedAll(part, name);
  if (!first) throw new Error(`test/recorded/${part}/${name}.json holds no object`);
  return first;
}

/** The objects of a recording; the items of a list carry their kind as `KubernetesApi.list` gives them. */
export function recordedAll(part: Part, name: string): KubernetesObject[] {
  const content = JSON.parse(readFileSync(join(FOLDER, part, `${name}.json`), 'utf8')) as KubernetesObject & {
    items?: KubernetesObject[];
  };
  if (!content.items) return [content];
  const kind = content.kind.replace(/List$/, '');
  return content.items.map((item) => Object.assign({ apiVersion: content.apiVersion, kind }, item));
}

/** The watch events of a series, oldest first. */
export function series(part: Part, name: string): { readonly at: string; readonly object: KubernetesObject }[] {
  const content = JSON.parse(readFileSync(join(FOLDER, part, `series-${name}.json`), 'utf8')) as {
    snapshots: { at: string; object: KubernetesObject }[];
  };
  return content.snapshots;
}

/** A deep copy with some fields replaced: `path` is dotted, `undefined` removes. */
export function changed(object: KubernetesObject, changes: Readonly<Record<string, unknown>>): KubernetesObject {
  const copy = structuredClone(object);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let holder = copy as unknown as Record<string, unknown>;
    for (const key of keys) holder = (holder[key] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return copy;
}
