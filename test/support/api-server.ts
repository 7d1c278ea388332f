import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
  /** The connection it came over: the same number, the same connection. */
  readonly port: number | undefined;
}

export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An HTTPS server on loopback with a certificate of its own, that answers what the test says. */
export interface ApiServer {
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  readonly requests: SeenRequest[];
  readonly server: Server;
  close(): Promise<void>;
}

export async function apiServer(
  answer: (request: SeenRequest, response: ServerResponse) => CannedAnswer | undefined,
): Promise<ApiServer> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'kubernetes' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const requests: SeenRequest[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await seen(incoming);
    requests.push(request);
    const given = answer(request, response);
    if (!given) return;
    const text = typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
    response.writeHead(given.status, given.headers).end(text);
  };
  const server = createServer({ key, cert }, (incoming, response) => void handle(incoming, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: Buffer.from(cert).toString('base64'),
    requests,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    authorization: incoming.headers.authorization,
    contentType: incoming.headers['content-type'],
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    port: incoming.socket.remotePort,
  };
}

/** A recorded answer of a real API server, by the name of its file in test/recorded/kubernetes. */
export function recordedAnswer(name: string): CannedAnswer {
  const file = join(__dirname, '..', 'recorded', 'kubernetes', `${name}.json`);
  const { status, headers, body } = JSON.parse(readFileSync(file, 'utf8')) as Required<CannedAnswer>;
  return { status, headers: { 'content-type': headers['content-type'] ?? '' }, body };
}
