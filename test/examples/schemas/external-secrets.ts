import * as z from 'zod';
import { duration, name, namespaced } from './parts';

/**
 * The kinds of the External Secrets Operator, with the fields that the example uses.
 * Source: external-secrets/external-secrets 2.9.0, config/crds/bases.
 */

export const secretStore = namespaced(
  'external-secrets.io/v1',
  'SecretStore',
  z.strictObject({
    provider: z.strictObject({
      // No `auth`: the operator's own identity, as terraform/pod-identity.tf gives it.
      aws: z.strictObject({ service: z.enum(['SecretsManager', 'ParameterStore']), region: z.string() }),
    }),
  }),
);

export const externalSecret = namespaced(
  'external-secrets.io/v1',
  'ExternalSecret',
  z.strictObject({
    refreshInterval: duration.optional(),
    secretStoreRef: z.strictObject({ kind: z.enum(['SecretStore', 'ClusterSecretStore']), name }),
    target: z.strictObject({ name, creationPolicy: z.enum(['Owner', 'Orphan', 'Merge', 'None']).optional() }),
    dataFrom: z.array(z.strictObject({ extract: z.strictObject({ key: z.string() }) })).optional(),
    data: z
      .array(
        z.strictObject({
          secretKey: z.string(),
          remoteRef: z.strictObject({ key: z.string(), property: z.string().optional() }),
        }),
      )
      .optional(),
  }),
);
