import type { IAMClient } from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import type { InventoryPart } from './part';
import { INSTANCE_PROFILES, removeInstanceProfile } from './iam-instance-profiles';
import { findNamed, type IamNamed } from './iam-named';
import { findOidcProviders, removeOidcProvider } from './iam-oidc-providers';
import { POLICIES, removePolicy } from './iam-policies';
import { removeRole, ROLES } from './iam-roles';

/** Finds resources of one IAM kind. */
type IamFind = (
  client: IAMClient,
  scope: InventoryScope,
  candidates: readonly InventoryItem[],
) => Promise<readonly InventoryItem[]>;

const named =
  (kind: IamNamed): IamFind =>
  (client, scope, candidates) =>
    findNamed(client, kind, scope, candidates);

const KINDS: Readonly<Record<string, { find: IamFind; remove: (client: IAMClient, arn: string) => Promise<void> }>> = {
  'iam:role': { find: named(ROLES), remove: removeRole },
  'iam:instance-profile': { find: named(INSTANCE_PROFILES), remove: removeInstanceProfile },
  'iam:oidc-provider': { find: findOidcProviders, remove: removeOidcProvider },
  'iam:policy': { find: named(POLICIES), remove: removePolicy },
};

/**
 * IAM is global and the tagging API knows only a part of it, and that in us-east-1, so it is asked itself.
 */
export class IamPart implements InventoryPart {
  readonly types = Object.keys(KINDS);

  constructor(private readonly client: IAMClient) {}

  async find(scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for (const [type, { find }] of Object.entries(KINDS)) {
      const ofType = candidates.filter((item) => item.type === type);
      items.push(...(await find(this.client, scope, ofType)));
    }
    return items;
  }

  remove({ arn, type }: InventoryItem): Promise<void> {
    return KINDS[type]!.remove(this.client, arn);
  }
}
