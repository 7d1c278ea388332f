import type { z } from 'zod';
import { awsHost } from '../adapters/aws-host';
import type { Host, HostEnvironment } from '../adapters/host';
import { processRunner } from '../adapters/process-runner';
import { systemClock } from '../adapters/system-clock';
import { messageOf } from '../domain/errors';
import { patientHistory } from './patient-history';
import { Pulse } from './pulse';

/** What a step is given beside its environment. */
export interface StepHost extends Host {
  /** An empty directory that the step may fill (the checkout, Terraform's working files). */
  readonly directory: string;
  /** Aborts on SIGTERM (CodeBuild was told to stop the build) or when the lease is lost. The step then stops what it runs and keeps its state. */
  readonly signal: AbortSignal;
  /** The build's heartbeat; `accountForBuild` begins it. Its loss aborts `signal` too. */
  readonly pulse: Pulse;
}

export interface BuildStep {
  /** Runs the step as CodeBuild does: environment from the process, exit code 0 or 1. */
  main(): Promise<void>;
  /** Runs it inside this process, for the local drill and tests. Rejects with the error that would end the build. */
  run(
    environment: Readonly<Record<string, string | undefined>>,
    host: Partial<Host> & Pick<StepHost, 'directory' | 'signal'>,
  ): Promise<void>;
}

/** Builds a step from the schema of its environment (shared with the construct) and what it does. */
export function buildStep<Environment extends HostEnvironment>(parts: {
  readonly environment: z.ZodType<Environment>;
  readonly run: (host: StepHost, environment: Environment) => Promise<void>;
}): BuildStep {
  const run: BuildStep['run'] = async (variables, overrides) => {
    const environment = parts.environment.parse(variables);
    const { clock = systemClock, commands = processRunner, directory, signal, ...rest } = overrides;
    const pulse = new Pulse(clock, signal, (line) => host.log(line));
    const host = awsHost(environment, { ...rest, clock: pulse.clock(), commands: pulse.commands(commands) });
    const history = patientHistory(host.history, host.clock, pulse.signal);
    Object.defineProperty(host, 'history', { enumerable: true, value: history });
    // Not spread: that would make every adapter, also those that this step has no variables for.
    const own = { directory, pulse, signal: pulse.signal };
    await parts.run(Object.assign(host, own), environment);
  };
  const main = async (): Promise<void> => {
    const stop = new AbortController();
    // Every time, as it may come twice: by default the second one would end this process beside its Terraform.
    process.on('SIGTERM', () => stop.abort(new Error('the build was told to stop (SIGTERM)')));
    try {
      await run(process.env, { directory: process.cwd(), signal: stop.signal });
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      process.exitCode = 1;
    }
  };
  return { main, run };
}
