import { Readable } from 'node:stream';
import { reachBy, type RequestHandler } from '../adapters/aws-clients';
import type { Endpoint } from './endpoint';
import type { ServiceRequest } from './service';

let reached: Pick<Endpoint, 'answer'> | undefined;

/**
 * Makes the SDK's clients of this process, in which the Lambdas run, call the endpoint as a function: signed and
 * serialised as ever, without a socket for each of the thousand requests of a drill. The processes of builds reach it
 * over HTTP. The clients stay the same from drill to drill.
 */
export function reachDirectly(endpoint: Pick<Endpoint, 'answer' | 'url'>): void {
  reached = endpoint;
  reachBy(endpoint.url, HANDLER);
}

type SdkRequest = Parameters<RequestHandler['handle']>[0];

const HANDLER: RequestHandler = {
  handle: async (sent) => {
    const request = serviceRequest(sent);
    const { status, headers = {}, body = '' } = await reached!.answer(request);
    const bytes = Buffer.from(body);
    return {
      response: {
        statusCode: status,
        headers: { ...headers },
        body: isForS3(request) ? Readable.from([bytes]) : bytes,
      },
    };
  },
  updateHttpClientConfig: () => {},
  httpHandlerConfigs: () => ({}),
};

/** Its objects are the only answers that the SDK hands on as streams. */
function isForS3({ headers }: ServiceRequest): boolean {
  return headers['authorization']?.includes('/s3/') ?? false;
}

function serviceRequest({ method, path, query, headers, body }: SdkRequest): ServiceRequest {
  return {
    method,
    path,
    query: parameters(query),
    headers: lowerCase(headers),
    body: bytesOf(body as string | Uint8Array | undefined),
  };
}

/** The same memory, as a text that the SDK has encoded warns when it is read in another way. */
function bytesOf(body: string | Uint8Array = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function parameters(query: SdkRequest['query']): URLSearchParams {
  const all = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of Array.isArray(values) ? values : [values ?? '']) all.append(name, value);
  }
  return all;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
