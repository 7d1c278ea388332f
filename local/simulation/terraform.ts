import { readFileSync } from 'node:fs';
import type { Clock } from '../../domain/clock';
import { TAG, TERRAFORM_VARIABLE } from '../../domain/names';
import type { Program, ProgramCall } from '../program';
import type { Account } from './account';
import type { Clusters } from './clusters';
import type { MemoryObjectStore } from './memory-object-store';
import { terraformOutputs, terraformPlan, type PlannedResource, type PlanInput } from './terraform-plan';
import { TerraformState } from './terraform-state';

/** What may go wrong with one resource. */
export interface TerraformFaults {
  /** Why a resource cannot be made or destroyed, by command and address; undefined when it can. */
  refuse?(command: 'apply' | 'destroy', address: string): string | undefined;
  /** Awaited when AWS has taken a change up and Terraform has not noted it yet: the worst moment to be killed. */
  changing?(command: 'apply' | 'destroy', address: string): Promise<void> | undefined;
}

/** A run of apply or destroy, for whoever watches that they never meet. */
export interface TerraformRun {
  readonly drillId: string;
  readonly command: 'apply' | 'destroy';
  readonly from: number;
  to?: number;
}

export interface TerraformWorld {
  readonly account: Account;
  readonly clusters: Clusters;
  readonly clock: Clock;
  readonly objects: (bucket: string) => MemoryObjectStore;
  readonly runs: TerraformRun[];
  readonly faults: TerraformFaults;
  readonly version: string;
}

/** Terraform keeps an intermediate state in its backend every 20 seconds. */
const PERSIST_MILLISECONDS = 20_000;
/** How long the provider waits for what is still in use, and how long between its tries. */
const PATIENCE_MILLISECONDS = 300_000;
const PAUSE_MILLISECONDS = 60_000;

/** Terraform over the simulated account: the commands, events, state and lock that the builds know. */
export function terraformProgram(world: TerraformWorld): Program {
  return async (call) => {
    switch (call.args[0]) {
      case 'version':
        call.stdout(`Terraform v${world.version}\non linux_arm64\n`);
        return 0;
      case 'apply':
      case 'destroy':
        return new Change(world, call, call.args[0]).run();
      case 'output':
        call.stdout(JSON.stringify(terraformOutputs(planInput(world, call))));
        return 0;
      case 'force-unlock':
        TerraformState.of(call.cwd, world.objects).unlock();
        return 0;
      default:
        return 0;
    }
  };
}

class Change {
  private readonly state: TerraformState;
  private readonly input: PlanInput;
  private readonly made: Set<string>;
  private persistedAt = 0;

  constructor(
    private readonly world: TerraformWorld,
    private readonly call: ProgramCall,
    private readonly command: 'apply' | 'destroy',
  ) {
    this.state = TerraformState.of(call.cwd, world.objects);
    this.input = planInput(world, call);
    this.made = new Set(this.state.read().addresses);
  }

  async run(): Promise<number> {
    const { clock, runs } = this.world;
    this.say({ type: 'version', '@message': 'Terraform' });
    if (!(await this.lock())) return this.fail('Error acquiring the state lock', `Lock Info: ID: ${this.state.lockId}`);
    const run: TerraformRun = { drillId: this.input.drillId, command: this.command, from: this.now() };
    runs.push(run);
    try {
      for (const address of this.made) if (this.isGone(address)) this.made.delete(address);
      return await this.changeAll();
    } finally {
      run.to = clock.now().getTime();
      this.persist();
      this.state.unlock();
    }
  }

  private async changeAll(): Promise<number> {
    const plan = terraformPlan(this.input);
    const todo =
      this.command === 'apply'
        ? plan.filter(({ address }) => !this.made.has(address))
        : plan.filter(({ address }) => this.made.has(address)).toReversed();
    for (const planned of todo) {
      if (this.call.signal.aborted) return this.fail('Operation cancelled', 'it was interrupted');
      const error = await this.change(planned);
      if (error !== undefined) return this.fail(error, '', planned.address);
      if (this.now() - this.persistedAt >= PERSIST_MILLISECONDS) this.persist();
    }
    this.say({ type: 'change_summary', '@message': 'complete' });
    return 0;
  }

  private async change(planned: PlannedResource): Promise<string | undefined> {
    const { faults } = this.world;
    const { address } = planned;
    this.hook('apply_start', address);
    const refused = faults.refuse?.(this.command, address);
    const error = refused ?? (await (this.command === 'apply' ? this.create(planned) : this.destroy(planned)));
    this.hook(error === undefined ? 'apply_complete' : 'apply_errored', address);
    return error;
  }

  private async create({ address, make, seconds: [seconds], with: parts = [] }: PlannedResource): Promise<undefined> {
    const { account, clusters, clock } = this.world;
    const by = this.input.drillId;
    account.create(make, by, seconds);
    if (make.type === 'eks:cluster') {
      const vpcId = make.vpcId ?? '';
      clusters.add({
        name: make.id,
        drillId: by,
        vpcId,
        vpcArn: account.arnOf('ec2:vpc', vpcId),
        subnetArn: make.uses[0]!,
      });
    }
    await this.world.faults.changing?.('apply', address);
    await clock.sleep(seconds * 1000);
    for (const part of parts) account.create(part, by);
    if (make.type === 'eks:nodegroup') clusters.get(this.input.clusterName)?.platform.join(`ip-10-0-0-1`);
    this.made.add(address);
    return undefined;
  }

  private async destroy({ address, make, seconds, with: parts = [] }: PlannedResource): Promise<string | undefined> {
    const { account, clock } = this.world;
    const by = this.input.drillId;
    const deadline = this.now() + PATIENCE_MILLISECONDS;
    for (const part of parts) account.remove(part.arn, by);
    for (;;) {
      const obstacle = account.remove(make.arn, by);
      if (obstacle === undefined) break;
      if (this.call.signal.aborted || this.now() >= deadline) return obstacle;
      await clock.sleep(PAUSE_MILLISECONDS);
    }
    await this.world.faults.changing?.('destroy', address);
    await clock.sleep(seconds[1] * 1000);
    this.made.delete(address);
    return undefined;
  }

  private isGone(address: string): boolean {
    const planned = terraformPlan(this.input).find((candidate) => candidate.address === address);
    return !planned || this.world.account.get(planned.make.arn) === undefined;
  }

  /** Waits for a lock as long as `-lock-timeout` says. */
  private async lock(): Promise<boolean> {
    const seconds = Number(
      /^-lock-timeout=(\d+)s$/.exec(this.call.args.find((arg) => arg.includes('lock')) ?? '')?.[1],
    );
    const lock = (): boolean => {
      const at = this.world.clock.now().toISOString();
      return this.state.lock(`${this.input.drillId}/${this.command}/${at}`, at);
    };
    if (lock()) return true;
    await this.world.clock.sleep((seconds || 0) * 1000, this.call.signal).catch(() => {});
    return lock();
  }

  private persist(): void {
    this.persistedAt = this.now();
    this.state.write({ addresses: [...this.made] });
  }

  private fail(summary: string, detail: string, address?: string): number {
    const diagnostic = { severity: 'error', summary, detail, ...(address === undefined ? {} : { address }) };
    this.say({ type: 'diagnostic', '@level': 'error', diagnostic });
    return 1;
  }

  private hook(type: string, addr: string): void {
    const action = this.command === 'apply' ? 'create' : 'delete';
    this.say({ type, hook: { resource: { addr }, action } });
  }

  private say(event: object): void {
    this.call.stdout(`${JSON.stringify({ '@timestamp': this.world.clock.now().toISOString(), ...event })}\n`);
  }

  private now(): number {
    return this.world.clock.now().getTime();
  }
}

/** What the variables file says of the drill. */
function planInput({ account }: TerraformWorld, { args, cwd }: ProgramCall): PlanInput {
  const file = args.find((arg) => arg.startsWith('-var-file='))?.slice('-var-file='.length);
  const variables = JSON.parse(readFileSync(file ?? `${cwd}/../../cluster-drill.tfvars.json`, 'utf8')) as Record<
    string,
    unknown
  >;
  const tags = variables[TERRAFORM_VARIABLE.tags] as Record<string, string>;
  return {
    account,
    clusterName: String(variables[TERRAFORM_VARIABLE.clusterName]),
    drillId: tags[TAG.drill] ?? '',
    tags,
  };
}
