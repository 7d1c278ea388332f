import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { erroredStateKeyOf, stateKeyOf, stateUseKeyOf, tagsOf, TERRAFORM_VARIABLE } from '../domain/names';
import type { CommandResult } from '../domain/ports/command-runner';
import type { ObjectStore } from '../domain/ports/object-store';
import type { DrillRecord, Outputs } from '../domain/record';
import { diagnosticSentence, TerraformEvents } from '../domain/terraform-events';
import type { StateUse } from '../domain/terraform-lock';
import { dependenciesInState } from '../domain/terraform-state';
import { BuildFailure, type BuildAccount } from './build-account';
import type { StepHost } from './build-step';
import { SpanWriter } from './span-writer';

/** Merged by Terraform over whatever backend the repository has (files named *_override are). */
const BACKEND_FILE = 'cluster-drill_override.tf.json';

/** How long Terraform waits for a lock: a run that is about to end releases it within seconds. */
const LOCK_TIMEOUT = '60s';

/**
 * When to give up on a network part that cannot be deleted. Interfaces of load balancers are given back within minutes;
 * what holds it longer no Terraform knows (its apply was killed), and the sweep must remove it first.
 */
const HELD_UP_SECONDS = 600;

/** What Terraform writes into its directory when it cannot save the state where it belongs. */
const ERRORED_STATE = 'errored.tfstate';

/** Where a drill's state is, and which build uses it. */
export interface StatePlace {
  readonly bucket: string;
  /** Undefined outside CodeBuild: a lock of such a run is never held to be stale. */
  readonly buildId?: string | undefined;
}

/** How a run of apply or destroy ended. */
export interface TerraformRun {
  readonly exitCode: number;
  readonly events: TerraformEvents;
  /** The first error, or its last words where it gave none as an event; undefined when it succeeded. */
  readonly error?: string;
}

/** What running Terraform takes of a step's host. */
export type TerraformHost = Pick<
  StepHost,
  'clock' | 'commands' | 'directory' | 'history' | 'log' | 'objects' | 'signal'
>;

/** Terraform in one folder of a checkout, with a state of the drill's own. */
export class Terraform {
  private readonly variablesFile: string;
  private runs = 0;

  /** @param folder the Terraform directory within the checkout. */
  constructor(
    private readonly host: TerraformHost,
    private readonly record: DrillRecord,
    private readonly folder: string,
    private readonly state: StatePlace,
  ) {
    this.variablesFile = join(host.directory, 'cluster-drill.tfvars.json');
  }

  /**
   * Notes that this build uses the state, writes the drill's backend and variables beside the code and initialises it.
   * @throws BuildFailure
   */
  async init(): Promise<void> {
    await this.noteUse();
    const { settings, target, drillId, clusterName } = this.record;
    const backend = {
      bucket: this.state.bucket,
      key: stateKeyOf(target, drillId),
      region: settings.region,
      encrypt: true,
      use_lockfile: true,
    };
    const variables = {
      ...settings.terraform.variables,
      [TERRAFORM_VARIABLE.clusterName]: clusterName,
      [TERRAFORM_VARIABLE.region]: settings.region,
      [TERRAFORM_VARIABLE.tags]: tagsOf(drillId, target),
    };
    writeFileSync(join(this.folder, BACKEND_FILE), JSON.stringify({ terraform: { backend: { s3: backend } } }));
    writeFileSync(this.variablesFile, JSON.stringify(variables));
    const events = new TerraformEvents('resource');
    const result = await this.run(['init', '-json', '-input=false', '-reconfigure'], (line) => void events.read(line));
    if (result.exitCode !== 0) {
      throw new BuildFailure('terraform', `terraform init failed: ${errorOf(events, result)}`);
    }
  }

  /**
   * Runs apply or destroy. Every line is kept as evidence, also of a run that failed or was stopped; resources become
   * spans while it runs. @param onStart is given the instant of the first event once.
   */
  async change(
    command: 'apply' | 'destroy',
    account: BuildAccount,
    onStart: (at: string) => Promise<void> = async () => {},
  ): Promise<TerraformRun> {
    const events = new TerraformEvents(command === 'apply' ? 'resource' : 'teardown');
    const spans = new SpanWriter(this.host.history, this.record.drillId);
    const lines: string[] = [];
    const giveUp = new AbortController();
    let held: string | undefined;
    let started: Promise<void> | undefined;
    this.runs += 1;
    try {
      const result = await this.run(
        [
          command,
          '-json',
          '-auto-approve',
          '-input=false',
          `-lock-timeout=${LOCK_TIMEOUT}`,
          `-var-file=${this.variablesFile}`,
        ],
        (line) => {
          lines.push(line);
          const span = events.read(line);
          if (span) spans.add(span);
          held ??= events.heldUp(HELD_UP_SECONDS);
          if (held !== undefined) giveUp.abort();
          // Handled below as well; this keeps a rejection from going unhandled while Terraform runs.
          if (events.startedAt !== undefined) started ??= onStart(events.startedAt);
          started?.catch(() => {});
        },
        giveUp.signal,
      );
      for (const span of events.interrupt()) spans.add(span);
      return {
        exitCode: result.exitCode,
        events,
        ...(result.exitCode === 0 ? {} : { error: held === undefined ? errorOf(events, result) : heldUpError(held) }),
      };
    } finally {
      const name = this.runs === 1 ? 'terraform.jsonl' : `terraform-${this.runs}.jsonl`;
      await account.keep(name, lines.map((line) => `${line}\n`).join(''), 'application/x-ndjson');
      await this.saveErroredState();
      await started;
      await spans.flush();
    }
  }

  /** The outputs that are not marked as sensitive. @throws BuildFailure */
  async outputs(): Promise<Outputs> {
    const result = await this.run(['output', '-json', '-no-color']);
    if (result.exitCode !== 0) throw new BuildFailure('terraform', `terraform output failed: ${plainError(result)}`);
    const outputs = JSON.parse(result.stdout) as Record<string, { value: unknown; sensitive?: boolean }>;
    return Object.fromEntries(
      Object.entries(outputs).flatMap(([name, { value, sensitive }]) => (sensitive ? [] : [[name, value]])),
    );
  }

  /** What each resource was made after (`dependenciesInState`); empty where the state cannot be read. */
  async dependencies(): Promise<Outputs> {
    const { exitCode, stdout } = await this.run(['state', 'pull']);
    return exitCode === 0 ? dependenciesInState(stdout) : {};
  }

  /** Releases a lock whose owner is gone. @returns why it could not, in Terraform's words; undefined when it did. */
  async forceUnlock(lockId: string): Promise<string | undefined> {
    const result = await this.run(['force-unlock', '-force', lockId]);
    return result.exitCode === 0 ? undefined : plainError(result);
  }

  /**
   * Puts a state back that an earlier run could not save. Terraform refuses one that is older than what is there, or of
   * another lineage; then what is there is the better one.
   * @returns whether it was put back.
   */
  async restoreErroredState(): Promise<boolean> {
    const text = await this.objects().get(this.erroredStateKey());
    if (text === undefined) return false;
    writeFileSync(join(this.folder, ERRORED_STATE), text);
    return this.pushErroredState();
  }

  /**
   * Keeps the state that this run could not save, first in the bucket, then where it belongs. What a second push could
   * not do either, *Destroy cluster* tries again.
   */
  private async saveErroredState(): Promise<void> {
    const file = join(this.folder, ERRORED_STATE);
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    const key = this.erroredStateKey();
    await this.objects().put(key, text, 'application/json');
    this.host.log(`Terraform could not save its state; it is kept as ${key}`);
    if (!this.host.signal.aborted) await this.pushErroredState();
  }

  private async pushErroredState(): Promise<boolean> {
    const result = await this.run(['state', 'push', `-lock-timeout=${LOCK_TIMEOUT}`, ERRORED_STATE]);
    rmSync(join(this.folder, ERRORED_STATE), { force: true });
    const pushed = result.exitCode === 0;
    this.host.log(pushed ? 'the kept state was put back' : `the kept state was not put back: ${plainError(result)}`);
    return pushed;
  }

  /** Before Terraform runs for the first time, so that a lock which it leaves can be traced to this build. */
  private async noteUse(): Promise<void> {
    const { buildId } = this.state;
    if (buildId === undefined) return;
    const { target, drillId } = this.record;
    const use: StateUse = { buildId, machine: hostname(), since: this.host.clock.now().toISOString() };
    await this.objects().put(stateUseKeyOf(target, drillId, buildId), JSON.stringify(use), 'application/json');
  }

  private objects(): ObjectStore {
    return this.host.objects(this.state.bucket);
  }

  private erroredStateKey(): string {
    return erroredStateKeyOf(this.record.target, this.record.drillId);
  }

  private run(args: readonly string[], onLine?: (line: string) => void, giveUp?: AbortSignal): Promise<CommandResult> {
    const { commands } = this.host;
    const signal = giveUp ? AbortSignal.any([this.host.signal, giveUp]) : this.host.signal;
    return commands.run('terraform', args, {
      cwd: this.folder,
      // A variable that is given this way need not be declared, unlike one in the file.
      env: {
        TF_IN_AUTOMATION: '1',
        CHECKPOINT_DISABLE: '1',
        ...(this.record.commit === undefined ? {} : { [`TF_VAR_${TERRAFORM_VARIABLE.commit}`]: this.record.commit }),
      },
      signal,
      ...(onLine ? { onLine } : {}),
    });
  }
}

function heldUpError(address: string): string {
  return `${address} could not be deleted within ${HELD_UP_SECONDS / 60} min, so something is in it that Terraform does not know; the sweep must remove both`;
}

/** The first error of the event stream; a run that died before it could say any leaves its last words. */
function errorOf(events: TerraformEvents, result: CommandResult): string {
  const [first, ...more] = events.errors;
  if (!first) return plainError(result);
  return (
    diagnosticSentence(first) +
    (more.length === 0 ? '' : ` (and ${more.length} more ${more.length === 1 ? 'error' : 'errors'})`)
  );
}

/** Terraform's words without the box that it draws around them. */
function plainError({ stderr, stdout, exitCode }: CommandResult): string {
  const text = (stderr.trim() || stdout.trim()).replaceAll(/[│╷╵]/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return text.slice(0, 500) || `it ended with ${exitCode}`;
}
