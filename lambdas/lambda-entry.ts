import type { z } from 'zod';
import { awsHost } from '../adapters/aws-host';
import type { Host, HostEnvironment } from '../adapters/host';
import { DrillError, ErrorName, isTransient, messageOf } from '../domain/errors';

/** A Lambda as Lambda calls it, and as the local drill and tests call it with an environment and host of their own. */
export interface LambdaEntry<Result> {
  (event: unknown): Promise<Result>;
  run(event: unknown, environment: Readonly<Record<string, string | undefined>>, host?: Partial<Host>): Promise<Result>;
}

/**
 * Builds a Lambda from its three parts: the schema of its environment (shared with the construct), the schema of its
 * event, and what it does. SDK errors that may go away leave as `TransientError`, which every Lambda task retries.
 */
export function lambdaEntry<Environment extends HostEnvironment, Event, Result>(parts: {
  readonly environment: z.ZodType<Environment>;
  readonly event: z.ZodType<Event>;
  readonly run: (event: Event, host: Host, environment: Environment) => Promise<Result>;
}): LambdaEntry<Result> {
  const run: LambdaEntry<Result>['run'] = async (event, variables, overrides) => {
    const environment = parts.environment.parse(variables);
    try {
      return await parts.run(parts.event.parse(event), awsHost(environment, overrides), environment);
    } catch (error) {
      if (error instanceof DrillError || !isTransient(error)) throw error;
      throw new DrillError(ErrorName.Transient, messageOf(error), { cause: error });
    }
  };
  return Object.assign((event: unknown) => run(event, process.env), { run });
}
