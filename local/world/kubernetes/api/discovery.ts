import type { ServiceAnswer } from '../../../service';
import type { Cluster } from '../cluster';
import { jsonAnswer, textAnswer } from './status-answers';

/**
 * What the API server serves in a group and version, as `GET /apis/apps/v1` (or `/api/v1`) lists it; undefined for any
 * other path. Whoever is known may ask. Subresources are listed beside their resources.
 */
export function discovery(cluster: Cluster, path: string): ServiceAnswer | undefined {
  const [, core, group = '', named] = /^\/(?:api\/(v\d\w*)|apis\/([^/]+)\/([^/]+))$/.exec(path) ?? [];
  const version = core ?? named;
  if (version === undefined) return undefined;
  const types = cluster.typesOf(group).filter(({ versions }) => versions.includes(version));
  // The refusal is that of a path which nothing serves: no Status.
  if (types.length === 0) return textAnswer(404, '404 page not found\n');
  const resources = types
    .toSorted((one, other) => (one.plural < other.plural ? -1 : 1))
    .flatMap(({ kind, plural, namespaced }) => [
      { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS },
      { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] },
    ]);
  return jsonAnswer(200, {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources,
  });
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
