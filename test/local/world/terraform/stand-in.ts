import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../../domain/clock';
import { Chance } from '../../../../local/chance';
import type { Fault } from '../../../../local/scenarios';
import { AwsResources } from '../../../../local/world/aws-resources';
import type { SimulatedAccount } from '../../../../local/world/simulated-account';
import { terraformProgram } from '../../../../local/world/terraform/terraform-program';
import { WorldState } from '../../../../local/world/world-state';

/** A clock of which sleeping is the only way on; `alarms` are called when it passes their instant. */
export class TestClock implements Clock {
  private time = Date.parse('2026-10-05T06:00:00.000Z');
  private readonly alarms: { at: number; run: () => void }[] = [];

  now(): Date {
    return new Date(this.time);
  }

  /** Calls back when this many seconds have passed from now. */
  after(seconds: number, run: () => void): void {
    this.alarms.push({ at: this.time + seconds * 1000, run });
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      const [next] = this.alarms.toSorted((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.alarms.splice(this.alarms.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
    return Promise.resolve();
  }
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The events of a `-json` run. */
  readonly events: readonly TerraformEvent[];
}

export interface TerraformEvent {
  readonly '@level': string;
  readonly '@message': string;
  readonly '@module': string;
  readonly '@timestamp': string;
  readonly type: string;
  readonly hook?: {
    readonly resource: { readonly addr: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StandIn {
  readonly world: SimulatedAccount;
  readonly clock: TestClock;
  readonly objects: Map<string, string>;
  readonly directory: string;
  run(args: readonly string[], options?: { signal?: AbortSignal; env?: Record<string, string> }): Promise<Ran>;
}

export const BACKEND = JSON.stringify({
  terraform: {
    backend: {
      s3: { bucket: 'states', key: 'production/d1/terraform.tfstate', region: 'eu-central-1', use_lockfile: true },
    },
  },
});

export function simulatedAccount(clock: Clock = new TestClock(), seed = 1): SimulatedAccount {
  return {
    clock,
    chance: new Chance(seed),
    aws: new AwsResources(new WorldState(), clock),
    account: '000000000000',
    region: 'eu-central-1',
  };
}

/** A repository in a directory of its own, and the stand-in that works on it. */
export function standIn(files: Readonly<Record<string, string>>, faults: readonly Fault[] = []): StandIn {
  const directory = mkdtempSync(join(tmpdir(), 'terraform-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const clock = new TestClock();
  const world = simulatedAccount(clock);
  const objects = new Map<string, string>();
  const program = terraformProgram({
    world,
    faults,
    objects: {
      read: (bucket, key) => Promise.resolve(objects.get(`${bucket}/${key}`)),
      write: (bucket, key, body) => Promise.resolve(void objects.set(`${bucket}/${key}`, body)),
      create: (bucket, key, body) => {
        const free = !objects.has(`${bucket}/${key}`);
        if (free) objects.set(`${bucket}/${key}`, body);
        return Promise.resolve(free);
      },
      remove: (bucket, key) => Promise.resolve(void objects.delete(`${bucket}/${key}`)),
    },
    clusterEndpoint: (name) => ({ endpoint: `https://${name}.example.com`, certificateAuthority: 'Q0E=' }),
  });
  return {
    world,
    clock,
    objects,
    directory,
    run: async (args, { signal = new AbortController().signal, env = {} } = {}) => {
      let stdout = '';
      let stderr = '';
      const exitCode = await program({
        args,
        cwd: directory,
        env,
        stdout: (text) => (stdout += text),
        stderr: (text) => (stderr += text),
        signal,
      });
      const events = stdout.split('\n').filter((line) => line.startsWith('{"@level"'));
      return { exitCode, stdout, stderr, events: events.map((line) => JSON.parse(line) as TerraformEvent) };
    },
  };
}
