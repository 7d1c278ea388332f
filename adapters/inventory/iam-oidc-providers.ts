import {
  DeleteOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { TAG } from '../../domain/names';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { tagsOf } from './tagged-resources';

/** OIDC providers are named after an issuer and not after the cluster; an account has at most 100, so all are asked. */
export async function findOidcProviders(
  client: IAMClient,
  { drillId }: InventoryScope,
): Promise<readonly InventoryItem[]> {
  const { OpenIDConnectProviderList } = await client.send(new ListOpenIDConnectProvidersCommand({}));
  const items: InventoryItem[] = [];
  for (const { Arn } of OpenIDConnectProviderList ?? []) {
    const answer = await client.send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn: Arn }));
    const tags = tagsOf(answer.Tags);
    if (tags[TAG.drill] !== drillId) continue;
    items.push({ arn: Arn!, type: 'iam:oidc-provider', tags, reason: `tag ${TAG.drill}=${drillId}`, layer: 'cluster' });
  }
  return items;
}

export async function removeOidcProvider(client: IAMClient, arn: string): Promise<void> {
  await client.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
}
