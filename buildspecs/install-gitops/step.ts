import type { Clock } from '../../domain/clock';
import type { GitopsInstallation, ManagedArgocd } from '../../domain/gitops-engine';
import { gitopsInstallation } from '../../domain/gitops-installation';
import { KubernetesRequestError, type KubernetesApi } from '../../domain/ports/kubernetes';
import type { EksCluster } from '../../domain/ports/eks';
import type { Settings } from '../../domain/settings';
import { accountForBuild, BuildFailure } from '../build-account';
import { buildStep, type StepHost } from '../build-step';
import { TOKEN_USER } from '../repository-access';
import { awaitApi } from './await-api';
import { awaitCapability } from './await-capability';
import { environmentSchema, type Environment } from './environment';
import { installChart } from './helm';

/**
 * *Install GitOps*: lets the drill's roles into the cluster, installs the engine at its pinned version (or waits for the
 * Argo CD that EKS manages) and points it at the commit. From there on the engine builds the platform by itself.
 */
async function run(host: StepHost, environment: Environment): Promise<void> {
  const { clock, eks, history } = host;
  const record = await history.openRecord(environment.DRILL_ID);
  const { drillId, clusterName, commit, settings } = record;
  await history.change(drillId, { phase: 'installing-gitops' });
  const about = { cause: 'gitops', layer: 'foundation', buildId: environment.CODEBUILD_BUILD_ID } as const;
  await accountForBuild('install-gitops', host, record, about, async (account) => {
    if (commit === undefined)
      throw new BuildFailure('internal', 'The drill has no commit; Check readiness must run first');
    const cluster = await activeCluster(host, clusterName);
    await eks.grantAccess(clusterName, [
      ...grantsOf(environment.VIEW_ROLE_ARNS, 'AmazonEKSAdminViewPolicy'),
      ...grantsOf(environment.ADMIN_ROLE_ARNS, 'AmazonEKSClusterAdminPolicy'),
    ]);
    const kubernetes = eks.kubernetes(cluster);
    await awaitApi(kubernetes, clock, host.signal);
    const argocd = settings.gitops.managed ? await managedArgocd(host, cluster) : undefined;
    const { chart, objects } = gitopsInstallation(settings, commit, await credentialsOf(host, settings), argocd);
    if (chart) await installChart(host, cluster, chart, account);
    for (const applied of objects) await applyWhenServed(kubernetes, applied, clock, host.signal);
    const engine = chart ? { chart: chart.name, version: chart.version } : { capability: 'ARGOCD' };
    await history.put(drillId, [
      { type: 'outputs', build: 'install-gitops', item: { ...engine, rootAppliedAt: clock.now().toISOString() } },
    ]);
    const title = chart ? `${chart.name} ${chart.version}` : 'The Argo CD that EKS manages';
    host.log(`${title} follows ${settings.repository} at ${commit}`);
  });
}

async function activeCluster({ eks }: StepHost, name: string): Promise<EksCluster> {
  const cluster = await eks.cluster(name);
  if (cluster?.status === 'ACTIVE') return cluster;
  throw new BuildFailure('gitops', `Cluster ${name} is ${cluster?.status ?? 'not there'} instead of ACTIVE`);
}

/** Lets the Argo CD that EKS runs into the cluster, and waits until it works. */
async function managedArgocd({ eks, clock, signal }: StepHost, { name, arn }: EksCluster): Promise<ManagedArgocd> {
  const found = (await eks.capabilities(name)).find(({ type }) => type === 'ARGOCD');
  if (!found) {
    throw new BuildFailure(
      'gitops',
      `EKS runs no Argo CD for ${name}, which gitops.managed asks for; Terraform must make the capability`,
    );
  }
  await eks.grantAccess(name, [{ roleArn: found.roleArn, policy: 'AmazonEKSClusterAdminPolicy' }]);
  const { namespace = 'argocd' } = await awaitCapability(eks, name, clock, signal);
  return { namespace, clusterArn: arn };
}

function grantsOf(roleArns: string, policy: string): { roleArn: string; policy: string }[] {
  return roleArns.split(',').map((roleArn) => ({ roleArn, policy }));
}

/** The engine reads a private repository with the same token as the builds. */
async function credentialsOf(
  { secrets }: StepHost,
  { access }: Settings,
): Promise<{ username: string; password: string } | undefined> {
  if (access === undefined || !('tokenSecret' in access)) return undefined;
  return { username: TOKEN_USER, password: (await secrets.value(access.tokenSecret)).trim() };
}

const SERVED_DEADLINE_MILLISECONDS = 120_000;
const SERVED_PAUSE_MILLISECONDS = 5_000;

/** Applies an object of a kind that the chart has just brought: the API server serves it some seconds later. */
async function applyWhenServed(
  kubernetes: KubernetesApi,
  { type, object }: GitopsInstallation['objects'][number],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.now().getTime() + SERVED_DEADLINE_MILLISECONDS;
  for (;;) {
    try {
      await kubernetes.apply(type, object);
      return;
    } catch (error) {
      const notServed = error instanceof KubernetesRequestError && error.status === 404;
      if (!notServed || clock.now().getTime() >= deadline) throw error;
    }
    await clock.sleep(SERVED_PAUSE_MILLISECONDS, signal);
  }
}

export const installGitops = buildStep({ environment: environmentSchema, run });

if (require.main === module) void installGitops.main();
