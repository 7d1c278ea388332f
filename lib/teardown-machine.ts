import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  Errors,
  Fail,
  JsonPath,
  Pass,
  Result,
  Succeed,
  Timeout,
  Wait,
  WaitTime,
  type IChainable,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { CodeBuildStartBuild, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { ErrorName } from '../domain/errors';
import { MACHINE } from '../domain/names';
import { closingStates, noteFailure } from './closing-states';
import type { Deadlines } from './deadlines';
import type { DrillBuilds } from './drill-builds';
import type { DrillLambdas } from './drill-lambdas';
import { StoryMachine } from './story-machine';
import { catchAll, invoke, runBuild } from './story-tasks';

/** Set when *Destroy cluster* has failed in this teardown, and when it has been given its second chance. */
const DESTROY_FAILED = '$.destroyFailed';
const DESTROYED_AGAIN = '$.destroyedAgain';

export interface TeardownMachineProps {
  readonly lambdas: DrillLambdas;
  readonly builds: DrillBuilds;
  readonly deadlines: Deadlines;
  /** Of the deployed targets, the newest; for a teardown that could not learn that of its own drill. */
  readonly terraformVersion: string;
}

/**
 * The *Teardown* machine, started by the drill, by the guard or by hand (`{"drillId": "…"}`), as often as one likes. It
 * never stops at a failure: what cannot be drained is destroyed, what cannot be destroyed is swept and then destroyed
 * once more, and what is left in the end makes the execution red. Unless the drill itself started it, it also closes the drill.
 */
export class TeardownMachine extends Construct {
  readonly machine: StoryMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TeardownMachineProps,
  ) {
    super(scope, id);
    const end = this.isAnythingLeft();
    const close = this.whoClosesTheDrill(end);
    const destroy = this.destroyCluster();
    const sweep = this.findAndSweepLeaks(this.isAnotherDestroyOfUse(destroy, close));
    const drain = this.drainCluster();
    const stop = this.stopRunningBuilds(drain);

    catchAll(drain, this.noteFailure('Note failed drain', 'Drain cluster', destroy));
    catchAll(destroy, this.noteFailure('Note failed destroy', 'Destroy cluster', this.sweepFirst(sweep)));
    drain.next(destroy).next(sweep);

    this.machine = new StoryMachine(this, 'Story', {
      name: MACHINE.teardown,
      comment: 'Takes a drill cluster down, proves that nothing is left, and closes a drill that died',
      start: this.whichDrill(stop),
      timeout: props.deadlines.teardown,
    });
  }

  /** Brings both forms of the input into one: `{"drill": {"drillId"}}` from machines, `{"drillId"}` by hand. */
  private whichDrill(next: IChainable): Choice {
    const name = new Pass(this, 'Name the drill', {
      parameters: { drill: { drillId: JsonPath.stringAt('$.drillId') } },
    });
    return new Choice(this, 'Which drill is to be torn down?')
      .when(Condition.isPresent('$.drill.drillId'), next)
      .when(Condition.isPresent('$.drillId'), name.next(next))
      .otherwise(
        new Fail(this, 'Drill not named', {
          error: ErrorName.InvalidInput,
          cause: 'The input names no drill; start it with {"drillId": "…"}, as `drill history` lists them.',
        }),
      );
  }

  /**
   * Until no build of the drill runs: a destroy beside a running apply would leave what the apply makes next. The loop
   * ends, as CodeBuild kills a stopped build that does not end by itself.
   */
  private stopRunningBuilds(next: IChainable): IChainable {
    const stop = invoke(this, 'Stop running builds', {
      lambda: this.props.lambdas.stopBuilds,
      payload: { drillId: JsonPath.stringAt('$.drill.drillId'), startedAt: JsonPath.executionStartTime },
      result: {
        path: '$.builds',
        keep: { 'running.$': '$.Payload.running', 'terraformVersion.$': '$.Payload.terraformVersion' },
      },
    });
    // Without a version at all *Destroy cluster* could not even be entered: a path that is not there ends the execution.
    const assume = new Pass(this, 'Assume the newest Terraform', {
      result: Result.fromObject({ terraformVersion: this.props.terraformVersion }),
      resultPath: '$.builds',
    });
    catchAll(stop, this.noteFailure('Note running builds', 'Stop running builds', assume.next(next)));
    const wait = new Wait(this, 'Wait for the builds to stop', { time: WaitTime.duration(Duration.seconds(15)) });
    const choice = new Choice(this, 'Have the builds stopped?')
      .when(Condition.numberEquals('$.builds.running', 0), next)
      .otherwise(wait.next(stop));
    stop.next(choice);
    return stop;
  }

  private drainCluster(): CodeBuildStartBuild {
    const drain = runBuild(this, 'Drain cluster', {
      build: this.props.builds.drainCluster,
      timeout: Timeout.duration(this.props.deadlines.task['drain-cluster']),
    });
    // What only the cluster knows, such as the volumes of its claims, is lost when the cluster is.
    drain.addRetry({ errors: [Errors.TASKS_FAILED], interval: Duration.minutes(2), maxAttempts: 1 });
    return drain;
  }

  private destroyCluster(): CodeBuildStartBuild {
    const destroy = runBuild(this, 'Destroy cluster', {
      build: this.props.builds.destroyCluster,
      timeout: Timeout.duration(this.props.deadlines.task['destroy-cluster']),
      terraformVersion: '$.builds.terraformVersion',
    });
    // A first destroy often fails on what AWS lets go only minutes later, such as the network interfaces of a VPC.
    destroy.addRetry({ errors: [Errors.TASKS_FAILED], interval: Duration.minutes(2), maxAttempts: 1 });
    return destroy;
  }

  /** Rounds of finding and sweeping; whether another round is of use, the Lambda decides (it knows the deadline). */
  private findAndSweepLeaks(next: IChainable): IChainable {
    const find = invoke(this, 'Find leaks', {
      lambda: this.props.lambdas.findLeaks,
      payload: { drillId: JsonPath.stringAt('$.drill.drillId') },
    });
    const sweep = invoke(this, 'Sweep leaks', {
      lambda: this.props.lambdas.sweepLeaks,
      payload: { drillId: JsonPath.stringAt('$.drill.drillId') },
      result: {
        path: '$.sweep',
        keep: {
          'left.$': '$.Payload.left',
          'again.$': '$.Payload.again',
          'waitSeconds.$': '$.Payload.waitSeconds',
        },
      },
    });
    catchAll(find, this.noteFailure('Note failed search', 'Find leaks', next));
    catchAll(sweep, this.noteFailure('Note failed sweep', 'Sweep leaks', next));
    const wait = new Wait(this, 'Wait for deletions', { time: WaitTime.secondsPath('$.sweep.waitSeconds') });
    const again = new Choice(this, 'Is another sweep of use?')
      .when(Condition.booleanEquals('$.sweep.again', true), wait.next(find))
      .otherwise(next);
    find.next(sweep).next(again);
    return find;
  }

  /** Remembers that destroy failed, for *Is another destroy of use?*. */
  private sweepFirst(next: IChainable): IChainable {
    return new Pass(this, 'Sweep first', { result: Result.fromBoolean(true), resultPath: DESTROY_FAILED }).next(next);
  }

  /**
   * A destroy that failed on what Terraform did not know of may do after the sweep what it could not do before, and
   * removes what only Terraform knows of. It runs once more, and what is left is counted anew.
   */
  private isAnotherDestroyOfUse(destroy: IChainable, otherwise: IChainable): Choice {
    const again = new Pass(this, 'Destroy once more', {
      result: Result.fromBoolean(true),
      resultPath: DESTROYED_AGAIN,
    });
    return new Choice(this, 'Is another destroy of use?')
      .when(
        Condition.and(Condition.isPresent(DESTROY_FAILED), Condition.isNotPresent(DESTROYED_AGAIN)),
        again.next(destroy),
      )
      .otherwise(otherwise);
  }

  private whoClosesTheDrill(end: IChainable): Choice {
    return new Choice(this, 'Who closes the drill?')
      .when(Condition.and(Condition.isPresent('$.closedBy'), Condition.stringEquals('$.closedBy', 'drill')), end)
      .otherwise(closingStates(this, this.props.lambdas, end));
  }

  /** What was never counted, because finding or sweeping failed, is not believed to be gone. */
  private isAnythingLeft(): Choice {
    const nothing = Condition.and(Condition.isPresent('$.sweep.left'), Condition.numberEquals('$.sweep.left', 0));
    return new Choice(this, 'Is anything left?').when(nothing, new Succeed(this, 'Nothing left')).otherwise(
      new Fail(this, 'Leaks left', {
        error: ErrorName.LeaksLeft,
        cause: 'Something of the drill is left, or it could not be proven that nothing is; its report lists what.',
      }),
    );
  }

  private noteFailure(name: string, where: string, next: IChainable): LambdaInvoke {
    return noteFailure(this, name, where, this.props.lambdas, next);
  }
}
