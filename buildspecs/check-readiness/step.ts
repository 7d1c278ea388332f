import { refusalSentence } from '../../domain/account-readiness';
import { checkComponents } from '../../domain/component-readiness';
import { messageOf } from '../../domain/errors';
import { parseManualSteps } from '../../domain/manual-steps';
import { MANUAL_STEPS_FILE } from '../../domain/names';
import type { DrillRecord, ManualStep, Readiness } from '../../domain/record';
import { checkRepository, kubernetesVersionOf } from '../../domain/repository-contract';
import type { RepositoryFiles } from '../../domain/repository-files';
import { resolveRef } from '../../domain/resolve-ref';
import { accountForBuild, BuildFailure } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { checkout, listRefs } from '../checkout';
import { readRepository } from '../read-repository';
import { repositoryAccess } from '../repository-access';
import { checkAccount, checkTools } from './check-account';
import { environmentSchema, type Environment } from './environment';

/**
 * *Check readiness*: proves that everything is there before any money is spent. All checks are made even when one
 * refuses, so that a person mends everything at once.
 */
async function run(host: StepHost, { DRILL_ID, CODEBUILD_BUILD_ID }: Environment): Promise<void> {
  const record = await host.history.openRecord(DRILL_ID);
  await host.history.change(DRILL_ID, { phase: 'checking-readiness' });
  const about = { cause: 'readiness', buildId: CODEBUILD_BUILD_ID } as const;
  await accountForBuild('check-readiness', host, record, about, async () => {
    const repository = await checkSource(host, record);
    const account = await checkAccount(host, record, repository.kubernetesVersion);
    const tools = await checkTools(host, record.settings);
    const checks = [...repository.checks, ...account, ...tools];
    await host.history.put(DRILL_ID, [
      ...checks.map((item) => ({ type: 'readiness' as const, item })),
      ...repository.manualSteps.map((item) => ({ type: 'manual-step' as const, item })),
    ]);
    for (const { status, sentence } of checks) host.log(`${status}: ${sentence}`);
    const refused = checks.filter((check) => check.status === 'refused');
    if (refused.length === 0) return;
    const cause = repository.checks.some((check) => check.status === 'refused') ? 'repository' : 'readiness';
    throw new BuildFailure(cause, refusalSentence(refused));
  });
}

interface Source {
  readonly checks: readonly Readiness[];
  readonly manualSteps: readonly ManualStep[];
  readonly kubernetesVersion?: string | undefined;
}

/** Resolves the ref to the commit that the whole drill uses, and reads the repository at it. */
async function checkSource(host: StepHost, { drillId, ref, settings }: DrillRecord): Promise<Source> {
  let files: RepositoryFiles;
  let pinned: Readiness;
  try {
    const access = await repositoryAccess(settings, host.secrets);
    const commit = resolveRef(await listRefs(host, access), ref, settings.repository);
    files = readRepository(await checkout(host, access, commit));
    await host.history.change(drillId, { commit });
    pinned = { name: 'repository commit', status: 'passed', sentence: `${ref} is commit ${commit}` };
  } catch (error) {
    return { checks: [{ name: 'repository commit', status: 'refused', sentence: messageOf(error) }], manualSteps: [] };
  }
  const checks = [
    pinned,
    ...connectionCheck(settings),
    ...checkRepository(files, settings),
    ...checkComponents(files, settings),
  ];
  return { checks, manualSteps: manualStepsOf(files), kubernetesVersion: kubernetesVersionOf(files, settings) };
}

/** A file that cannot be parsed is refused by `checkRepository` already. */
function manualStepsOf(files: RepositoryFiles): readonly ManualStep[] {
  try {
    return parseManualSteps(files.text(MANUAL_STEPS_FILE) ?? 'steps: []', MANUAL_STEPS_FILE);
  } catch {
    return [];
  }
}

/** Builds can sign in to a CodeConnections connection, the GitOps engine inside the cluster cannot. */
function connectionCheck({ access, gitops }: DrillRecord['settings']): Readiness[] {
  if (access === undefined || 'tokenSecret' in access) return [];
  const engine = gitops.engine === 'argocd' ? 'Argo CD' : 'Flux';
  const sentence = `${engine} in the cluster cannot read the repository through a CodeConnections connection; let Terraform give it credentials, or use tokenSecret`;
  return [{ name: 'repository access', status: 'warned', sentence }];
}

export const checkReadiness = buildStep({ environment: environmentSchema, run });

if (require.main === module) void checkReadiness.main();
