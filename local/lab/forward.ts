import { Agent, request as send, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { readBody } from '../endpoint';
import type { Service, ServiceAnswer, ServiceRequest } from '../service';

/** Headers that belong to one connection (RFC 9110, 7.6.1), or that the sender of the next hop sets itself. */
const OF_THE_HOP = new Set([
  'connection',
  'content-length',
  'date',
  'expect',
  'host',
  'keep-alive',
  'server',
  'transfer-encoding',
]);

/** Passes requests on to another server as they came, but for the connection: the service behind it answers. */
export function forwardTo(url: string): Service {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return (request) =>
    new Promise<ServiceAnswer>((resolve, reject) => {
      const query = request.query.toString();
      const call = send({
        agent,
        hostname,
        port,
        method: request.method,
        path: query === '' ? request.path : `${request.path}?${query}`,
        headers: { ...passedOn(request.headers), 'content-length': request.body.length },
      });
      call.once('error', reject);
      call.once('response', (response) => resolve(answerOf(request, response)));
      call.end(request.body);
    });
}

async function answerOf(request: ServiceRequest, response: IncomingMessage): Promise<ServiceAnswer> {
  const body = await readBody(response);
  return { status: response.statusCode ?? 502, headers: answerHeaders(request, response.headers), body };
}

/** The answer to HEAD has the length of what it does not carry. */
function answerHeaders({ method }: ServiceRequest, headers: IncomingHttpHeaders): Record<string, string> {
  const length = headers['content-length'];
  return { ...passedOn(headers), ...(method === 'HEAD' && length !== undefined ? { 'content-length': length } : {}) };
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OF_THE_HOP.has(name) ? [] : [[name, String(value)]],
    ),
  );
}
