import type { ServiceAnswer } from '../../../service';
import type { Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { labelSelector } from '../label-selector';
import { shown } from '../object-status';
import type { ServedType } from '../resource-types';
import { jsonAnswer, refuse } from './status-answers';

const textOf = new WeakMap<object, string>();

/** Items of a list carry no kind and no apiVersion; their text is kept as long as the object stays the same. */
function itemText(cluster: Cluster, stored: Stored): string {
  const { object } = shown(cluster, stored);
  const kept = textOf.get(object);
  if (kept !== undefined && object.metadata.resourceVersion === revisionIn(kept)) return kept;
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
  const text = JSON.stringify(item);
  textOf.set(object, text);
  return text;
}

function revisionIn(text: string): string | undefined {
  return /"resourceVersion":"(\d+)"/.exec(text)?.[1];
}

/** Lists a type: selectors, pages, an empty list for a namespace that does not exist. */
export function list(
  cluster: Cluster,
  type: ServedType,
  version: string,
  namespace: string | undefined,
  query: URLSearchParams,
): ServiceAnswer {
  const selected = select(cluster.all(type.group, type.kind, namespace), query);
  const start = startOf(query.get('continue'), selected);
  const limit = Number(query.get('limit') ?? 0) || selected.length;
  const page = selected.slice(start, start + limit);
  const left = selected.length - start - page.length;
  const last = page.at(-1);
  const metadata = {
    resourceVersion: String(cluster.state.revision),
    ...(left > 0 && last && { continue: tokenAfter(cluster, last), remainingItemCount: left }),
  };
  const apiVersion = type.group ? `${type.group}/${version}` : version;
  const head = JSON.stringify({ kind: `${type.kind}List`, apiVersion, metadata }).slice(0, -1);
  return jsonAnswer(200, `${head},"items":[${page.map((stored) => itemText(cluster, stored)).join(',')}]}`);
}

function select(objects: readonly Stored[], query: URLSearchParams): readonly Stored[] {
  const fields = fieldSelector(query.get('fieldSelector') ?? '');
  const text = query.get('labelSelector') ?? '';
  if (text === '') return objects.filter(fields);
  const holds = selectorOrRefusal(text);
  return objects.filter((stored) => holds(stored.object.metadata.labels ?? {}) && fields(stored));
}

function selectorOrRefusal(text: string): ReturnType<typeof labelSelector> {
  try {
    return labelSelector(text);
  } catch (error) {
    throw refuse.badRequest((error as Error).message);
  }
}

function fieldSelector(text: string): (stored: Stored) => boolean {
  const wanted = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => part.split(/==?/) as [string, string]);
  for (const [field] of wanted) {
    if (field !== 'metadata.name' && field !== 'metadata.namespace')
      throw refuse.badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  return ({ object }) =>
    wanted.every(
      ([field, value]) =>
        (field === 'metadata.name' ? object.metadata.name : (object.metadata.namespace ?? '')) === value,
    );
}

function placeOf({ object }: Stored): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** A continue token names the last object of the page, as the real one does. */
function tokenAfter(cluster: Cluster, last: Stored): string {
  return Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: cluster.state.revision, start: `${placeOf(last)}\0` }),
  ).toString('base64url');
}

function startOf(token: string | null, selected: readonly Stored[]): number {
  if (!token) return 0;
  let start: string;
  try {
    start = (JSON.parse(Buffer.from(token, 'base64url').toString()) as { start: string }).start.replace(/\0$/, '');
  } catch {
    throw refuse.badRequest('continue key is not valid: invalid character');
  }
  const index = selected.findIndex((stored) => placeOf(stored) > start);
  return index === -1 ? selected.length : index;
}
