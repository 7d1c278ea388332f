import { type Rule, conditionOf, deletion, inWords, reading } from '../object-reading';
import { decidedBy } from './decided-by';

/** An Issuer or ClusterIssuer: whether it can sign, such as after its ACME account is registered. */
export const judgeIssuer = decidedBy('Ready');

/**
 * A Certificate is not Ready while its first is being issued; only an issuance that failed (`Issuing` is False) is an
 * illness, and cert-manager tries again, with growing pauses.
 */
export const judgeCertificate: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const [ready, issuing] = ['Ready', 'Issuing'].map((type) => conditionOf(object, type));
  if (issuing?.status === 'True') return reading(object, 'progressing', inWords(issuing));
  if (ready?.status === 'True') return decidedBy('Ready')(object);
  if (issuing?.status === 'False') return reading(object, 'degraded', inWords(issuing));
  return reading(object, 'progressing', ready ? inWords(ready) : 'status.conditions has no Ready yet');
};
