import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EksCluster } from '../../domain/ports/eks';
import type { EngineChart } from '../../domain/gitops-engine';
import { BuildFailure, type BuildAccount } from '../build-account';
import type { StepHost } from '../build-step';

/** Less than the 15 minutes for which EKS accepts the token in the kubeconfig. */
const TIMEOUT = '10m';

/**
 * Installs a chart at its pinned version, or upgrades to it, and waits until its workloads are ready.
 * @throws BuildFailure (cause `gitops`) with Helm's own words.
 */
export async function installChart(
  { commands, directory, eks, signal }: StepHost,
  cluster: EksCluster,
  chart: EngineChart,
  account: BuildAccount,
): Promise<void> {
  const kubeconfig = join(directory, 'kubeconfig.json');
  const values = join(directory, 'values.json');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(cluster, await eks.token(cluster.name))), { mode: 0o600 });
  writeFileSync(values, JSON.stringify(chart.values));
  const result = await commands.run(
    'helm',
    [
      'upgrade',
      '--install',
      chart.release,
      chart.name,
      '--repo',
      chart.repository,
      '--version',
      chart.version,
      '--namespace',
      chart.namespace,
      '--create-namespace',
      '--values',
      values,
      '--kubeconfig',
      kubeconfig,
      '--wait',
      '--timeout',
      TIMEOUT,
    ],
    {
      cwd: directory,
      // Nothing of the machine's own Helm configuration has a say.
      env: {
        HELM_CACHE_HOME: join(directory, 'helm/cache'),
        HELM_CONFIG_HOME: join(directory, 'helm/config'),
        HELM_DATA_HOME: join(directory, 'helm/data'),
      },
      signal,
    },
  );
  await account.keep('helm.log', `${result.stdout}${result.stderr}`, 'text/plain');
  if (result.exitCode === 0) return;
  const lines = result.stderr.trim().split('\n');
  const said = lines.find((line) => line.startsWith('Error:')) ?? lines.at(-1) ?? '';
  throw new BuildFailure(
    'gitops',
    `Helm could not install ${chart.name} ${chart.version}: ${said.replace(/^Error:\s*/, '') || `it ended with ${result.exitCode}`}`,
  );
}

/** A kubeconfig of one cluster and one token (JSON is YAML). */
function kubeconfigOf({ name, endpoint, certificateAuthority }: EksCluster, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: endpoint, 'certificate-authority-data': certificateAuthority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
}
