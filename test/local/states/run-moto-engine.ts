import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Case, Ending } from './cases';

/** moto as a server, executing state machines with the parser that it took over from LocalStack. */
export class MotoEngine {
  private constructor(
    private readonly server: ChildProcess,
    private readonly endpoint: string,
    private readonly client: SFNClient,
  ) {}

  static async start(): Promise<MotoEngine> {
    const port = await freePort();
    const server = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
    const endpoint = `http://127.0.0.1:${port}`;
    const client = new SFNClient({ endpoint, region: 'eu-central-1' });
    await answering(`${endpoint}/moto-api/config`, JSON.stringify({ stepfunctions: { execute_state_machine: true } }));
    return new MotoEngine(server, endpoint, client);
  }

  /** After one execution moto starts no other one until it is reset. */
  async run({ definition, input }: Case): Promise<Ending> {
    await fetch(`${this.endpoint}/moto-api/reset`, { method: 'POST' });
    const { stateMachineArn } = await this.client.send(
      new CreateStateMachineCommand({
        name: 'case',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::000000000000:role/case',
      }),
    );
    const { executionArn } = await this.client.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input ?? {}) }),
    );
    for (;;) {
      const { status, output, error } = await this.client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === 'SUCCEEDED') return { status, output: JSON.parse(output ?? '') };
      if (status === 'FAILED' || status === 'TIMED_OUT') return { status, ...(error && { error }) };
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.client.destroy();
    const exited = new Promise((resolve) => {
      this.server.once('exit', resolve);
    });
    this.server.kill();
    await exited;
  }
}

async function answering(url: string, body: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      const { ok } = await fetch(url, { method: 'POST', body });
      if (ok) return;
    } catch {
      // It is still starting.
    }
    await sleep(50);
  }
  throw new Error(`moto_server did not answer at ${url}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
