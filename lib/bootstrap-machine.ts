import {
  Choice,
  Condition,
  Errors,
  Fail,
  JsonPath,
  Succeed,
  Timeout,
  Wait,
  WaitTime,
  type IChainable,
  type Pass,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { CodeBuildStartBuild, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { ErrorName } from '../domain/errors';
import type { Layer } from '../domain/layers';
import { MACHINE } from '../domain/names';
import type { Deadlines } from './deadlines';
import type { DrillBuilds } from './drill-builds';
import type { DrillLambdas } from './drill-lambdas';
import { sayWhy } from './say-why';
import { StoryMachine } from './story-machine';
import { CAUGHT, catchAll, FAILURE_PATH, invoke, runBuild } from './story-tasks';

export interface BootstrapMachineProps {
  readonly lambdas: DrillLambdas;
  readonly builds: DrillBuilds;
  readonly deadlines: Deadlines;
}

/** The answer of *Read layer health*, where the states of a layer find it. */
const HEALTH = '$.layer.health';

/**
 * The *Bootstrap* machine: Terraform makes the cluster, GitOps everything on it, layer by layer, and each layer is
 * awaited before the next one counts. It only builds and reads; whatever goes wrong ends it, and the *Drill* machine
 * notes that and tears down. Its time is limited by whoever starts it (the target's deadline).
 */
export class BootstrapMachine extends Construct {
  readonly machine: StoryMachine;
  private readonly layerNotHealthy: Pass;
  private readonly layerNotRead: Fail;
  private readonly manualStepNotConfirmed: Fail;
  private readonly manualStepNotDone: Fail;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BootstrapMachineProps,
  ) {
    super(scope, id);
    this.layerNotHealthy = sayWhy(this, 'Say why the layer is not healthy', 'Layer not healthy');
    this.layerNotRead = new Fail(this, 'Layer not read', CAUGHT);
    this.manualStepNotConfirmed = new Fail(this, 'Manual step not confirmed', {
      error: ErrorName.LayerDeadline,
      cause: 'Nobody confirmed a declared manual step within the time that the target gives it.',
    });
    this.manualStepNotDone = new Fail(this, 'Manual step not done', CAUGHT);

    // Read from the last line to the first: each state is told what follows it.
    const applications = this.awaitLayer('applications', new Succeed(this, 'Cluster bootstrapped'));
    const platform = this.awaitLayer('platform', applications);
    const foundation = this.awaitLayer('foundation', platform);
    const gitops = this.installGitops().next(foundation);
    const cluster = this.awaitLayer('cluster', gitops);
    const provision = this.provisionCluster().next(cluster);

    this.machine = new StoryMachine(this, 'Story', {
      name: MACHINE.bootstrap,
      comment: 'Builds a drill cluster from one commit and waits for each of its layers',
      start: provision,
      timeout: props.deadlines.bootstrap,
    });
  }

  /** Never retried once it has begun: a second `terraform apply` would hide what broke the first one. */
  private provisionCluster(): CodeBuildStartBuild {
    const provision = runBuild(this, 'Provision cluster', {
      build: this.props.builds.provisionCluster,
      timeout: Timeout.at('$.drill.deadlineSeconds'),
      terraformVersion: '$.drill.terraformVersion',
    });
    return catchAll(provision, new Fail(this, 'Cluster not provisioned', CAUGHT));
  }

  private installGitops(): CodeBuildStartBuild {
    const install = runBuild(this, 'Install GitOps', {
      build: this.props.builds.installGitops,
      timeout: Timeout.duration(this.props.deadlines.task['install-gitops']),
    });
    return catchAll(install, new Fail(this, 'GitOps not installed', CAUGHT));
  }

  /**
   * Reads a layer until it is healthy. How long to wait between reads, and when to stop waiting, the Lambda decides:
   * it throws when a component has failed for good or the layer's deadline has passed.
   */
  private awaitLayer(layer: Layer, next: IChainable): IChainable {
    const read = this.readLayer(layer);
    const status = `${HEALTH}.status`;
    const wait = new Wait(this, `Wait for the ${layer} layer`, {
      time: WaitTime.secondsPath(`${HEALTH}.waitSeconds`),
    });
    const choice = new Choice(this, `Is the ${layer} layer healthy?`)
      .when(Condition.stringEquals(status, 'healthy'), next)
      .when(Condition.stringEquals(status, 'awaiting-manual-step'), this.awaitManualStep(layer).next(read))
      .otherwise(wait.next(read));
    read.next(choice);
    return read;
  }

  private readLayer(layer: Layer): LambdaInvoke {
    const read = invoke(this, `Read ${layer} layer`, {
      lambda: this.props.lambdas.readLayerHealth,
      payload: { drillId: JsonPath.stringAt('$.drill.drillId'), layer },
      result: { path: '$.layer', keep: { 'health.$': '$.Payload' } },
    });
    read.addCatch(this.layerNotHealthy, {
      errors: [ErrorName.LayerFailed, ErrorName.LayerDeadline, ErrorName.DrillClosed, ErrorName.LeaseLost],
      resultPath: FAILURE_PATH,
    });
    return catchAll(read, this.layerNotRead);
  }

  /** Pauses until a person confirms the step; the token goes out with the mail that asks for it. */
  private awaitManualStep(layer: Layer): LambdaInvoke {
    const awaiting = invoke(this, `Await manual step of the ${layer} layer`, {
      lambda: this.props.lambdas.awaitManualStep,
      payload: {
        drillId: JsonPath.stringAt('$.drill.drillId'),
        layer,
        manualStep: JsonPath.stringAt(`${HEALTH}.manualStep`),
        taskToken: JsonPath.taskToken,
      },
      callbackTimeout: Timeout.at(`${HEALTH}.manualStepSeconds`),
    });
    awaiting.addCatch(this.manualStepNotConfirmed, { errors: [Errors.TIMEOUT], resultPath: FAILURE_PATH });
    return catchAll(awaiting, this.manualStepNotDone);
  }
}
