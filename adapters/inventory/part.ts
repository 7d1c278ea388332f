import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';

/** What a part is asked by: the drill's scope, and the VPCs that are its own. */
export interface PartScope extends InventoryScope {
  readonly vpcIds: readonly string[];
}

/** The part of the inventory that one service answers for. */
export interface InventoryPart {
  /** The types that it confirms and deletes, such as `ec2:volume`. */
  readonly types: readonly string[];
  /**
   * What exists now: of the candidates (all of its types, as the tagging API remembers them), and what the service
   * itself ties to the drill by VPC, name or id.
   */
  find(scope: PartScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]>;
  /**
   * Asks for the deletion. @throws the service's own error, also when the resource does not exist, or `MustWaitError`.
   */
  remove(item: InventoryItem): Promise<void>;
}

/** Where ARNs of found resources are located. */
export interface ArnScope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Something else goes first; the removal is asked for again in the next round. The message is a clause. */
export class MustWaitError extends Error {
  override readonly name = 'MustWaitError';
}
