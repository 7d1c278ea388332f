import type { IAMClient } from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import type { InventoryPart } from './part';
import { findInstanceProfiles, removeInstanceProfile } from './iam-instance-profiles';
import { findOidcProviders, removeOidcProvider } from './iam-oidc-providers';
import { findPolicies, removePolicy } from './iam-policies';
import { findRoles, removeRole } from './iam-roles';

/** Finds resources of one IAM kind: by a tag of the drill or, where names tell, by the drill cluster's name in theirs. */
export type IamFind = (
  client: IAMClient,
  scope: InventoryScope,
  candidates: readonly InventoryItem[],
) => Promise<readonly InventoryItem[]>;

const KINDS: Readonly<Record<string, { find: IamFind; remove: (client: IAMClient, arn: string) => Promise<void> }>> = {
  'iam:role': { find: findRoles, remove: removeRole },
  'iam:instance-profile': { find: findInstanceProfiles, remove: removeInstanceProfile },
  'iam:oidc-provider': { find: findOidcProviders, remove: removeOidcProvider },
  'iam:policy': { find: findPolicies, remove: removePolicy },
};

/**
 * IAM is global and the tagging API knows only a part of it, and that in us-east-1, so it is asked itself. Listing the
 * tags of every role of an account would take thousands of calls: only those whose name holds the name of the drill
 * cluster (six hex digits of its own) are looked at.
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
