import { readFileSync, statSync } from 'node:fs';
import { installGitops } from '../../buildspecs/install-gitops/step';
import type { EksCapability } from '../../domain/ports/eks';
import { KubernetesRequestError, KubernetesUnavailableError } from '../../domain/ports/kubernetes';
import type { Settings } from '../../domain/settings';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';
import { stepHost, type TestStepHost } from '../support/step-host';

const { drillId } = openRecord();
const commit = '0123456789abcdef0123456789abcdef01234567';
const environment = {
  DRILL_ID: drillId,
  TABLE_NAME: 't',
  EVIDENCE_BUCKET: 'e',
  VIEW_ROLE_ARNS: 'arn:aws:iam::000000000000:role/health',
  ADMIN_ROLE_ARNS: 'arn:aws:iam::000000000000:role/install,arn:aws:iam::000000000000:role/drain',
};
let host: TestStepHost;
/** The kubeconfig and values that Helm was given. */
let seen: { kubeconfig: { users: unknown[]; clusters: unknown[] }; values: Record<string, unknown>; mode: number };

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as never;

async function open(settings: Partial<Settings> = {}): Promise<void> {
  host = await stepHost(openRecord({ commit, settings: sampleSettings(settings) }));
  host.programs['helm'] = (args) => {
    const option = (name: string): string => args[args.indexOf(name) + 1]!;
    seen = {
      kubeconfig: read(option('--kubeconfig')),
      values: read(option('--values')),
      mode: statSync(option('--kubeconfig')).mode % 0o1000,
    };
    return { stdout: 'STATUS: deployed\n' };
  };
}

const install = (): Promise<void> => installGitops.run(environment, host);
const flux = { gitops: { engine: 'flux', version: '2.18.3', path: 'gitops/flux' } } as const;
const made = (kind: string) => host.kubernetes.objects.find((object) => object.kind === kind);

beforeEach(() => open());

describe('Install GitOps', () => {
  it('lets the roles in before it asks the cluster anything', async () => {
    host.kubernetes.before = () => expect(host.grants).toHaveLength(3);
    await install();
    expect(host.grants.map(({ roleArn, policy }) => [roleArn.split('/')[1], policy])).toEqual([
      ['health', 'AmazonEKSAdminViewPolicy'],
      ['install', 'AmazonEKSClusterAdminPolicy'],
      ['drain', 'AmazonEKSClusterAdminPolicy'],
    ]);
  });

  it('installs the chart at its pinned version with a kubeconfig of its own', async () => {
    await install();
    expect(host.calls[0]).toMatch(
      /^helm upgrade --install argocd argo-cd --repo https:\/\/argoproj\.github\.io\/argo-helm --version 10\.1\.1 --namespace argocd --create-namespace --values \S+ --kubeconfig \S+ --wait --timeout 10m$/,
    );
    expect(host.calls[0]).not.toContain('k8s-aws-v1.token');
    expect(seen.mode).toBe(0o600);
    expect(seen.kubeconfig).toMatchObject({
      users: [{ name: 'drill-a1b2c3', user: { token: 'k8s-aws-v1.token' } }],
      clusters: [{ cluster: { server: 'https://cluster.example.com', 'certificate-authority-data': 'Y2E=' } }],
    });
    expect(host.stored.get(`drills/example/${drillId}/evidence/install-gitops/helm.log`)).toBe('STATUS: deployed\n');
  });

  it('makes sync waves wait for the health of Applications', async () => {
    await install();
    expect(seen.values).toMatchObject({
      configs: {
        cm: { 'resource.customizations.health.argoproj.io_Application': expect.stringContaining('operationState') },
      },
    });
  });

  it('applies one root Application at the commit, which pins its labelled children', async () => {
    await install();
    const root = made('Application')!;
    expect(root.metadata).toEqual({ name: 'bootstrap', namespace: 'argocd' });
    expect(root.spec).toMatchObject({
      source: {
        repoURL: 'https://git.example.com/platform/bootstrap.git',
        targetRevision: commit,
        path: 'gitops/argocd',
      },
      syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: 5 } },
    });
    const { patches } = (root.spec as { source: { kustomize: { patches: { target: object; patch: string }[] } } })
      .source.kustomize;
    expect(patches[0]!.target).toEqual({ kind: 'Application', labelSelector: 'cluster-drill/pin=commit' });
    expect(JSON.parse(patches[0]!.patch)).toEqual([
      { op: 'replace', path: '/spec/source/repoURL', value: 'https://git.example.com/platform/bootstrap.git' },
      { op: 'add', path: '/spec/source/targetRevision', value: commit },
    ]);
  });

  it('applies a GitRepository at the commit and a root Kustomization for Flux', async () => {
    await open(flux);
    await install();
    expect(host.calls[0]).toContain(
      'upgrade --install flux2 flux2 --repo https://fluxcd-community.github.io/helm-charts --version 2.18.3',
    );
    expect(made('GitRepository')?.spec).toEqual({
      url: 'https://git.example.com/platform/bootstrap.git',
      interval: '10m',
      ref: { commit },
    });
    expect(made('Kustomization')?.spec).toMatchObject({ path: './gitops/flux', prune: true });
  });

  it.each([
    ['Argo CD', {}, { type: 'git', url: 'https://git.example.com/platform/bootstrap.git' }],
    ['Flux', flux, {}],
  ])('gives %s the token of a private repository, and the log none', async (_engine, engine, more) => {
    await open({ ...engine, access: { tokenSecret: 'git-token' } });
    await install();
    expect(made('Secret')).toMatchObject({
      metadata: { name: 'bootstrap-repository' },
      stringData: { ...more, username: 'x-access-token', password: 'value of git-token' },
    });
    expect(host.kubernetes.changes[0]).toMatch(/^apply Secret /);
    expect(host.lines.join('\n')).not.toContain('value of git-token');
  });

  it('waits for an API that does not answer yet and for kinds that are not served yet', async () => {
    let refusals = 3;
    host.kubernetes.before = (call) => {
      if (call.startsWith('get Namespace') && refusals-- > 0) {
        throw new KubernetesUnavailableError('unauthorized', '401 Unauthorized');
      }
      if (call.startsWith('apply Application') && refusals-- > -4)
        throw new KubernetesRequestError(404, '', 'not found');
    };
    await install();
    expect(made('Application')).toBeDefined();
    expect((await host.story()).outputs['install-gitops']).toMatchObject({ chart: 'argo-cd', version: '10.1.1' });
  });

  it('gives up on an API that never answers', async () => {
    host.kubernetes.error = new KubernetesUnavailableError('unreachable', 'connect ETIMEDOUT');
    const sentence = 'The API of the drill cluster did not answer for 10 minutes: connect ETIMEDOUT';
    await expect(install()).rejects.toThrow(sentence);
    expect((await host.story()).failures).toEqual([expect.objectContaining({ cause: 'unreachable', sentence })]);
    expect(host.calls).toEqual([]);
  });

  it("fails with Helm's own words", async () => {
    host.programs['helm'] = () => ({
      exitCode: 1,
      stderr: 'WARNING: x\nError: chart "argo-cd" version "10.1.1" not found\n',
    });
    const sentence = 'Helm could not install argo-cd 10.1.1: chart "argo-cd" version "10.1.1" not found';
    await expect(install()).rejects.toThrow(sentence);
    expect((await host.story()).failures[0]).toMatchObject({
      where: 'install-gitops',
      cause: 'gitops',
      sentence,
      evidence: [`drills/example/${drillId}/evidence/install-gitops/helm.log`],
    });
  });

  it('may run twice', async () => {
    await install();
    await install();
    expect(host.kubernetes.objects.filter(({ kind }) => kind === 'Application')).toHaveLength(1);
  });

  it('refuses a cluster that is not active', async () => {
    host.cluster = undefined;
    await expect(install()).rejects.toThrow('Cluster drill-a1b2c3 is not there instead of ACTIVE');
  });
});

describe('Install GitOps where EKS manages Argo CD', () => {
  const argocd: EksCapability = {
    kind: 'capability',
    name: 'argocd',
    type: 'ARGOCD',
    status: 'ACTIVE',
    createdAt: '2026-10-05T06:15:00.000Z',
    roleArn: 'arn:aws:iam::000000000000:role/argocd',
    namespace: 'gitops',
    health: [],
  };

  beforeEach(async () => {
    await open({ gitops: { engine: 'argocd', managed: true, path: 'gitops/argocd' } });
    host.capabilities = [{ ...argocd, name: 'kro', type: 'KRO' }, argocd];
  });

  it('installs nothing, and lets the role of the capability in', async () => {
    await install();
    expect(host.calls).toEqual([]);
    expect(host.grants.at(-1)).toEqual({ roleArn: argocd.roleArn, policy: 'AmazonEKSClusterAdminPolicy' });
    expect((await host.story()).outputs['install-gitops']).toMatchObject({ capability: 'ARGOCD' });
  });

  it('registers the cluster by its ARN, sets the health of Applications, then applies the root', async () => {
    await install();
    expect(host.kubernetes.changes.map((change) => change.split(' ').slice(0, 3).join(' '))).toEqual([
      'apply Namespace gitops',
      'apply Secret gitops/in-cluster',
      'apply ConfigMap gitops/argocd-cm',
      'apply Application gitops/bootstrap',
    ]);
    expect(made('Secret')).toMatchObject({
      metadata: { labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
      stringData: { name: 'in-cluster', server: 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-a1b2c3' },
    });
    expect(made('ConfigMap')).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/part-of': 'argocd' } },
      data: { 'resource.customizations.health.argoproj.io_Application': expect.stringContaining('operationState') },
    });
    expect(made('Application')?.spec).toMatchObject({
      destination: { name: 'in-cluster', namespace: 'gitops' },
      source: { targetRevision: commit },
    });
  });

  it('waits until the capability works', async () => {
    const waiting = { ...argocd, health: ['AccessDenied: no permission'] };
    let reads = 0;
    Object.defineProperty(host, 'capabilities', { get: () => [reads++ < 3 ? waiting : argocd] });
    const before = host.clock.now().getTime();
    await install();
    expect(host.clock.now().getTime()).toBeGreaterThan(before);
  });

  it.each([
    [
      'has none',
      [],
      'EKS runs no Argo CD for drill-a1b2c3, which gitops.managed asks for; Terraform must make the capability',
    ],
    [
      'could not create it',
      [{ ...argocd, status: 'CREATE_FAILED', health: ['AccessDenied: trust policy'] }],
      'EKS could not create the Argo CD of drill-a1b2c3: CREATE_FAILED: AccessDenied: trust policy',
    ],
    [
      'cannot reach its cluster',
      [{ ...argocd, health: ['ClusterUnreachable: no route'] }],
      'The Argo CD that EKS manages did not work within 15 minutes: ACTIVE: ClusterUnreachable: no route',
    ],
  ])('fails with what EKS says of it when EKS %s', async (_, capabilities, sentence) => {
    host.capabilities = capabilities;
    await expect(install()).rejects.toThrow(sentence);
    expect((await host.story()).failures).toEqual([expect.objectContaining({ cause: 'gitops', sentence })]);
  });
});
