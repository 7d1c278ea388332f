import { WorldUnderTest, repositoryOf, filesBelow, COMMIT, REPOSITORY } from './world-under-test';
test('example flux', async () => {
  const t0 = Date.now();
  const w = new WorldUnderTest(repositoryOf(filesBelow('/work/main/examples/bootstrap')));
  const log: string[] = [];
  const clockAt = () => w.clock.now().toISOString().slice(11, 19);
  await w.installFlux();
  log.push(`flux installed ${clockAt()}`);
  await w.apply('/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/bootstrap', { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: { name: 'bootstrap', namespace: 'flux-system' }, spec: { url: REPOSITORY, interval: '10m', ref: { commit: COMMIT } } });
  const K = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
  await w.apply(`${K}/bootstrap`, { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'bootstrap', namespace: 'flux-system' }, spec: { path: './gitops/flux', interval: '10m', prune: true, sourceRef: { kind: 'GitRepository', name: 'bootstrap' } } });
  let before = '';
  const ready = (x: any) => { const c = (x.status?.conditions ?? []).find((c: any) => c.type === 'Ready'); return `${c?.status}(${c?.reason})`; };
  for (let i = 0; i < 60 * 6; i++) {
    await w.clock.sleep(10_000);
    const ks = await w.items(K);
    const line = [...ks, ...(await w.items('/apis/helm.toolkit.fluxcd.io/v2/helmreleases'))].map((x: any) => `${x.metadata.name}:${ready(x)}`).join(' ');
    if (line !== before) log.push(`${clockAt()} ${line}`);
    before = line;
  }
  log.push(JSON.stringify((await w.get(`${K}/web`)).status));
  log.push(JSON.stringify((await w.get(`/apis/helm.toolkit.fluxcd.io/v2/namespaces/kyverno/helmreleases/kyverno`)).status));
  log.push(`real ${Date.now() - t0} ms`);
  await w.call('DELETE', `${K}/bootstrap`);
  for (let i = 0; i < 20; i++) { await w.clock.sleep(10_000); const ks = await w.items(K); w.world.catchUp(); const r = w.aws.list().filter((x) => x.madeBy === 'kubernetes').length; log.push(`${clockAt()} ${ks.map((x)=>x.metadata.name).join(',')} aws ${r}`); if (r===0 && !ks.length) break; }
  require('node:fs').writeFileSync('/tmp/k8s-explore2.log', log.join('\n'));
  expect(1).toBe(1);
});
