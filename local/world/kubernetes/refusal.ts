import type { Cluster } from './cluster';
import { groupOf, type Manifest } from './manifest';
import { invalidMessage, mistakesIn } from './validation';

/** Why the API server would refuse an object, in its words; undefined when it would not. */
export function refusal(cluster: Cluster, manifest: Manifest): string | undefined {
  const group = groupOf(manifest.apiVersion);
  const type = cluster.typeOf(group, manifest.kind);
  const { name, namespace } = manifest.metadata;
  if (!type) {
    const place = namespace ? `${namespace}/${name}` : name;
    return `The Kubernetes API could not find ${group}/${manifest.kind} for requested resource ${place}. Make sure the "${manifest.kind}" CRD is installed on the destination cluster.`;
  }
  if (type.namespaced && !cluster.find('', 'Namespace', undefined, namespace ?? 'default'))
    return `namespaces "${namespace}" not found`;
  const mistakes = mistakesIn(manifest);
  return mistakes.length > 0 ? invalidMessage(manifest, mistakes) : undefined;
}
