import { saying } from './conditions';
import type { Rule } from './object-reading';

/**
 * The kinds that the systems of the catalogue bring, by `group/Kind`. Most of them say how they are in a usual
 * condition, which the rule of all other kinds reads as well; they stand here because one without it has not been seen
 * by its controller yet, and is not healthy. Versions do not matter.
 */
export const SYSTEM_KINDS = {
  'monitoring.coreos.com/Prometheus': saying('Available'),
  'monitoring.coreos.com/Alertmanager': saying('Available'),
  'external-secrets.io/SecretStore': saying('Ready'),
  'external-secrets.io/ClusterSecretStore': saying('Ready'),
  'external-secrets.io/ExternalSecret': saying('Ready'),
  'cert-manager.io/Issuer': saying('Ready'),
  'cert-manager.io/ClusterIssuer': saying('Ready'),
  'cert-manager.io/Certificate': saying('Ready'),
} as const satisfies Readonly<Record<string, Rule>>;
