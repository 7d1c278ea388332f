import { Agent, request as httpsRequest } from 'node:https';
import { KubernetesUnavailableError } from '../domain/ports/kubernetes';
import type { KubernetesAnswer } from './kubernetes-answer';

/** How long the API server may stay silent. It answers a page of 500 objects within a second or two. */
const SILENCE_MILLISECONDS = 15_000;
/** One health read lists a dozen types one after another; a few sockets are plenty. */
const MAX_SOCKETS = 4;

export interface KubernetesConnection {
  /** URL of the API server; a path in it is kept. */
  readonly endpoint: string;
  /** Base64 PEM of the cluster's certificate authority. */
  readonly certificateAuthority: string;
  /** Gives a bearer token; asked for every request, as a token of EKS is good for minutes only. */
  readonly token: () => Promise<string>;
}

export interface KubernetesRequest {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** HTTPS to one API server: its own certificate authority, a token for each request, connections kept open. */
export class KubernetesTransport {
  private readonly agent: Agent;
  private readonly base: string;

  constructor(
    private readonly connection: KubernetesConnection,
    private readonly silenceMilliseconds = SILENCE_MILLISECONDS,
  ) {
    const ca = Buffer.from(connection.certificateAuthority, 'base64');
    this.agent = new Agent({ ca, keepAlive: true, maxSockets: MAX_SOCKETS });
    this.base = connection.endpoint.replace(/\/+$/, '');
  }

  /** @throws KubernetesUnavailableError `unreachable` when there is no whole answer. */
  async send(request: KubernetesRequest): Promise<KubernetesAnswer> {
    const token = await this.connection.token();
    try {
      return await this.exchange(request, token);
    } catch (error) {
      const { code, reusedSocket, message } = error as NodeJS.ErrnoException & { reusedSocket?: boolean };
      // The server had closed an idle connection just as it was used again; a new one tells whether it is there.
      if (code === 'ECONNRESET' && reusedSocket) return this.sendAnew(request, token);
      throw this.unreachable(request, message, error);
    }
  }

  private async sendAnew(request: KubernetesRequest, token: string): Promise<KubernetesAnswer> {
    try {
      return await this.exchange(request, token);
    } catch (error) {
      throw this.unreachable(request, (error as Error).message, error);
    }
  }

  private unreachable({ method, path }: KubernetesRequest, message: string, cause: unknown): Error {
    const sentence = `the API server at ${this.base} did not answer ${method} ${path}: ${message}`;
    return new KubernetesUnavailableError('unreachable', sentence, { cause });
  }

  private exchange(request: KubernetesRequest, token: string): Promise<KubernetesAnswer> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(`${this.base}${request.path}`, {
        method: request.method,
        agent: this.agent,
        timeout: this.silenceMilliseconds,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(body !== undefined && {
            'content-type': request.contentType ?? 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
        },
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`silent for ${this.silenceMilliseconds / 1000} s`)));
      outgoing.on('error', (error) => reject(Object.assign(error, { reusedSocket: outgoing.reusedSocket })));
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      outgoing.end(body);
    });
  }
}
