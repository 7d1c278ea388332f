import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  NotFoundException,
  paginateListAliases,
  ScheduleKeyDeletionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { InventoryPart } from './part';

const KEY = 'kms:key';
const ALIAS = 'kms:alias';
/** The shortest time that KMS keeps a key before it deletes it; meanwhile it costs nothing. */
const PENDING_DAYS = 7;

/**
 * Customer managed keys that carry a tag of the drill, and their aliases. A key whose deletion is scheduled is no leak
 * any more, and its aliases go with it.
 */
export class KmsPart implements InventoryPart {
  readonly types = [KEY, ALIAS];

  constructor(private readonly client: KMSClient) {}

  async find(_scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for (const candidate of candidates.filter(({ type }) => type === KEY)) {
      const createdAt = await this.createdAt(candidate.arn);
      if (!createdAt) continue;
      items.push({ ...candidate, createdAt: createdAt.toISOString() }, ...(await this.aliasesOf(candidate)));
    }
    return items;
  }

  /** When a key that is in use was made; undefined for one that is gone or going. */
  private async createdAt(arn: string): Promise<Date | undefined> {
    try {
      const { KeyMetadata } = await this.client.send(new DescribeKeyCommand({ KeyId: arn }));
      return KeyMetadata?.DeletionDate ? undefined : KeyMetadata?.CreationDate;
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }

  /** An alias has no tags of its own: it is whose its key is. */
  private async aliasesOf({ arn: keyArn, tags, layer }: InventoryItem): Promise<InventoryItem[]> {
    const items: InventoryItem[] = [];
    for await (const page of paginateListAliases({ client: this.client }, { KeyId: idOf(keyArn) })) {
      for (const { AliasArn, CreationDate } of page.Aliases ?? []) {
        items.push({
          arn: AliasArn!,
          type: ALIAS,
          tags,
          reason: `alias of key ${idOf(keyArn)}`,
          ...(layer && { layer }),
          ...(CreationDate && { createdAt: CreationDate.toISOString() }),
        });
      }
    }
    return items;
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    await (type === ALIAS
      ? this.client.send(new DeleteAliasCommand({ AliasName: `alias/${idOf(arn)}` }))
      : this.client.send(new ScheduleKeyDeletionCommand({ KeyId: idOf(arn), PendingWindowInDays: PENDING_DAYS })));
  }
}
