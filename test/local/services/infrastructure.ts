import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import { createEc2 } from '../../../local/services/ec2';
import { createEks } from '../../../local/services/eks';
import { createElasticLoadBalancing } from '../../../local/services/elasticloadbalancing';
import { createIam } from '../../../local/services/iam';
import { createKms } from '../../../local/services/kms';
import { createLogs } from '../../../local/services/logs';
import { createSts } from '../../../local/services/sts';
import { createTagging } from '../../../local/services/tagging';
import type { AwsResource } from '../../../local/world/aws-resources';
import type { SimulatedAccount } from '../../../local/world/simulated-account';

/** An endpoint with the services of a simulated account's infrastructure. */
export function infrastructureEndpoint(world: SimulatedAccount): Promise<Endpoint> {
  return createEndpoint({
    services: {
      ec2: createEc2(world),
      eks: createEks(world),
      elasticloadbalancing: createElasticLoadBalancing(world),
      iam: createIam(world),
      kms: createKms(world),
      logs: createLogs(world),
      sts: createSts(world.account),
      tagging: createTagging(world),
    },
  });
}

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
