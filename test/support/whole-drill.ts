import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../domain/config';
import { drillIdOf, MACHINE } from '../../domain/names';
import type { DrillStory } from '../../domain/record';
import type { Connection } from '../../cli/connection';
import { BUILD_STEPS } from '../../local/build-steps';
import { Chance } from '../../local/chance';
import { createDrillClock, type DrillClock } from '../../local/clock';
import { connectionTo, pointSdkAt } from '../../local/connect-local';
import { LocalCloud } from '../../local/local-cloud';
import { PersonWhoConfirms } from '../../local/person-who-confirms';
import { bootstrapRepository } from '../../local/repository/bootstrap-repository';
import { SCENARIOS, type Scenario } from '../../local/scenarios';
import type { ExecutionRecord } from '../../local/services/step-functions';
import type { SentMail } from '../../local/services/ses';
import { synthesise, type Synthesised } from '../../local/synthesise';
import { WorldState } from '../../local/world/world-state';

const START = new Date('2026-10-05T06:00:00.000Z');
const ROOT = join(__dirname, '..', '..');

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
    const clock = createDrillClock({ start: START, speed: 'unpaced' });
    const person = PersonWhoConfirms.of(scenario.faults);
    const cloud = await LocalCloud.open({
      clock,
      state: new WorldState(),
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
      builds: { kind: 'in-process', steps: BUILD_STEPS },
      refuseMail: options.refuseMail ?? [],
      invoked: (entry, event) => person?.sees(entry, event),
    });
    pointSdkAt(cloud.endpoint.url, place.region);
    const connection = connectionTo(place, clock);
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
