import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { createEndpoint, readBody } from '../../local/endpoint';
import type { Endpoint } from '../../local/endpoint';
import { jsonService } from '../../local/service';
import { createSts } from '../../local/services/sts';

let endpoint: Endpoint;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  endpoint = await createEndpoint({
    services: {
      sts: createSts('000000000000'),
      dynamodb: jsonService('DynamoDB', { ListTables: () => ({ TableNames: ['history'] }) }),
    },
    control: {
      '/_echo': async (request, response) => void response.end(await readBody(request)),
      '/_broken': async () => {
        throw new Error('out of order');
      },
    },
  });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await endpoint.close();
});

function client<Client extends { destroy(): void }>(type: new (options: { endpoint: string }) => Client): Client {
  const made = new type({ endpoint: endpoint.url });
  clients.push(made);
  return made;
}

test('one URL serves the services by the name that a request is signed for', async () => {
  expect(await client(STSClient).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000' });
  expect(await client(DynamoDBClient).send(new ListTablesCommand({}))).toMatchObject({ TableNames: ['history'] });
});

test('requests are counted by service and operation', async () => {
  const before = endpoint.requests.get('dynamodb:ListTables') ?? 0;
  await client(DynamoDBClient).send(new ListTablesCommand({}));
  await client(DynamoDBClient).send(new ListTablesCommand({}));
  expect(endpoint.requests.get('dynamodb:ListTables')).toBe(before + 2);
  await client(STSClient).send(new GetCallerIdentityCommand({}));
  expect(endpoint.requests.get('sts:GetCallerIdentity')).toBeGreaterThan(0);
});

test('a service that is not there is refused at once, in the shape of each protocol', async () => {
  await expect(client(EKSClient).send(new ListClustersCommand({}))).rejects.toMatchObject({
    name: 'UnsupportedService',
    message: 'the local endpoint has no service "eks" (GET)',
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
  const email = new SendEmailCommand({ Source: 'a@example.com', Destination: {}, Message: undefined });
  await expect(client(SESClient).send(email)).rejects.toMatchObject({
    name: 'UnsupportedService',
    message: 'the local endpoint has no service "ses" (SendEmail)',
  });
});

test('a presigned URL is taken for the service in its credential scope', async () => {
  const query = 'Action=GetCallerIdentity&X-Amz-Credential=key%2F20261102%2Feu-central-1%2Fsts%2Faws4_request';
  const answer = await fetch(`${endpoint.url}/?${query}`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('<Account>000000000000</Account>');
});

test('a request without a signature is refused', async () => {
  const answer = await fetch(endpoint.url);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('MissingAuthenticationToken');
});

test('paths of the drill itself need no signature; a handler that fails says so', async () => {
  const echo = await fetch(`${endpoint.url}/_echo?x=1`, { method: 'POST', body: 'hello' });
  expect(await echo.text()).toBe('hello');
  expect((await fetch(`${endpoint.url}/_nothing`)).status).toBe(404);
  const broken = await fetch(`${endpoint.url}/_broken`);
  expect(broken.status).toBe(500);
  expect(await broken.text()).toContain('out of order');
});

test('answers carry no date, so that no client sets its clock by them', async () => {
  const answer = await fetch(`${endpoint.url}/_echo`, { method: 'POST' });
  expect(answer.headers.get('date')).toBeNull();
});
