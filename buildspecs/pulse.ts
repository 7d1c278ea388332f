import type { Clock } from '../domain/clock';
import { DrillError, ErrorName, messageOf } from '../domain/errors';
import { HEARTBEAT_SECONDS } from '../domain/lease';
import type { CommandRunner } from '../domain/ports/command-runner';

/**
 * The heartbeat of a build. It beats by progress and not by a timer: whenever a child process says something (Terraform
 * does every 10 seconds while it makes a resource) or the step pauses, and then at most every `HEARTBEAT_SECONDS`. So a
 * build that hangs stops beating, while one that works for two hours keeps its lease all along.
 */
export class Pulse {
  private renew: (() => Promise<void>) | undefined;
  private nextAt = 0;
  private beating: Promise<void> | undefined;
  private loss: DrillError | undefined;
  private readonly stop = new AbortController();

  /** @param told aborts when CodeBuild stops the build. */
  constructor(
    private readonly plainClock: Clock,
    told: AbortSignal,
    private readonly log: (line: string) => void,
  ) {
    if (told.aborted) this.stop.abort(told.reason);
    told.addEventListener('abort', () => this.stop.abort(told.reason), { once: true });
  }

  /** Aborts when the lease is lost or CodeBuild stops the build: the step then stops what it runs. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Why the step must stop; undefined while it may go on. */
  get lost(): DrillError | undefined {
    return this.loss;
  }

  /**
   * The first heartbeat, before anything is built or deleted.
   * @param renew renews the lease; @throws DrillError `LeaseLost` when that says so. Any other failure is one lost
   *   heartbeat, which the lease survives.
   */
  async begin(renew: () => Promise<void>): Promise<void> {
    this.renew = renew;
    this.beat();
    await this.end();
    if (this.loss) throw this.loss;
  }

  /** Renews the lease when it is time; does not wait for it. */
  beat(): void {
    const now = this.plainClock.now().getTime();
    if (!this.renew || this.beating || now < this.nextAt) return;
    this.nextAt = now + HEARTBEAT_SECONDS * 1000;
    this.beating = this.renew()
      .catch((error: unknown) => {
        if (error instanceof DrillError && error.name === ErrorName.LeaseLost) {
          this.loss = error;
          this.stop.abort(error);
        } else this.log(`one heartbeat was lost: ${messageOf(error)}`);
      })
      .finally(() => (this.beating = undefined));
  }

  /** Resolves when no heartbeat is under way. */
  async end(): Promise<void> {
    await this.beating;
  }

  /** A clock by which every pause is a chance to beat. */
  clock(): Clock {
    return {
      now: () => this.plainClock.now(),
      sleep: async (milliseconds, signal) => {
        this.beat();
        await this.plainClock.sleep(milliseconds, signal);
        this.beat();
      },
    };
  }

  /** Programs of which every line is a chance to beat. */
  commands(runner: CommandRunner): CommandRunner {
    return {
      run: (command, args, options) => {
        const onLine = (line: string): void => {
          this.beat();
          options.onLine?.(line);
        };
        this.beat();
        return runner.run(command, args, { ...options, onLine });
      },
    };
  }
}
