import { DescribeKeyCommand, NotFoundException, ScheduleKeyDeletionCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { InventoryPart } from './part';

const KEY = 'kms:key';
/** The shortest time that KMS keeps a key before it deletes it; meanwhile it costs nothing. */
const PENDING_DAYS = 7;

/** Customer managed keys that carry a tag of the drill. A key whose deletion is scheduled is no leak any more. */
export class KmsPart implements InventoryPart {
  readonly types = [KEY];

  constructor(private readonly client: KMSClient) {}

  async find(_scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for (const candidate of candidates) {
      const createdAt = await this.createdAt(candidate.arn);
      if (createdAt) items.push({ ...candidate, createdAt: createdAt.toISOString() });
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

  async remove({ arn }: InventoryItem): Promise<void> {
    await this.client.send(new ScheduleKeyDeletionCommand({ KeyId: idOf(arn), PendingWindowInDays: PENDING_DAYS }));
  }
}
