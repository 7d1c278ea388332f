import { UserError } from '../../domain/errors';
import type { Execution, Executions } from '../../domain/ports/executions';
import { AwsError } from '../service';
import type { StepFunctions } from '../services/step-functions';

/** The executions of the local Step Functions, without sockets and SDK between. */
export class DirectExecutions implements Executions {
  constructor(private readonly stepFunctions: () => StepFunctions) {}

  async start(stateMachineArn: string, input: unknown, name?: string): Promise<string> {
    try {
      return this.stepFunctions().start(stateMachineArn, JSON.parse(JSON.stringify(input)), name);
    } catch (error) {
      const isKnown = error instanceof AwsError && error.code === 'ExecutionAlreadyExists';
      if (!isKnown || name === undefined) throw error;
      return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    }
  }

  async execution(arn: string): Promise<Execution | undefined> {
    const found = this.known(arn);
    if (!found) return undefined;
    const { status, input, output, error, cause, startDate } = found;
    return {
      arn,
      status,
      input: JSON.parse(input) as unknown,
      startedAt: startDate,
      ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    };
  }

  async stop(arn: string, cause: string): Promise<void> {
    this.stepFunctions().stop(arn, undefined, cause);
  }

  async confirm(taskToken: string, output: unknown): Promise<void> {
    try {
      this.stepFunctions().tokens.succeed(taskToken, output);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new UserError('the drill no longer waits for this confirmation', { cause: error });
    }
  }

  private known(arn: string) {
    try {
      return this.stepFunctions().execution(arn);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }
}
