import { EventEmitter } from 'node:events';
import dynalite from 'dynalite';
import type { Service, ServiceAnswer, ServiceRequest } from '../service';

/** The `Properties` of a synthesised `AWS::DynamoDB::GlobalTable`, as far as CreateTable takes them. */
export interface TableProperties {
  readonly TableName: string;
  readonly AttributeDefinitions: unknown;
  readonly KeySchema: unknown;
  readonly GlobalSecondaryIndexes?: unknown;
  readonly BillingMode?: string;
}

export interface DynamoDb {
  readonly service: Service;
  /** Creates the table unless it exists, and waits until it is active. */
  ensureTable(properties: TableProperties): Promise<void>;
  close(): Promise<void>;
}

/**
 * DynamoDB by dynalite (its limits: no transactions, no streams, no TTL), called in-process: the endpoint hands requests
 * over without another HTTP hop.
 * @param options.path folder to keep the tables in; without it they live in memory.
 */
export async function createDynamoDb(options: { readonly path?: string } = {}): Promise<DynamoDb> {
  const server = dynalite({ ...options, createTableMs: 0 });
  // Dynalite closes its database only together with a listening server.
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const service: Service = (request) => dispatch(server, request);
  return {
    service,
    ensureTable: (properties) => ensureTable(service, properties),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Gives dynalite the request as Node's HTTP server would, in the few members that it uses. */
function dispatch(server: EventEmitter, request: ServiceRequest): Promise<ServiceAnswer> {
  return new Promise((resolve) => {
    const query = request.query.toString();
    const incoming = Object.assign(new EventEmitter(), {
      method: request.method,
      url: query ? `${request.path}?${query}` : request.path,
      headers: request.headers,
    });
    const headers: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: unknown) => {
        headers[name.toLowerCase()] = String(value);
      },
      end: (body?: string) => {
        resolve({ status: response.statusCode, headers, ...(body === undefined ? {} : { body }) });
      },
    };
    server.emit('request', incoming, response);
    incoming.emit('data', request.body);
    incoming.emit('end');
  });
}

async function ensureTable(service: Service, properties: TableProperties): Promise<void> {
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties;
  const existing = await call(service, 'DescribeTable', { TableName });
  if (existing.status === 200) return;
  const created = await call(service, 'CreateTable', {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}),
  });
  if (created.status !== 200) throw new Error(`table ${TableName} cannot be created: ${String(created.body)}`);
  while (!String((await call(service, 'DescribeTable', { TableName })).body).includes('"TableStatus":"ACTIVE"')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function call(service: Service, operation: string, input: object): Promise<ServiceAnswer> {
  return service({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/local, SignedHeaders=host, Signature=local',
    },
    body: Buffer.from(JSON.stringify(input)),
  });
}
