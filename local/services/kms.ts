import { AwsError, jsonService } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { scheduleKeyDeletion } from '../world/removal';
import { textAttribute } from '../world/simulated-account';
import type { SimulatedAccount } from '../world/simulated-account';

/** KMS, as far as keys are found and their deletion is scheduled. A key is never gone at once. */
export function createKms(world: SimulatedAccount): Service {
  return jsonService('KMS', {
    DescribeKey: (input: { KeyId: string }) => ({ KeyMetadata: metadata(find(world, input.KeyId)) }),
    ListResourceTags: (input: { KeyId: string }) => ({
      Tags: Object.entries(find(world, input.KeyId).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }),
    ListAliases: (input: { KeyId?: string }) => ({
      Aliases: world.aws
        .list('kms:alias')
        .filter((alias) => input.KeyId === undefined || targetOf(alias) === input.KeyId.split('/').pop())
        .map((alias) => ({
          AliasArn: alias.arn,
          AliasName: alias.id,
          TargetKeyId: targetOf(alias),
          CreationDate: Date.parse(alias.createdAt) / 1000,
        })),
      Truncated: false,
    }),
    DeleteAlias: (input: { AliasName: string }) => {
      const alias = world.aws.find('kms:alias', input.AliasName);
      if (!alias) throw new AwsError('NotFoundException', `Alias ${input.AliasName} does not exist`);
      world.aws.remove(alias.arn, 0);
      return {};
    },
    ScheduleKeyDeletion: (input: { KeyId: string; PendingWindowInDays?: number }) => {
      const key = find(world, input.KeyId);
      if (key.undeletable) throw new AwsError(key.undeletable.code, key.undeletable.message);
      if (key.goneAt) throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
      scheduleKeyDeletion(world, key, input.PendingWindowInDays);
      return { KeyId: key.arn, DeletionDate: Date.parse(key.goneAt!) / 1000, KeyState: 'PendingDeletion' };
    },
  });
}

function targetOf(alias: AwsResource): string {
  return textAttribute(alias, 'targetKeyId').split('/').pop() ?? '';
}

/** A key by its id, its ARN or an alias of it. */
function find({ aws }: SimulatedAccount, keyId: string): AwsResource {
  const target = keyId.startsWith('alias/') ? aws.find('kms:alias', keyId)?.attributes['targetKeyId'] : keyId;
  const id =
    String(target ?? '')
      .split('/')
      .pop() ?? '';
  const key = aws.find('kms:key', id);
  if (!key) throw new AwsError('NotFoundException', `Key '${keyId}' does not exist`);
  return key;
}

function metadata(key: AwsResource): Record<string, unknown> {
  return {
    KeyId: key.id,
    Arn: key.arn,
    Description: textAttribute(key, 'description'),
    CreationDate: Date.parse(key.createdAt) / 1000,
    Enabled: key.goneAt === undefined,
    KeyState: key.goneAt === undefined ? 'Enabled' : 'PendingDeletion',
    KeyManager: 'CUSTOMER',
    ...(key.goneAt === undefined ? {} : { DeletionDate: Date.parse(key.goneAt) / 1000 }),
  };
}
