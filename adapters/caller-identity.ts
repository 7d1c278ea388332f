import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** Whose credentials these are: their account, and the partition of AWS that it is in (`aws`, `aws-cn`, ...). */
export async function callerIdentity(
  sts: STSClient,
): Promise<{ readonly account: string; readonly partition: string }> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  return { account: Account!, partition: Arn?.split(':')[1] ?? 'aws' };
}
