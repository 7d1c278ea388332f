import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { escapeXml } from './service';
import type { Service, ServiceAnswer, ServiceRequest } from './service';

/**
 * Answers a path of the drill itself (`/_clock/sleep`), which is no AWS service and needs no signature. It gets the raw
 * request, because a stand-in program keeps its request open while it runs.
 */
export type ControlHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EndpointParts {
  /** The services by the name they are signed for, such as `dynamodb`, `ses` or `states`. */
  readonly services: Readonly<Record<string, Service>>;
  /** Handlers by exact path; every such path begins with `/_`. */
  readonly control?: Readonly<Record<string, ControlHandler>>;
}

export interface Endpoint {
  /** `http://127.0.0.1:<port>`, for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /** How often each operation was asked for, by `<service>:<operation>`, such as `dynamodb:PutItem`. */
  readonly requests: ReadonlyMap<string, number>;
  /** Answers a request of the SDK that came by another way than HTTP. */
  answer(request: ServiceRequest): Promise<ServiceAnswer>;
  /** Drops every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * One HTTP server on loopback for all AWS services, as LocalStack and moto have it: the service is read from the
 * credential scope of the request's signature (the signature itself is not checked), so the SDK needs one URL.
 */
export async function createEndpoint(parts: EndpointParts): Promise<Endpoint> {
  const requests = new Map<string, number>();
  const answer = (request: ServiceRequest): Promise<ServiceAnswer> => answerOf(parts.services, requests, request);
  const server = createServer((request, response) => {
    // Without a Date header the SDK does not correct its clock: a build signs with drill time, a Lambda with real time.
    response.sendDate = false;
    serve(parts.control ?? {}, answer, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: `the local endpoint failed: ${String(error)}` });
    });
  });
  // A paced drill may sleep for minutes inside one request, and an SDK client may pause as long between two.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  control: Readonly<Record<string, ControlHandler>>,
  answer: Endpoint['answer'],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  if (path.startsWith('/_')) {
    const handler = control[path];
    if (handler) await handler(incoming, response);
    else send(response, { status: 404, body: `the local endpoint has nothing at ${path}\n` });
    return;
  }
  const request: ServiceRequest = {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers as Record<string, string>,
    body: await readBody(incoming),
  };
  send(response, await answer(request));
}

/** What the service that a request is signed for answers. */
async function answerOf(
  services: EndpointParts['services'],
  requests: Map<string, number>,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const name = signedService(request);
  if (name !== undefined) {
    const counted = `${name}:${operationOf(request)}`;
    requests.set(counted, (requests.get(counted) ?? 0) + 1);
  }
  const service = name === undefined ? undefined : services[name];
  return service ? service(request) : refusal(request, name);
}

/** The body of a request, read to its end. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: ServiceAnswer): void {
  const content = Buffer.from(body ?? '');
  // The answer to HEAD has the length of what it does not carry, so the service may set it.
  response.writeHead(status, { 'content-length': content.length, ...headers });
  response.end(content);
}

/** The service in the credential scope `<key>/<date>/<region>/<service>/aws4_request`, of a header or a presigned URL. */
function signedService(request: ServiceRequest): string | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const scope = header ?? request.query.get('X-Amz-Credential') ?? '';
  return scope.split('/').at(-2);
}

/** The operation's name where the protocol says it (JSON, query), otherwise the method. */
function operationOf(request: ServiceRequest): string {
  const target = request.headers['x-amz-target']?.split('.').pop();
  if (target) return target;
  const form = /(?:^|&)Action=(\w+)/.exec(request.body.subarray(0, 256).toString('latin1'))?.[1];
  return form ?? request.query.get('Action') ?? request.method;
}

/**
 * The error for a request that no service takes, in the shape that the caller's protocol reads. It is a 4xx: the SDK
 * would retry a 5xx, and the drill's own code take it for transient.
 */
function refusal(request: ServiceRequest, service: string | undefined): ServiceAnswer {
  const [status, code, message] =
    service === undefined
      ? [403, 'MissingAuthenticationToken', 'the request is not signed, so the local endpoint cannot tell its service']
      : [400, 'UnsupportedService', `the local endpoint has no service "${service}" (${operationOf(request)})`];
  const type = request.headers['content-type'] ?? '';
  if (type.includes('form-urlencoded') || service === 's3') {
    const error = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
    const body = service === 's3' ? error : `<ErrorResponse>${error}<RequestId>local</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}
