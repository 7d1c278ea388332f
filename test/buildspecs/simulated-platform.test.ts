import { join } from 'node:path';
import { KubernetesClient } from '../../adapters/kubernetes-client';
import { drainCluster } from '../../buildspecs/drain-cluster/step';
import { installGitops } from '../../buildspecs/install-gitops/step';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import type { KubernetesApi } from '../../domain/ports/kubernetes';
import type { Settings } from '../../domain/settings';
import { helmProgram } from '../../local/world/helm';
import { COMMIT, filesBelow, repositoryOf, tokenAt, WorldUnderTest } from '../local/world/kubernetes/world-under-test';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';
import { CLUSTER, stepHost, type TestStepHost } from '../support/step-host';

const NAME = 'drill-3f9a2c';
const drillId = 'example-20261005-0400-3f9a2c';
const build = { DRILL_ID: drillId, TABLE_NAME: 't', EVIDENCE_BUCKET: 'e' };
const roles = {
  VIEW_ROLE_ARNS: 'arn:aws:iam::000000000000:role/v',
  ADMIN_ROLE_ARNS: 'arn:aws:iam::000000000000:role/a',
};

/** A host whose cluster is the simulated one. */
async function hostOf(world: WorldUnderTest, settings: Settings): Promise<{ host: TestStepHost; api: KubernetesApi }> {
  const host = await stepHost(openRecord({ drillId, commit: COMMIT, settings, clusterName: NAME }));
  const token = (): string => tokenAt(world.clock.now().getTime());
  const { endpoint } = world.world.clusterEndpoint(NAME);
  const api = new KubernetesClient(
    { endpoint, certificateAuthority: '', token: async () => token() },
    {
      send: async ({ method, path, body, contentType }) => {
        const url = new URL(path, 'https://kubernetes.local');
        const answer = await world.world.handle({
          method,
          path: `/clusters/${NAME}${url.pathname}`,
          query: url.searchParams,
          headers: {
            authorization: `Bearer ${token()}`,
            'user-agent': 'cluster-drill',
            'content-type': contentType ?? '',
          },
          body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
        });
        return { status: answer.status, text: String(answer.body ?? '') };
      },
    },
  );
  host.programs['helm'] = async (args, { cwd, env = {}, signal }) => {
    let [stdout, stderr] = ['', ''];
    const exitCode = await helmProgram(world.world)({
      args,
      cwd,
      env,
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      signal: signal ?? new AbortController().signal,
    });
    return { exitCode, stdout, stderr };
  };
  return {
    host: Object.assign(host, {
      clock: world.clock,
      cluster: { ...CLUSTER, name: NAME, endpoint },
      eks: Object.assign(host.eks, { kubernetes: () => api, token: async () => token() }),
    }),
    api,
  };
}

describe.each([
  ['Argo CD', { engine: 'argocd', version: '10.1.1', path: 'gitops/argocd' } as const, RESOURCE.application],
  ['Flux', { engine: 'flux', version: '2.18.3', path: 'gitops/flux' } as const, RESOURCE.kustomization],
])('the example on a simulated cluster with %s', (_engine, gitops, unit) => {
  it('comes up after Install GitOps, and Drain cluster leaves no load balancer and no volume', async () => {
    const files = filesBelow(join(__dirname, '../../examples/bootstrap'));
    const world = new WorldUnderTest(repositoryOf(files));
    const { host, api } = await hostOf(world, sampleSettings({ gitops }));
    await installGitops.run({ ...build, ...roles }, host);
    await world.minutes(90);

    const units = (await api.list(unit)) ?? [];
    expect(units.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      'bootstrap',
      'external-dns',
      'external-secrets',
      'kube-prometheus-stack',
      'kyverno',
      'loki',
      'traefik',
      'web',
    ]);
    const web = await api.get(RESOURCE.deployment, 'web', 'web');
    expect(web?.status).toMatchObject({ readyReplicas: 1 });
    expect((await api.list(BUILD_RESOURCE.volume))?.length).toBeGreaterThan(0);
    expect(world.aws.list('elasticloadbalancing:loadbalancer').length).toBeGreaterThan(0);

    await drainCluster.run(build, host);
    const { volumeIds, ...rest } = (await host.story()).outputs['drain-cluster']!;
    expect(rest).toEqual({ notes: [], forced: [] });
    expect((volumeIds as string[]).length).toBeGreaterThan(0);
    expect(world.aws.list('elasticloadbalancing:loadbalancer')).toEqual([]);
    expect(world.aws.list('ec2:volume')).toEqual([]);
    await world.minutes(30);
    expect(
      (await api.list(RESOURCE.service))?.filter(({ spec }) => (spec as { type?: string }).type === 'LoadBalancer'),
    ).toEqual([]);
    expect(await api.list(RESOURCE.claim)).toEqual([]);
  });
});
