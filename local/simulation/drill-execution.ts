import { drillIdOf, MACHINE } from '../../domain/names';
import type { ExecutionRecord } from '../services/execution-record';
import type { StepFunctions } from '../services/step-functions';

/** The execution of the machine *Drill* that a drill runs in, while it runs; by its id or by one of its executions. */
export function drillExecutionOf(
  stepFunctions: StepFunctions,
  executionArn: string | undefined,
  drillId: string,
): string | undefined {
  const wanted = executionArn === undefined ? drillId : drillOf(stepFunctions.execution(executionArn));
  return stepFunctions
    .executionsOf(stepFunctions.machine(MACHINE.drill).arn)
    .find((execution) => execution.status === 'RUNNING' && drillOf(execution) === wanted)?.arn;
}

/** The id of the drill that an execution of any machine works for. */
export function drillOf({ arn, input, machineArn, startDate }: ExecutionRecord): string {
  const given = JSON.parse(input) as { target?: unknown; drillId?: string; drill?: { drillId?: string } };
  if (machineArn.endsWith(`:${MACHINE.drill}`)) return drillIdOf(String(given.target ?? 'alpha'), arn, startDate);
  return given.drill?.drillId ?? given.drillId ?? '';
}
