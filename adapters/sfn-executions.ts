import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { UserError } from '../domain/errors';
import type { Execution, Executions } from '../domain/ports/executions';

/** Executions of Step Functions. */
export class SfnExecutions implements Executions {
  constructor(private readonly client: SFNClient) {}

  async start(stateMachineArn: string, input: unknown, name?: string): Promise<string> {
    try {
      const { executionArn } = await this.client.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }),
      );
      return executionArn!;
    } catch (error) {
      // While it runs, Step Functions answers a second start with the same execution; once it has ended, with this.
      if (error instanceof ExecutionAlreadyExists && name !== undefined) return executionArnOf(stateMachineArn, name);
      throw error;
    }
  }

  async execution(arn: string): Promise<Execution | undefined> {
    try {
      const found = await this.client.send(new DescribeExecutionCommand({ executionArn: arn }));
      return {
        arn,
        status: found.status!,
        input: parsed(found.input) ?? {},
        startedAt: found.startDate!.toISOString(),
        ...(found.output !== undefined && { output: parsed(found.output) }),
        ...(found.error !== undefined && { error: found.error }),
        ...(found.cause !== undefined && { cause: found.cause }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  }

  async stop(arn: string, cause: string): Promise<void> {
    await this.client.send(new StopExecutionCommand({ executionArn: arn, cause }));
  }

  async confirm(taskToken: string, output: unknown): Promise<void> {
    try {
      await this.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    } catch (error) {
      const gone = error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
      if (!gone) throw error;
      throw new UserError(
        'the drill no longer waits for this confirmation (it was given already, or the drill went on or ended); see `drill show`',
        { cause: error },
      );
    }
  }
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : (JSON.parse(json) as unknown);
}

/** `…:stateMachine:NAME` and `x` give `…:execution:NAME:x`. */
function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
