import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processRunner } from '../../adapters/process-runner';
import type { StepHost } from '../../buildspecs/build-step';
import type { AccountChecks } from '../../domain/ports/readiness';
import type { CommandOptions, CommandResult, CommandRunner } from '../../domain/ports/command-runner';
import type { AccessGrant, Eks, EksCapability, EksCluster } from '../../domain/ports/eks';
import type { Build } from '../../domain/ports/builds';
import type { InventoryItem } from '../../domain/ports/inventory';
import type { DrillRecord, DrillStory } from '../../domain/record';
import { MemoryHistory } from '../../local/memory-history';
import { FakeKubernetes } from './fake-kubernetes';

/** A stand-in for a program: answers a call, may send lines first. */
type FakeProgram = (
  args: readonly string[],
  options: CommandOptions,
) => Promise<Partial<CommandResult>> | Partial<CommandResult>;

/** A host for one step in this process: history and store in memory, a clock that sleeping moves, git for real. */
export interface TestStepHost extends StepHost {
  readonly programs: Record<string, FakeProgram>;
  /** Every call of a stand-in, such as `terraform init -input=false`. */
  readonly calls: string[];
  readonly stop: AbortController;
  readonly kubernetes: FakeKubernetes;
  readonly grants: AccessGrant[];
  readonly stored: Map<string, string>;
  readonly lines: string[];
  readonly existing: InventoryItem[];
  cluster: EksCluster | undefined;
  /** What EKS runs for the cluster. */
  capabilities: EksCapability[];
  running: Build[];
  /** Why no secret can be read. */
  secretObstacle: string | undefined;
  readonly account: { -readonly [Check in keyof AccountChecks]: AccountChecks[Check] };
  story(): Promise<DrillStory>;
}

export const CLUSTER: EksCluster = {
  name: 'drill-a1b2c3',
  arn: 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-a1b2c3',
  status: 'ACTIVE',
  version: '1.35',
  createdAt: '2026-10-05T06:05:00.000Z',
  endpoint: 'https://cluster.example.com',
  certificateAuthority: 'Y2E=',
  health: [],
};

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

export async function stepHost(record: DrillRecord): Promise<TestStepHost> {
  const history = new MemoryHistory();
  await history.open(record, '2026-10-05T12:00:00.000Z');
  const stored = new Map<string, string>();
  const store = {
    put: async (key: string, body: string | Uint8Array) => void stored.set(key, body.toString()),
    get: async (key: string) => stored.get(key),
    list: async (prefix: string) => [...stored.keys()].filter((key) => key.startsWith(prefix)),
  };
  let now = Date.parse(record.openedAt);
  const stop = new AbortController();
  const directory = mkdtempSync(join(tmpdir(), 'drill-step-'));
  directories.push(directory);
  const programs: Record<string, FakeProgram> = {};
  const calls: string[] = [];
  const grants: AccessGrant[] = [];
  const lines: string[] = [];
  const existing: InventoryItem[] = [];
  const kubernetes = new FakeKubernetes();
  const account: TestStepHost['account'] = {
    account: async () => '000000000000',
    quota: async () => 64,
    inUse: async () => 1,
    senderVerified: async () => true,
  };
  const host = {
    directory,
    signal: stop.signal,
    clock: {
      now: () => new Date(now),
      sleep: async (milliseconds: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        now += milliseconds;
      },
    },
    history,
    evidence: store,
    objects: () => store,
    commands: commandsOf(programs, calls),
    accountChecks: account,
    secrets: { value: async (name: string) => `value of ${name}`, obstacle: async () => host.secretObstacle },
    inventory: {
      account: account.account,
      find: async () => existing,
      taggedDrills: async () => [],
      remove: async () => undefined,
    },
    builds: {
      running: async (projects: readonly string[]) => host.running.filter(({ project }) => projects.includes(project)),
      build: async (id: string) => host.running.find((build) => build.id === id),
      stop: async () => {},
    },
    log: (line: string) => void lines.push(line),
    programs,
    calls,
    stop,
    kubernetes,
    grants,
    stored,
    lines,
    existing,
    account,
    cluster: CLUSTER as EksCluster | undefined,
    secretObstacle: undefined as string | undefined,
    capabilities: [] as EksCapability[],
    running: [] as Build[],
    story: async () => (await history.story(record.drillId))!,
  };
  const eks: Eks = {
    cluster: async () => host.cluster,
    parts: async () => [],
    capabilities: async () => host.capabilities,
    grantAccess: async (_cluster, given) => void grants.push(...given),
    allowDeletion: async () => {
      if (host.cluster) host.cluster = { ...host.cluster, deletionProtection: false };
    },
    versions: async () => [
      { version: '1.35', status: 'STANDARD_SUPPORT', endOfStandardSupport: '2027-03-27T00:00:00.000Z' },
    ],
    token: async () => 'k8s-aws-v1.token',
    kubernetes: () => kubernetes,
  };
  return Object.assign(host, { eks }) as unknown as TestStepHost;
}

/** Git is the real one; everything else is a stand-in or not installed. */
function commandsOf(programs: Record<string, FakeProgram>, calls: string[]): CommandRunner {
  return {
    run: async (command, args, options) => {
      if (command === 'git') return processRunner.run(command, args, options);
      calls.push([command, ...args].join(' '));
      const program = programs[command];
      if (!program) throw Object.assign(new Error(`spawn ${command} ENOENT`), { code: 'ENOENT' });
      return { exitCode: 0, stdout: '', stderr: '', ...(await program(args, options)) };
    },
  };
}
