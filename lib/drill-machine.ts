import {
  Choice,
  Condition,
  Fail,
  IntegrationPattern,
  JsonPath,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
  type IChainable,
  type StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  StepFunctionsStartExecution,
  type CodeBuildStartBuild,
  type LambdaInvoke,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { ErrorName } from '../domain/errors';
import { MACHINE } from '../domain/names';
import { closingStates, noteFailure } from './closing-states';
import { withMargin, type Deadlines } from './deadlines';
import type { DrillBuild } from './drill-build';
import type { DrillFunction } from './drill-function';
import type { DrillLambdas } from './drill-lambdas';
import { sayWhy } from './say-why';
import { StoryMachine } from './story-machine';
import { CAUGHT, catchAll, FAILURE_PATH, invoke, runBuild } from './story-tasks';

export interface DrillMachineProps {
  readonly openDrill: DrillFunction<'open-drill'>;
  readonly lambdas: DrillLambdas;
  readonly checkReadiness: DrillBuild;
  readonly bootstrap: StateMachine;
  readonly teardown: StateMachine;
  readonly deadlines: Deadlines;
}

/**
 * The *Drill* machine: open, check, bootstrap, tear down whatever happened, judge, report. From the moment a drill is
 * open every error is noted and leads to the teardown. Bootstrap and teardown are executions of their own, because the
 * failure or timeout of a nested execution can be caught, and that of an execution itself cannot.
 */
export class DrillMachine extends Construct {
  readonly machine: StoryMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DrillMachineProps,
  ) {
    super(scope, id);
    const open = this.openDrill();
    const check = this.checkReadiness();
    const bootstrap = this.bootstrapCluster();
    const tearDown = this.tearDownCluster();
    const close = closingStates(this, props.lambdas, this.didTheDrillPass());

    catchAll(check, this.noteFailure('Note failed readiness', 'Check readiness', tearDown));
    catchAll(bootstrap, this.noteFailure('Note failure', 'Bootstrap cluster', tearDown));
    catchAll(tearDown, this.noteFailure('Note failed teardown', 'Tear down cluster', close));

    open.next(this.isTheDrillOpen(open, check));
    check.next(bootstrap).next(tearDown).next(close);

    this.machine = new StoryMachine(this, 'Story', {
      name: MACHINE.drill,
      comment: 'Rebuilds a cluster from nothing, measures it, takes it down again and reports',
      start: open,
      timeout: props.deadlines.drill,
    });
  }

  private openDrill(): LambdaInvoke {
    const open = invoke(this, 'Open drill', {
      lambda: this.props.openDrill,
      payload: {
        // Not the payload: a drill that had to wait comes back here with another one.
        input: JsonPath.objectAt('$$.Execution.Input'),
        executionArn: JsonPath.executionId,
        startedAt: JsonPath.executionStartTime,
      },
      // The whole state from here on: what else stood in the input is not known and not carried along.
      result: { path: '$', keep: { 'drill.$': '$.Payload' } },
    });
    const caught = { resultPath: FAILURE_PATH };
    open.addCatch(sayWhy(this, 'Say why it is refused', 'Drill refused'), {
      errors: [
        ErrorName.InvalidInput,
        ErrorName.LeaseHeld,
        ErrorName.NoSlot,
        ErrorName.OverBudget,
        ErrorName.DrillClosed,
      ],
      ...caught,
    });
    open.addCatch(new Succeed(this, 'Already drilled', { comment: 'The same scheduled time was delivered twice' }), {
      errors: [ErrorName.DuplicateDrill],
      ...caught,
    });
    // Whether it had begun to open is not known here; the guard, which this red end wakes, looks and cleans up.
    return catchAll(open, new Fail(this, 'Drill not opened', CAUGHT));
  }

  /** What an earlier drill left is cleaned up first, and a slot waited for; how long, *Open drill* decides. */
  private isTheDrillOpen(open: LambdaInvoke, next: IChainable): Choice {
    const wait = new Wait(this, 'Wait for earlier drills', { time: WaitTime.secondsPath('$.drill.waitSeconds') });
    return new Choice(this, 'Is the drill open?')
      .when(Condition.stringEquals('$.drill.status', 'open'), next)
      .otherwise(wait.next(open));
  }

  private checkReadiness(): CodeBuildStartBuild {
    return runBuild(this, 'Check readiness', {
      build: this.props.checkReadiness,
      timeout: Timeout.duration(this.props.deadlines.task['check-readiness']),
      terraformVersion: '$.drill.terraformVersion',
    });
  }

  /** Never retried: a second bootstrap would measure a cluster that half exists. */
  private bootstrapCluster(): StepFunctionsStartExecution {
    return new StepFunctionsStartExecution(this, 'Bootstrap cluster', {
      stateMachine: this.props.bootstrap,
      integrationPattern: IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: TaskInput.fromObject({ drill: JsonPath.objectAt('$.drill') }),
      taskTimeout: Timeout.at('$.drill.deadlineSeconds'),
      resultPath: JsonPath.DISCARD,
    });
  }

  /** Not retried: its own states go on after every failure, so its red end says that something really is left. */
  private tearDownCluster(): StepFunctionsStartExecution {
    return new StepFunctionsStartExecution(this, 'Tear down cluster', {
      stateMachine: this.props.teardown,
      integrationPattern: IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: TaskInput.fromObject({ drill: JsonPath.objectAt('$.drill'), closedBy: 'drill' }),
      taskTimeout: Timeout.duration(withMargin(this.props.deadlines.teardown)),
      resultPath: JsonPath.DISCARD,
    });
  }

  private didTheDrillPass(): Choice {
    return new Choice(this, 'Did the drill pass?')
      .when(Condition.booleanEquals('$.verdict.passed', true), new Succeed(this, 'Drill passed'))
      .otherwise(
        new Fail(this, 'Drill failed', {
          error: ErrorName.DrillFailed,
          cause: 'The drill did not pass; its report says why.',
        }),
      );
  }

  private noteFailure(name: string, where: string, next: IChainable): LambdaInvoke {
    return noteFailure(this, name, where, this.props.lambdas, next);
  }
}
