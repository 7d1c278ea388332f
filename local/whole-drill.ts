import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../domain/config';
import { drillIdOf, MACHINE } from '../domain/names';
import type { DrillStory } from '../domain/record';
import type { Host } from '../adapters/host';
import type { Connection } from '../cli/connection';
import { ROOT } from '../root';
import { BUILD_STEPS } from './build-steps';
import { Chance } from './chance';
import { createDrillClock, type DrillClock } from './clock';
import { connectionTo } from './connect-local';
import { directHost } from './direct-host';
import { LocalCloud } from './local-cloud';
import { PersonWhoConfirms } from './person-who-confirms';
import { bootstrapRepository } from './repository/bootstrap-repository';
import { SCENARIOS, type Scenario } from './scenarios';
import type { ExecutionRecord } from './services/execution-record';
import type { SentMail } from './services/ses/sent-mail';
import { synthesise, type Synthesised } from './synthesise';
import { WorldState } from './world/world-state';

const START = new Date('2026-10-05T06:00:00.000Z');

export interface WholeDrillOptions {
  /** Default: healthy. */
  readonly scenario?: string;
  /** Edits of the example, by path, on top of the scenario's. */
  readonly edits?: Readonly<Record<string, string>>;
  /** A folder or repository in place of the example. */
  readonly repository?: string;
  /** Edit of the shipped drill.yaml. */
  readonly config?: (text: string) => string;
  readonly refuseMail?: readonly string[];
  readonly seed?: number;
  /** Keep the history in the embedded DynamoDB and reach clusters over HTTPS; otherwise both are called directly. */
  readonly overEndpoint?: boolean;
}

/** A whole drill within this process: real definitions, handlers and steps, on a clock that jumps. */
export class WholeDrill {
  private constructor(
    readonly cloud: LocalCloud,
    readonly clock: DrillClock,
    readonly connection: Connection,
    private readonly config: Config,
    private readonly directory: string,
  ) {}

  static async open(options: WholeDrillOptions = {}): Promise<WholeDrill> {
    const scenario: Scenario = SCENARIOS[options.scenario ?? 'healthy']!;
    const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-story-'));
    const text = readFileSync(join(ROOT, 'drill.yaml'), 'utf8');
    const config = loadConfig(options.config?.(text) ?? text, 'drill.yaml');
    const { settings } = config.targets[0]!;
    const { place, stack } = synthesised(config, join(directory, 'cdk.out'), options.config !== undefined);
    const state = new WorldState();
    const clock = createDrillClock({ start: START, speed: 'unpaced' });
    const person = PersonWhoConfirms.of(scenario.faults);
    let direct: Pick<Host, 'history' | 'eks'> | undefined;
    const cloud = await LocalCloud.open({
      clock,
      state,
      place,
      stack,
      chance: new Chance(options.seed ?? 1),
      faults: scenario.faults,
      repository: {
        url: settings.repository,
        path: bootstrapRepository({
          directory: join(directory, 'repository'),
          ref: settings.ref,
          edits: { ...scenario.edits, ...options.edits },
          ...(options.repository === undefined ? {} : { source: options.repository }),
        }),
      },
      secrets: settings.requiredSecrets,
      builds: { kind: 'in-process', steps: BUILD_STEPS },
      ...(options.overEndpoint ? {} : { host: ({ kubernetes }) => (direct = directHost(kubernetes, clock)) }),
      refuseMail: options.refuseMail ?? [],
      invoked: (entry, event) => person?.sees(entry, event),
    });
    const connection = { ...connectionTo(place, clock), ...(direct && { history: direct.history }) };
    person?.attend(cloud, clock, connection);
    return new WholeDrill(cloud, clock, connection, config, directory);
  }

  /** Starts an execution of the Drill machine, as the console does. */
  start(input: unknown = {}): { arn: string; drillId: string } {
    const { stepFunctions } = this.cloud;
    const arn = stepFunctions.start(MACHINE.drill, input);
    return {
      arn,
      drillId: drillIdOf(this.config.targets[0]!.settings.name, arn, stepFunctions.execution(arn).startDate),
    };
  }

  /** Runs a drill to its end, and whatever the guard does after it. */
  async run(input: unknown = {}): Promise<{ execution: ExecutionRecord; story: DrillStory; drillId: string }> {
    const { arn, drillId } = this.start(input);
    const execution = await this.cloud.stepFunctions.done(arn);
    await this.cloud.settled();
    return { execution, drillId, story: (await this.connection.history.story(drillId))! };
  }

  get mails(): readonly SentMail[] {
    return this.cloud.ses.mails;
  }

  /** What of the drill exists in the simulated account, by ARN. */
  leftovers(): string[] {
    this.cloud.world.kubernetes.catchUp();
    return this.cloud.world.aws.list().map(({ arn }) => arn);
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

let shipped: Synthesised | undefined;

/** The shipped configuration is synthesised once for all drills of a test file. */
function synthesised(config: Config, outdir: string, isOwn: boolean): Synthesised {
  if (isOwn) return synthesise({ config, outdir });
  return (shipped ??= synthesise({ config, outdir: mkdtempSync(join(tmpdir(), 'cluster-drill-stack-')) }));
}
