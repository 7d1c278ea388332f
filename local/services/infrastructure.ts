import type { Service } from '../service';
import type { SimulatedAccount } from '../world/simulated-account';
import { createEc2 } from './ec2';
import { createEks } from './eks';
import { createElasticLoadBalancing } from './elasticloadbalancing';
import { createIam } from './iam';
import { createKms } from './kms';
import { createLogs } from './logs';
import { createSts } from './sts';
import { createTagging } from './tagging';

/** The services over the resources of a simulated account, by the name that requests are signed for. */
export function infrastructureServices(account: SimulatedAccount): Readonly<Record<string, Service>> {
  return {
    ec2: createEc2(account),
    eks: createEks(account),
    elasticloadbalancing: createElasticLoadBalancing(account),
    iam: createIam(account),
    kms: createKms(account),
    logs: createLogs(account),
    sts: createSts(account.account),
    tagging: createTagging(account),
  };
}
