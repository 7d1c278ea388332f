import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Target } from '../domain/config';
import type { Limits } from '../domain/limits';
import { MACHINE } from '../domain/names';
import { acknowledgeFindings } from './acknowledgements';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { BootstrapMachine } from './bootstrap-machine';
import type { CodeFolders } from './bundle';
import { DeadLetters } from './dead-letters';
import { deadlinesOf } from './deadlines';
import { DeployedTargets } from './deployed-targets';
import { DrillBuckets } from './drill-buckets';
import { DrillBuilds } from './drill-builds';
import { DrillLambdas } from './drill-lambdas';
import { DrillMachine } from './drill-machine';
import { Guard } from './guard';
import { HistoryTable } from './history-table';
import { OpenDrill } from './open-drill';
import { Patrol } from './patrol';
import { QuarterCheck } from './quarter-check';
import { ReportMail } from './report-mail';
import { TargetSchedule } from './target-schedule';
import { TeardownMachine } from './teardown-machine';

export interface ClusterDrillStackProps extends StackProps {
  /** The targets of this account and region; the first is the default one. */
  readonly targets: readonly Target[];
  /** What all drills of this place may take together. */
  readonly limits: Limits;
  readonly code: CodeFolders;
}

/** Everything that drills the targets of one account and region. Wires the constructs and owns nothing itself. */
export class ClusterDrillStack extends Stack {
  constructor(scope: Construct, id: string, props: ClusterDrillStackProps) {
    const { code, limits, targets, ...stackProps } = props;
    super(scope, id, stackProps);
    const settings = targets.map((target) => target.settings);
    const deadlines = deadlinesOf(settings);

    const history = new HistoryTable(this, 'History');
    const buckets = new DrillBuckets(this, 'Buckets');
    const recipients = settings.flatMap(({ report }) => report.to);
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', recipients);
    const senders = settings.map(({ report }) => report.from);
    const mail = new ReportMail(this, 'Mail', { senders, recipients, alarmTopic });

    const lambdas = new DrillLambdas(this, 'Lambdas', { code, history, buckets, mail });
    const viewers = [lambdas.readLayerHealth.role!, lambdas.noteFailure.role!];
    const builds = new DrillBuilds(this, 'Builds', { targets: settings, code, history, buckets, deadlines, viewers });
    builds.grantStop(lambdas.stopBuilds);

    const bootstrap = new BootstrapMachine(this, 'Bootstrap', { lambdas, builds, deadlines }).machine;
    const teardown = new TeardownMachine(this, 'Teardown', {
      lambdas,
      builds,
      deadlines,
      terraformVersion: newestOf(settings.map(({ terraform }) => terraform.version)),
    }).machine;
    const deployed = new DeployedTargets(this, 'DeployedTargets', settings);
    const opening = new OpenDrill(this, 'OpenDrill', {
      targets: deployed,
      limits,
      code,
      history,
      teardown: teardown.stateMachine,
    });
    const drill = new DrillMachine(this, 'Drill', {
      openDrill: opening.lambda,
      lambdas,
      checkReadiness: builds.checkReadiness,
      bootstrap: bootstrap.stateMachine,
      teardown: teardown.stateMachine,
      deadlines,
    }).machine;

    const guard = new Guard(this, 'Guard', {
      code,
      history,
      drill: drill.stateMachine,
      teardown: teardown.stateMachine,
    });
    const patrol = new Patrol(this, 'Patrol', {
      code,
      history,
      targets: deployed,
      teardown: teardown.stateMachine,
      mail,
    });
    const quarterCheck = new QuarterCheck(this, 'QuarterCheck', { code, history, targets: deployed, mail });
    const missedStarts = new DeadLetters(this, 'MissedStarts');
    for (const target of targets) {
      new TargetSchedule(this, `Schedule-${target.settings.name}`, {
        target: target.settings.name,
        times: target.schedule,
        drill: drill.stateMachine,
        deadLetters: missedStarts,
      });
    }
    new Alarms(this, 'Alarms', { topic: alarmTopic, drill, teardown, guard, patrol, quarterCheck, missedStarts });

    this.output('StartDrill', 'Start execution here; {} drills the default target', this.consoleLink(MACHINE.drill));
    this.output('HistoryTable', 'History of all drills', history.table.tableName);
    this.output('EvidenceBucket', 'Reports and evidence', buckets.evidence.bucketName);
    this.output('StateBucket', 'Terraform states', buckets.states.bucketName);

    acknowledgeFindings(this);
  }

  private output(id: string, description: string, value: string): void {
    new CfnOutput(this, id, { description, value });
  }

  /** The page of a state machine, with the button *Start execution*. */
  private consoleLink(machine: string): string {
    const arn = `arn:${this.partition}:states:${this.region}:${this.account}:stateMachine:${machine}`;
    return `https://${this.region}.console.aws.amazon.com/states/home?region=${this.region}#/statemachines/view/${arn}`;
  }
}

/** `1.12.0` of 1.9.8 and 1.12.0. */
function newestOf(versions: readonly string[]): string {
  return versions.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1)!;
}
