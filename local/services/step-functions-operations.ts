import type { DrillClock } from '../clock';
import { AwsError } from '../service';
import type { HistoryEvent } from '../states/execution-history';
import type { ExecutionRecord, StateMachine } from './execution-record';
import type { StepFunctions } from './step-functions';

interface Paged {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** The operations of the Step Functions API that the product and the CLI use, with the API's own shapes. */
export function stepFunctionsOperations(stepFunctions: StepFunctions, clock: DrillClock) {
  return {
    StartExecution: (input: { stateMachineArn: string; input?: string; name?: string }) => {
      const arn = stepFunctions.start(
        input.stateMachineArn,
        parsed(input.input ?? '{}', 'InvalidExecutionInput'),
        input.name,
      );
      return { executionArn: arn, startDate: epochSeconds(stepFunctions.execution(arn).startDate) };
    },
    DescribeExecution: ({ executionArn }: { executionArn: string }) =>
      describeExecution(stepFunctions.execution(executionArn)),
    StopExecution: ({ executionArn, error, cause }: { executionArn: string; error?: string; cause?: string }) => {
      stepFunctions.stop(executionArn, error, cause);
      const { stopDate } = stepFunctions.execution(executionArn);
      return { stopDate: epochSeconds(stopDate ?? clock.now().toISOString()) };
    },
    ListExecutions: (input: Paged & { stateMachineArn: string; statusFilter?: string }) => {
      const { arn } = stepFunctions.machine(input.stateMachineArn);
      const all = stepFunctions.executionsOf(arn);
      const { items, ...more } = page(
        all.filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter),
        input,
      );
      return { executions: items.map(summary), ...more };
    },
    GetExecutionHistory: (input: Paged & { executionArn: string; reverseOrder?: boolean }) => {
      stepFunctions.execution(input.executionArn);
      const events = stepFunctions.historyOf(input.executionArn)?.events ?? [];
      const { items, ...more } = page(input.reverseOrder ? events.toReversed() : events, input);
      return { events: items.map(describeEvent), ...more };
    },
    ListStateMachines: () => ({
      stateMachines: stepFunctions.stateMachines().map(({ arn, machine }) => ({
        stateMachineArn: arn,
        name: machine.name,
        type: 'STANDARD',
        creationDate: 0,
      })),
    }),
    DescribeStateMachine: ({ stateMachineArn }: { stateMachineArn: string }) =>
      describeMachine(stepFunctions.machine(stateMachineArn)),
    SendTaskSuccess: ({ taskToken, output }: { taskToken: string; output: string }) =>
      stepFunctions.tokens.succeed(taskToken, parsed(output, 'InvalidOutput')),
    SendTaskFailure: ({ taskToken, error, cause }: { taskToken: string; error?: string; cause?: string }) =>
      stepFunctions.tokens.fail(taskToken, error ?? '', cause ?? ''),
    SendTaskHeartbeat: ({ taskToken }: { taskToken: string }) => stepFunctions.tokens.beat(taskToken),
  };
}

function describeExecution(record: ExecutionRecord) {
  return {
    ...summary(record),
    input: record.input,
    inputDetails: { included: true },
    output: record.output,
    outputDetails: record.output === undefined ? undefined : { included: true },
    error: record.error,
    cause: record.cause,
  };
}

function summary(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: epochSeconds(record.startDate),
    stopDate: record.stopDate === undefined ? undefined : epochSeconds(record.stopDate),
    redriveCount: record.redrives ?? 0,
  };
}

function describeMachine({ arn, roleArn, definition, machine }: StateMachine) {
  return {
    stateMachineArn: arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: JSON.stringify(definition),
    roleArn,
    type: 'STANDARD',
    creationDate: 0,
  };
}

/** Details stand under a key that follows from the type; all events of entering (or leaving) a state share one. */
function describeEvent({ id, type, timestamp, detail }: HistoryEvent) {
  const key = type.replace(/^.+State(Entered|Exited)$/, 'State$1');
  return {
    id,
    // The first state follows the start, which itself follows nothing; both say 0.
    previousEventId: id <= 2 ? 0 : id - 1,
    type,
    timestamp: timestamp.getTime() / 1000,
    [`${key.charAt(0).toLowerCase()}${key.slice(1)}EventDetails`]: detail,
  };
}

function page<Item>(
  all: readonly Item[],
  { maxResults, nextToken }: Paged,
): { items: readonly Item[]; nextToken?: string } {
  const start = Number(nextToken ?? 0);
  if (!Number.isInteger(start)) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  // 0 (or nothing) means the default of 100; 1000 is the most.
  const end = start + Math.min(maxResults || 100, 1000);
  return { items: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
}

function parsed(text: string, code: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError(code, `Invalid JSON: ${(error as Error).message}`);
  }
}

/** The API's protocol has instants as seconds with decimals. */
function epochSeconds(instant: string): number {
  return Date.parse(instant) / 1000;
}
