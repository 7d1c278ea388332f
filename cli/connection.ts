import { awsClients } from '../adapters/aws-clients';
import { awsHost } from '../adapters/aws-host';
import { callerIdentity } from '../adapters/caller-identity';
import type { Host } from '../adapters/host';
import { messageOf, UserError } from '../domain/errors';
import { evidenceBucketOf, MACHINE, TABLE_NAME } from '../domain/names';
import type { Inventory } from '../domain/ports/inventory';
import type { Settings } from '../domain/settings';

/** A deployment that commands talk to: the one in AWS, or the local one. The adapters are the same for both. */
export interface Connection extends Pick<Host, 'history' | 'evidence' | 'executions' | 'clock'> {
  readonly drillMachineArn: string;
  /** What exists in the account; loaded when it is asked for, as only a sweep needs it. */
  readonly openInventory: () => Inventory;
  /** How often a watcher reads, in real milliseconds. */
  readonly everyMilliseconds: number;
  close(): Promise<void>;
}

/**
 * Connects to the deployment of a target's account and region, with the credentials of the environment.
 * @throws UserError when the credentials belong to another account: its table would not be the one that is meant.
 */
export async function connectAws({ account, region }: Settings): Promise<Connection> {
  process.env['AWS_REGION'] ??= region;
  const caller = await callerIdentity(awsClients().sts).catch((error: unknown) => {
    throw new UserError(
      `AWS does not take these credentials (${messageOf(error)}); sign in to account ${account}, or use --local for drills of this machine.`,
    );
  });
  if (caller.account !== account) {
    throw new UserError(
      `The credentials belong to account ${caller.account}, and drill.yaml says ${account}; use credentials of that account, or --local for drills of this machine.`,
    );
  }
  return {
    ...hostOf(account, region),
    drillMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${MACHINE.drill}`,
    everyMilliseconds: 5_000,
    close: async () => {},
  };
}

/** The adapters that commands use, by the fixed names of a deployment. */
export function hostOf(
  account: string,
  region: string,
): Pick<Host, 'history' | 'evidence' | 'executions' | 'clock'> & Pick<Connection, 'openInventory'> {
  const host = awsHost({ TABLE_NAME, EVIDENCE_BUCKET: evidenceBucketOf(account, region) });
  const { history, evidence, executions, clock } = host;
  return { history, evidence, executions, clock, openInventory: () => host.inventory };
}
