import { type Rule, deletion, reading } from '../object-reading';

interface Webhook {
  readonly name: string;
  readonly clientConfig?: { readonly url?: string; readonly caBundle?: string };
}

/**
 * A webhook configuration. Charts register it empty and a controller writes the certificate authority into it; until
 * then the API server cannot call it, and where it fails closed nothing can be applied.
 */
export const judgeWebhookConfiguration: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const webhooks = (object['webhooks'] ?? []) as readonly Webhook[];
  const bare = webhooks.find(({ clientConfig }) => !clientConfig?.caBundle && !clientConfig?.url);
  if (bare) return reading(object, 'progressing', `webhook ${bare.name} has no clientConfig.caBundle yet`);
  return webhooks.length === 0
    ? reading(object, 'progressing', 'webhooks is empty')
    : reading(object, 'healthy', `${webhooks.length} webhooks have a certificate authority`);
};
