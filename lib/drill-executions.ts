import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { MACHINE } from '../domain/names';
import type { DrillFunction } from './drill-function';

/** The machines whose executions *Open drill*, the guard and its patrol ask after: is the holder of a lease, or its teardown, alive? */
const MACHINES = [MACHINE.drill, MACHINE.teardown];

/** ARNs of all executions of these machines: by name, as the *Drill* machine itself invokes one of the grantees. */
export function executionArns(stack: Stack): string[] {
  return MACHINES.map((machine) => executionsOf(stack, machine));
}

function executionsOf(stack: Stack, machine: string): string {
  return stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Allows asking how executions of drills and teardowns ended. */
export function grantReadExecutions(lambda: DrillFunction): void {
  Grant.addToPrincipal({
    grantee: lambda,
    actions: ['states:DescribeExecution'],
    resourceArns: executionArns(Stack.of(lambda)),
  });
}

/** Allows stopping a drill that hangs, so that its teardown can be started from outside. */
export function grantStopDrills(lambda: DrillFunction): void {
  Grant.addToPrincipal({
    grantee: lambda,
    actions: ['states:StopExecution'],
    resourceArns: [executionsOf(Stack.of(lambda), MACHINE.drill)],
  });
}
