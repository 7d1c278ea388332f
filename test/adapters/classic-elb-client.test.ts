import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ClassicElbClient } from '../../adapters/classic-elb-client';
import { isTransient } from '../../domain/errors';
import { createEndpoint, type Endpoint } from '../../local/endpoint';
import type { ServiceAnswer } from '../../local/service';

const asked: string[] = [];
let answers: ServiceAnswer[] = [];
let endpoint: Endpoint;
let client: ClassicElbClient;

beforeEach(async () => {
  asked.length = 0;
  endpoint = await createEndpoint({
    services: {
      elasticloadbalancing: async ({ body }) => {
        asked.push(body.toString());
        return answers.shift() ?? { status: 200, body: '<Response/>' };
      },
    },
  });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  client = new ClassicElbClient(
    new ElasticLoadBalancingV2Client({ endpoint: endpoint.url, region: 'eu-central-1', credentials }),
  );
});
afterEach(() => endpoint.close());

const refusal = (status: number, code: string): ServiceAnswer => ({
  status,
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
});
const ok = (body: string): ServiceAnswer => ({ status: 200, body });

test('all pages are read, signed for the service and with the older version', async () => {
  answers = [
    ok(
      `<R><LoadBalancerDescriptions><member><Subnets><member>s-1</member></Subnets><LoadBalancerName>a1</LoadBalancerName>
       <CreatedTime>2026-10-05T06:10:00Z</CreatedTime><VPCId>vpc-1</VPCId></member></LoadBalancerDescriptions><NextMarker>m</NextMarker></R>`,
    ),
    ok(
      '<R><LoadBalancerDescriptions><member><LoadBalancerName>a&amp;2</LoadBalancerName></member></LoadBalancerDescriptions></R>',
    ),
  ];
  expect(await client.loadBalancers()).toEqual([
    { name: 'a1', vpcId: 'vpc-1', createdAt: '2026-10-05T06:10:00.000Z' },
    { name: 'a&2' },
  ]);
  expect(asked).toEqual([
    'Action=DescribeLoadBalancers&Version=2012-06-01',
    'Action=DescribeLoadBalancers&Version=2012-06-01&Marker=m',
  ]);
});

test('tags are given by name', async () => {
  answers = [
    ok(
      `<R><TagDescriptions><member><LoadBalancerName>a1</LoadBalancerName><Tags><member><Key>k</Key><Value>v</Value></member>
       <member><Key>empty</Key><Value/></member></Tags></member></TagDescriptions></R>`,
    ),
  ];
  expect(await client.tags(['a1', 'a2'])).toEqual(new Map([['a1', { k: 'v', empty: '' }]]));
  expect(asked).toEqual([
    'Action=DescribeTags&Version=2012-06-01&LoadBalancerNames.member.1=a1&LoadBalancerNames.member.2=a2',
  ]);
});

test('a refusal has the name that the service gives it, and throttling is worth another try', async () => {
  answers = [refusal(403, 'AccessDenied'), refusal(400, 'Throttling')];
  await expect(client.remove('a1')).rejects.toMatchObject({ name: 'AccessDenied', message: 'no' });
  expect(isTransient(await client.remove('a1').catch((error: unknown) => error))).toBe(true);
});

test('no answer is worth another try', async () => {
  await endpoint.close();
  const error = await client.loadBalancers().catch((caught: unknown) => caught);
  expect(isTransient(error)).toBe(true);
  endpoint = await createEndpoint({ services: {} });
});
