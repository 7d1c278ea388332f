import {
  COMPUTE_QUOTA,
  judgeAccount,
  judgeCompute,
  judgeInventoryBefore,
  judgeKubernetesVersion,
  judgeQuota,
  judgeSecret,
  judgeSender,
  judgeTool,
  QUOTAS,
} from '../../domain/account-readiness';
import { messageOf } from '../../domain/errors';
import type { DrillRecord, Readiness } from '../../domain/record';
import type { Settings } from '../../domain/settings';
import type { StepHost } from '../build-step';

/**
 * Asks the account for everything that a drill will need of it. What cannot be asked is refused as well, with the
 * reason: a drill that builds for an hour and then meets a missing permission costs more than one that never began.
 * @param kubernetesVersion what the repository asks for, where that could be told.
 */
export async function checkAccount(
  host: StepHost,
  record: DrillRecord,
  kubernetesVersion: string | undefined,
): Promise<Readiness[]> {
  const { accountChecks, eks, clock, inventory, secrets } = host;
  const { settings, drillId, clusterName } = record;
  const secretNames = [...settings.requiredSecrets, ...tokenSecretOf(settings)];
  const questions: [name: string, ask: () => Promise<Readiness>][] = [
    ['account', async () => judgeAccount(await accountChecks.account(), settings.account)],
    ...QUOTAS.map((quota): [string, () => Promise<Readiness>] => [
      `quota ${quota.what}`,
      async () =>
        judgeQuota(quota, await accountChecks.quota(quota.service, quota.code), await accountChecks.inUse(quota.what)),
    ]),
    ['quota cpus', async () => judgeCompute(await accountChecks.quota(COMPUTE_QUOTA.service, COMPUTE_QUOTA.code))],
    ...secretNames.map((secret): [string, () => Promise<Readiness>] => [
      `secret ${secret}`,
      async () => judgeSecret(secret, await secrets.obstacle(secret)),
    ]),
    [
      'report sender',
      async () => judgeSender(settings.report.from, await accountChecks.senderVerified(settings.report.from)),
    ],
    [
      'inventory before',
      async () => judgeInventoryBefore(await inventory.find({ drillId, clusterName, volumeIds: [] }), record),
    ],
    ['kubernetes version', async () => judgeKubernetesVersion(kubernetesVersion, await eks.versions(), clock.now())],
  ];
  const answers: Readiness[] = [];
  for (const [name, ask] of questions) answers.push(await answer(name, ask));
  return answers;
}

async function answer(name: string, ask: () => Promise<Readiness>): Promise<Readiness> {
  try {
    return await ask();
  } catch (error) {
    return { name, status: 'refused', sentence: `The check "${name}" could not be made: ${messageOf(error)}` };
  }
}

function tokenSecretOf({ access }: Settings): string[] {
  return access !== undefined && 'tokenSecret' in access ? [access.tokenSecret] : [];
}

/** Asks each tool that the builds use for its version. */
export async function checkTools({ commands, directory }: StepHost, settings: Settings): Promise<Readiness[]> {
  const said = async (tool: string, ...args: string[]): Promise<string | undefined> => {
    try {
      const { exitCode, stdout } = await commands.run(tool, args, { cwd: directory });
      return exitCode === 0 ? stdout : undefined;
    } catch {
      return undefined;
    }
  };
  return [
    judgeTool('git', await said('git', '--version')),
    judgeTool('terraform', await said('terraform', 'version'), settings.terraform.version),
    judgeTool('helm', await said('helm', 'version', '--short')),
  ];
}
