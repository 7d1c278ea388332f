import type { Clock } from '../domain/clock';
import {
  snapshotOf,
  type Answer,
  type ClusterSnapshot,
  type UnreadableCluster,
} from '../domain/health/cluster-snapshot';
import { isEssential, isType, typeKey } from '../domain/health/resource-types';
import {
  KubernetesRequestError,
  KubernetesUnavailableError,
  type Kind,
  type KubernetesApi,
  type ResourceType,
} from '../domain/ports/kubernetes';

/**
 * Lists all objects of some kinds at once. An API that does not answer is a reading of its own, not an error; neither is
 * a kind that some system brought and that cannot be listed: one operator's broken webhook must not hide everything else.
 */
export async function readCluster(
  api: KubernetesApi,
  kinds: readonly (Kind | ResourceType)[],
  clock: Pick<Clock, 'now'>,
): Promise<ClusterSnapshot | UnreadableCluster> {
  const readAt = clock.now().toISOString();
  const places = new Places(api);
  try {
    const answers = kinds.map(async (kind): Promise<readonly [Kind, Answer]> => [
      kind,
      isType(kind) && isEssential(kind) ? await api.list(kind) : await places.list(kind),
    ]);
    return snapshotOf(readAt, await Promise.all(answers));
  } catch (error) {
    if (error instanceof KubernetesUnavailableError) return { readAt, unavailable: error };
    throw error;
  }
}

/** Places of kinds that were found before; a kind that is served stays where it is as long as a drill lasts. */
const found = new WeakMap<KubernetesApi, Map<string, ResourceType>>();

/** Lists kinds whose place in the API is asked of its discovery: one request for each group and version, kept. */
class Places {
  private readonly asked = new Map<string, Promise<readonly ResourceType[]>>();
  private readonly known: Map<string, ResourceType>;

  constructor(private readonly api: KubernetesApi) {
    this.known = found.get(api) ?? new Map();
    found.set(api, this.known);
  }

  async list(kind: Kind | ResourceType): Promise<Answer> {
    try {
      const type = isType(kind) ? kind : (this.known.get(typeKey(kind)) ?? (await this.find(kind)));
      if (!type) return undefined;
      this.known.set(typeKey(kind), type);
      return await this.api.list(type);
    } catch (error) {
      if (error instanceof KubernetesUnavailableError || error instanceof KubernetesRequestError) return error;
      throw error;
    }
  }

  private async find({ apiVersion, kind }: Kind): Promise<ResourceType | undefined> {
    const types = this.asked.get(apiVersion) ?? this.api.types(apiVersion);
    this.asked.set(apiVersion, types);
    return (await types).find((type) => type.kind === kind);
  }
}
