import { type Rule, type Shaped, reading } from '../object-reading';
import { decidedBy } from './decided-by';

/** A SecretStore or ClusterSecretStore: whether the operator could sign in to where the secrets are. */
export const judgeSecretStore = decidedBy('Ready');

/**
 * An ExternalSecret. Its condition has no observedGeneration; `status.syncedResourceVersion` begins with the generation
 * that was synced last.
 * Source: external-secrets/external-secrets, apis/externalsecrets/v1/externalsecret_types.go, pkg/controllers/util.
 */
export const judgeExternalSecret: Rule = (object, related) => {
  const said = decidedBy('Ready')(object, related);
  if (said.status !== 'healthy') return said;
  const { syncedResourceVersion: synced = '' } =
    (object as Shaped<object, { syncedResourceVersion: string }>).status ?? {};
  const { generation = 0 } = object.metadata;
  const syncedGeneration = Number.parseInt(synced, 10);
  return syncedGeneration < generation
    ? reading(object, 'progressing', `generation ${syncedGeneration} is synced, metadata.generation is ${generation}`)
    : said;
};
