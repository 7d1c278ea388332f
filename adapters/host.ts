import type { Clock } from '../domain/clock';
import type { AccountChecks } from '../domain/ports/readiness';
import type { Builds } from '../domain/ports/builds';
import type { CommandRunner } from '../domain/ports/command-runner';
import type { Eks } from '../domain/ports/eks';
import type { Executions } from '../domain/ports/executions';
import type { History } from '../domain/ports/history';
import type { Inventory } from '../domain/ports/inventory';
import type { Mailer } from '../domain/ports/mailer';
import type { ObjectStore } from '../domain/ports/object-store';
import type { Secrets } from '../domain/ports/secrets';
import type { Trail } from '../domain/ports/trail';

/**
 * Everything outside that a Lambda or a build step may use. The real one is `awsHost` (adapters/aws-host.ts); each
 * handler names the few it needs with `Pick`.
 */
export interface Host {
  readonly clock: Clock;
  readonly history: History;
  /** The bucket of reports and evidence. */
  readonly evidence: ObjectStore;
  /** Any other bucket by name. */
  readonly objects: (bucket: string) => ObjectStore;
  readonly mailer: Mailer;
  readonly eks: Eks;
  readonly builds: Builds;
  readonly executions: Executions;
  readonly inventory: Inventory;
  readonly accountChecks: AccountChecks;
  readonly secrets: Secrets;
  readonly trail: Trail;
  readonly commands: CommandRunner;
  /** One line for the log of the Lambda or build. */
  readonly log: (line: string) => void;
}

/** What `awsHost` must know to build its adapters; each Lambda's and build's environment gives the part it uses. */
export interface HostEnvironment {
  readonly TABLE_NAME?: string | undefined;
  readonly EVIDENCE_BUCKET?: string | undefined;
  readonly CONFIGURATION_SET?: string | undefined;
}
