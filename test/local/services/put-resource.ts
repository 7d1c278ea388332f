import type { AwsResource } from '../../../local/world/aws-resources';
import type { SimulatedAccount } from '../../../local/world/simulated-account';

/** Puts a resource that exists from now on. `type` is `<service>:<kind>`. */
export function put(
  { aws, clock, account }: SimulatedAccount,
  type: string,
  id: string,
  parts: Partial<AwsResource> = {},
): AwsResource {
  const [service, kind] = type.split(':');
  const region = service === 'iam' ? '' : 'eu-central-1';
  const now = clock.now().toISOString();
  return aws.put({
    arn: `arn:aws:${service}:${region}:${account}:${kind}/${id}`,
    type,
    id,
    region: 'eu-central-1',
    tags: { 'cluster-drill': 'd1' },
    madeBy: 'terraform',
    createdAt: now,
    activeAt: now,
    attributes: {},
    ...parts,
  });
}
