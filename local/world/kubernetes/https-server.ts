import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { generate } from 'selfsigned';
import type { Service, ServiceRequest } from '../../service';

export interface ClusterServer {
  /** `https://127.0.0.1:<port>` */
  readonly origin: string;
  /** Base64 of the PEM, as EKS's DescribeCluster gives it. */
  readonly certificateAuthority: string;
  close(): Promise<void>;
}

/** Serves HTTPS on a free port of 127.0.0.1. A request that the service rejects loses its connection, unanswered. */
export async function serveHttps(service: Service): Promise<ClusterServer> {
  const { key, cert } = await certificate();
  const server = createServer({ key, cert }, (request, response) => void forward(service, request, response));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${port}`,
    certificateAuthority: Buffer.from(cert).toString('base64'),
    close: () => closeServer(server, sockets),
  };
}

/** A certificate for 127.0.0.1 that is its own authority, as clients accept it when they are given it as `ca`. */
async function certificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'kubernetes' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { key, cert };
}

async function forward(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, headers, body } = await service(await read(request));
    const content = Buffer.from(body ?? '');
    response.writeHead(status, { ...headers, 'content-length': content.length }).end(content);
  } catch {
    request.socket.destroy();
  }
}

async function read(request: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
  };
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
