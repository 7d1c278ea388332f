import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** Why moto is not asked in this run; undefined when it is. It takes half a minute, so it must be asked for. */
export function motoObstacle(): string | undefined {
  if (!process.env['MOTO']) return 'run with MOTO=1 to include them';
  return spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).error && 'moto_server is not on PATH';
}

/** moto as a server: somebody else's idea of AWS. */
export interface Moto {
  readonly url: string;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const reset = async (): Promise<void> => {
    const { ok } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    if (!ok) throw new Error(`moto at ${url} did not reset`);
  };
  for (let tries = 1; ; tries += 1) {
    try {
      await reset();
      break;
    } catch (error) {
      if (tries === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    url,
    reset,
    async stop() {
      const exited = new Promise((resolve) => {
        server.once('exit', resolve);
      });
      server.kill();
      await exited;
    },
  };
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
