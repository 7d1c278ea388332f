import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** moto as a server: somebody else's idea of AWS. */
export interface Moto {
  readonly url: string;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface MotoOptions {
  /** Its account; 123456789012 unless given. */
  readonly account?: string;
  /** Whether it knows the policies that AWS manages (`arn:aws:iam::aws:policy/…`), which it loads for a second. */
  readonly managedPolicies?: boolean;
}

/** Starts moto on a free port of loopback. @throws Error when it does not answer within 30 s. */
export async function startMoto({ account, managedPolicies = false }: MotoOptions = {}): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: {
      ...process.env,
      ...(account === undefined ? {} : { MOTO_ACCOUNT_ID: account }),
      ...(managedPolicies ? { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' } : {}),
    },
  });
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
  // It must not outlive a process that leaves without stopping it.
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  const url = `http://127.0.0.1:${port}`;
  const reset = async (): Promise<void> => {
    const { ok } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    if (!ok) throw new Error(`moto at ${url} did not reset`);
  };
  const stop = async (): Promise<void> => {
    server.kill();
    await exited;
    process.removeListener('exit', kill);
  };
  try {
    await untilItAnswers(reset);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, reset, stop };
}

async function untilItAnswers(ask: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}
