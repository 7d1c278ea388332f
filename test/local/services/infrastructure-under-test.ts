import { createEndpoint, type Endpoint } from '../../../local/endpoint';
import { infrastructureServices } from '../../../local/services/infrastructure';
import type { AwsResource } from '../../../local/world/aws-resources';
import type { SimulatedAccount } from '../../../local/world/simulated-account';
import { simulatedAccount, TestClock } from '../world/terraform/stand-in';

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

/** A simulated account behind an endpoint, both anew for each test of the file. */
export class InfrastructureUnderTest {
  clock!: TestClock;
  world!: SimulatedAccount;
  endpoint!: Endpoint;

  constructor() {
    beforeEach(async () => {
      this.clock = new TestClock();
      this.world = simulatedAccount(this.clock);
      this.endpoint = await createEndpoint({ services: infrastructureServices(this.world) });
    });
    afterEach(() => this.endpoint.close());
  }

  /** An instant some minutes from now. */
  inMinutes(minutes: number): string {
    return new Date(this.clock.now().getTime() + minutes * 60_000).toISOString();
  }
}
