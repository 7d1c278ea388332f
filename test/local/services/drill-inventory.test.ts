import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { STSClient } from '@aws-sdk/client-sts';
import { AwsInventory } from '../../../adapters/aws-inventory';
import { createEndpoint, type Endpoint } from '../../../local/endpoint';
import { infrastructureServices } from '../../../local/services/infrastructure';
import { standIn } from '../world/terraform/stand-in';
import type { StandIn } from '../world/terraform/stand-in';

const EXAMPLE = join(__dirname, '../../../examples/bootstrap/terraform');
const CHANGE = ['-json', '-auto-approve', '-var-file=drill.tfvars.json'];
const VARIABLES = { cluster_name: 'drill-abc123', region: 'eu-central-1', tags: { 'cluster-drill': 'd1' } };

let terraform: StandIn;
let endpoint: Endpoint;
let inventory: AwsInventory;

beforeEach(async () => {
  const names = readdirSync(EXAMPLE).filter((name) => name.endsWith('.tf'));
  const files = names.map((name) => [name, readFileSync(join(EXAMPLE, name), 'utf8')] as const);
  terraform = standIn({ ...Object.fromEntries(files), 'drill.tfvars.json': JSON.stringify(VARIABLES) });
  endpoint = await createEndpoint({ services: infrastructureServices(terraform.world) });
  const at = { endpoint: endpoint.url };
  inventory = new AwsInventory({
    sts: new STSClient(at),
    tagging: new ResourceGroupsTaggingAPIClient(at),
    ec2: new EC2Client(at),
    elb: new ElasticLoadBalancingV2Client(at),
    eks: new EKSClient(at),
    logs: new CloudWatchLogsClient(at),
    iam: new IAMClient(at),
    kms: new KMSClient(at),
  });
});
afterEach(() => endpoint.close());

function scope(): Parameters<AwsInventory['find']>[0] {
  const [vpc] = terraform.world.aws.list('ec2:vpc');
  return { drillId: 'd1', clusterName: 'drill-abc123', volumeIds: [], ...(vpc ? { vpcId: vpc.id } : {}) };
}

test('what an apply made is found by the inventory of the drill', async () => {
  await terraform.run(['apply', ...CHANGE]);
  const types = (await inventory.find(scope())).map(({ type }) => type);
  expect([...new Set(types)].toSorted()).toEqual([
    'ec2:elastic-ip',
    'ec2:instance',
    'ec2:internet-gateway',
    'ec2:launch-template',
    'ec2:natgateway',
    'ec2:route-table',
    'ec2:security-group',
    'ec2:subnet',
    'ec2:vpc',
    'eks:cluster',
    'eks:nodegroup',
    'iam:role',
    'logs:log-group',
  ]);
});

test('nothing is left after a destroy, whatever the tagging API remembers', async () => {
  await terraform.run(['apply', ...CHANGE]);
  await terraform.run(['destroy', ...CHANGE]);
  expect(await inventory.find(scope())).toEqual([]);
});

test('what a killed apply left is swept away in rounds', async () => {
  const stop = new AbortController();
  terraform.clock.after(300, () => stop.abort('SIGKILL'));
  await terraform.run(['apply', ...CHANGE], { signal: stop.signal });
  const vpc = scope();
  let rounds = 0;
  for (let left = await inventory.find(vpc); left.length > 0 && rounds < 12; rounds += 1) {
    for (const item of left) await inventory.remove(item);
    await terraform.clock.sleep(120_000);
    left = await inventory.find(vpc);
  }
  expect(terraform.world.aws.list().map(({ arn }) => arn)).toEqual([]);
  expect(rounds).toBeLessThan(12);
});
