import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Clock } from '../../../../domain/clock';
import { Chance } from '../../../../local/chance';
import type { Fault } from '../../../../local/scenarios';
import type { ServiceAnswer } from '../../../../local/service';
import { AwsResources, type AwsResource } from '../../../../local/world/aws-resources';
import { helmProgram } from '../../../../local/world/helm';
import type { Repositories } from '../../../../local/world/kubernetes/gitops/repositories';
import { KubernetesWorld } from '../../../../local/world/kubernetes/kubernetes-world';
import type { Manifest } from '../../../../local/world/kubernetes/manifest';
import { WorldState } from '../../../../local/world/world-state';

/** Helm's arguments that install Argo CD at its newest version. */
export const INSTALL_ARGOCD: readonly string[] =
  'upgrade --install argocd argo-cd --repo https://argoproj.github.io/argo-helm -n argocd --create-namespace'.split(
    ' ',
  );

export const COMMIT = '097b39e9252bf48b6d9fe7fb766898eef9d5473c';
export const REPOSITORY = 'https://git.example.com/platform/bootstrap.git';
const START = Date.parse('2026-10-05T04:00:00Z');
export const CLUSTER = 'drill-3f9a2c';
const ARN = `arn:aws:eks:eu-central-1:000000000000:cluster/${CLUSTER}`;

/** A clock that stands still until somebody sleeps. */
class SteppingClock implements Clock {
  constructor(private instant = START) {}
  now(): Date {
    return new Date(this.instant);
  }
  async sleep(milliseconds: number): Promise<void> {
    this.instant += milliseconds;
  }
}

/** A repository of one commit, found under one URL; `main` and `HEAD` are its branch. */
export function repositoryOf(files: Readonly<Record<string, string>>): Repositories {
  return (url, revision) => {
    if (url !== REPOSITORY) return { missing: 'repository', error: 'repository not found' };
    if (![COMMIT, 'main', 'HEAD'].includes(revision))
      return { missing: 'revision', error: `couldn't find remote ref ${revision}` };
    return { commit: COMMIT, files };
  };
}

/** The files of a folder, by path below it. */
export function filesBelow(folder: string, root = folder): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(folder).map((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory()
        ? filesBelow(path, root)
        : { [relative(root, path)]: readFileSync(path, 'utf8') };
    }),
  ) as Record<string, string>;
}

/** A token of the form that EKS takes, signed at `at`; `role` makes it a role's session. */
export function tokenAt(at: number, role?: string): string {
  const date = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Credential': `${role ? `ASIA-role-${role}` : 'test'}/${date.slice(0, 8)}/eu-central-1/sts/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': 'abc123',
  });
  return `k8s-aws-v1.${Buffer.from(`https://sts.eu-central-1.amazonaws.com/?${query}`).toString('base64url')}`;
}

function fromStart(offset: number): string {
  return new Date(START + offset).toISOString();
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Manifest & { items?: Manifest[]; message?: string; reason?: string };
}

export interface Call {
  readonly query?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly token?: string | null;
  readonly agent?: string;
}

/** A simulated account with one cluster, as Terraform left it: nodes and add-ons active a little before `START`. */
export class WorldUnderTest {
  readonly clock = new SteppingClock();
  state = new WorldState();
  aws = new AwsResources(this.state, this.clock);
  world: KubernetesWorld;

  constructor(
    private readonly repositories: Repositories = repositoryOf({}),
    private readonly faults: readonly Fault[] = [],
    private readonly seed = 1,
  ) {
    this.world = this.begin();
    this.put(
      'eks:cluster',
      ARN,
      CLUSTER,
      { name: CLUSTER, version: '1.35', vpcId: 'vpc-1', accessEntries: {} },
      -900_000,
      -400_000,
    );
    for (const addonName of ['vpc-cni', 'kube-proxy']) this.addon(addonName, -390_000, -350_000);
    this.put(
      'eks:nodegroup',
      `${ARN}/nodegroup`,
      'default',
      { clusterName: CLUSTER, nodegroupName: 'default', desiredSize: 3, instanceTypes: ['m6i.large'] },
      -340_000,
      -200_000,
    );
    this.addon('coredns', -195_000, -120_000);
    this.addon('aws-ebs-csi-driver', -195_000, -100_000, {
      configurationValues: JSON.stringify({
        defaultStorageClass: { enabled: true },
        controller: { k8sTagClusterId: CLUSTER },
      }),
    });
  }

  private begin(): KubernetesWorld {
    const { clock, state, aws, repositories, faults, seed } = this;
    return new KubernetesWorld({ clock, state, aws, chance: new Chance(seed), faults, repositories });
  }

  /** Goes on from the state's text, as a killed drill does. */
  restart(): void {
    const sections = ['aws-resources', 'kubernetes', 'helm-repositories'];
    const kept = sections.map(
      (name) => [name, JSON.parse(JSON.stringify(this.state.section(name, () => ({})))) as object] as const,
    );
    this.state = new WorldState();
    for (const [name, section] of kept) this.state.section(name, () => section);
    this.aws = new AwsResources(this.state, this.clock);
    this.world = this.begin();
  }

  addon(addonName: string, created: number, active: number, more: Record<string, unknown> = {}): AwsResource {
    return this.put(
      'eks:addon',
      `${ARN}/addon/${addonName}`,
      addonName,
      { clusterName: CLUSTER, addonName, ...more },
      created,
      active,
    );
  }

  put(
    type: string,
    arn: string,
    id: string,
    attributes: Record<string, unknown>,
    created = 0,
    active = 0,
  ): AwsResource {
    return this.aws.put({
      arn,
      type,
      id,
      region: 'eu-central-1',
      tags: {},
      madeBy: 'terraform',
      createdAt: fromStart(created),
      activeAt: fromStart(active),
      attributes,
    });
  }

  async minutes(minutes: number): Promise<void> {
    await this.clock.sleep(minutes * 60_000);
  }

  async call(
    method: string,
    path: string,
    { query = '', body, type = 'application/json', token, agent = 'cluster-drill/1' }: Call = {},
  ): Promise<Answer> {
    const bearer = token === undefined ? tokenAt(this.clock.now().getTime()) : token;
    const answer: ServiceAnswer = await this.world.handle({
      method,
      path: `/clusters/${CLUSTER}${path}`,
      query: new URLSearchParams(query),
      headers: {
        'content-type': type,
        'user-agent': agent,
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      },
      body: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
    });
    const text = String(answer.body ?? '');
    const isJson = answer.headers?.['content-type'] === 'application/json';
    return { status: answer.status, text, body: (isJson ? JSON.parse(text) : {}) as Answer['body'] };
  }

  async get(path: string): Promise<Manifest> {
    return (await this.call('GET', path)).body;
  }

  async items(path: string, query = ''): Promise<Manifest[]> {
    return (await this.call('GET', path, { query })).body.items ?? [];
  }

  /** Server-side apply with the drill's field manager. */
  async apply(path: string, object: unknown): Promise<Answer> {
    return this.call('PATCH', path, {
      query: 'fieldManager=cluster-drill&force=true',
      body: object,
      type: 'application/apply-patch+yaml',
    });
  }

  async patch(path: string, patch: unknown, agent = 'kubectl-patch/1'): Promise<Answer> {
    return this.call('PATCH', path, { body: patch, type: 'application/merge-patch+json', agent });
  }

  /** Runs the stand-in `helm` with a kubeconfig for the cluster. */
  async helm(
    args: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const cwd = mkdtempSync(join(tmpdir(), 'helm-'));
    const { endpoint } = this.world.clusterEndpoint(CLUSTER);
    const kubeconfig = {
      'current-context': 'drill',
      contexts: [{ name: 'drill', context: { cluster: 'drill', user: 'drill' } }],
      clusters: [{ name: 'drill', cluster: { server: endpoint } }],
      users: [{ name: 'drill', user: { token: tokenAt(this.clock.now().getTime()) } }],
    };
    writeFileSync(join(cwd, 'kubeconfig'), JSON.stringify(kubeconfig));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    let stdout = '';
    let stderr = '';
    const code = await helmProgram(this.world)({
      args,
      cwd,
      env: { KUBECONFIG: join(cwd, 'kubeconfig') },
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      signal: new AbortController().signal,
    });
    return { code, stdout, stderr };
  }

  /** Installs Argo CD with the Lua check that makes sync waves wait for child Applications. */
  async installArgoCd(lua = true): Promise<void> {
    const values = lua
      ? { configs: { cm: { 'resource.customizations.health.argoproj.io_Application': 'hs = {}\nreturn hs' } } }
      : {};
    const { code, stderr } = await this.helm(
      [...INSTALL_ARGOCD, '--version', '10.1.1', '--values', 'values.json', '--wait', '--timeout', '10m'],
      { 'values.json': JSON.stringify(values) },
    );
    if (code !== 0) throw new Error(stderr);
  }

  async installFlux(): Promise<void> {
    const { code, stderr } = await this.helm([
      'upgrade',
      '--install',
      'flux',
      'flux2',
      '--repo',
      'https://fluxcd-community.github.io/helm-charts',
      '--version',
      '2.16.0',
      '--namespace',
      'flux-system',
      '--create-namespace',
      '--wait',
    ]);
    if (code !== 0) throw new Error(stderr);
  }
}

export const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';

/** An Application of a folder of the repository. */
export function application(name: string, path: string, more: Record<string, unknown> = {}): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: REPOSITORY, targetRevision: COMMIT, path },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'apps' },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
      ...more,
    },
  };
}
