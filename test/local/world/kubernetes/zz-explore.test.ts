import { WorldUnderTest, repositoryOf, filesBelow, COMMIT, REPOSITORY, APPLICATIONS, application } from '/work/main/test/local/world/kubernetes/world-under-test';
test('example argocd', async () => {
  const t0 = Date.now();
  const w = new WorldUnderTest(repositoryOf(filesBelow('/work/main/examples/bootstrap')));
  const log: string[] = [];
  const clockAt = () => w.clock.now().toISOString().slice(11, 19);
  await w.installArgoCd();
  log.push(`argo installed ${clockAt()}`);
  const root = application('bootstrap', 'gitops/argocd', { destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' }, source: { repoURL: REPOSITORY, targetRevision: COMMIT, path: 'gitops/argocd', kustomize: { patches: [{ target: { kind: 'Application', labelSelector: 'cluster-drill/pin=commit' }, patch: `- op: replace\n  path: /spec/source/targetRevision\n  value: ${COMMIT}\n` }] } } });
  root.metadata.finalizers=['resources-finalizer.argocd.argoproj.io'];
  const a = await w.apply(`${APPLICATIONS}/bootstrap`, root);
  log.push(JSON.stringify(a.body).slice(0, 300));
  let before = '';
  for (let i = 0; i < 60 * 6; i++) {
    await w.clock.sleep(10_000);
    const apps = await w.items(APPLICATIONS);
    const line = apps.map((x: any) => `${x.metadata.name}:${x.status?.sync?.status}/${x.status?.health?.status}/${x.status?.operationState?.phase ?? '-'}`).join(' ');
    if (line !== before) log.push(`${clockAt()} ${line}`);
    before = line;
  }
  const sts = await w.items('/apis/apps/v1/statefulsets');
  log.push(JSON.stringify(sts.map((s) => [s.metadata.name, s.status])));
  const pvcs = await w.items('/api/v1/persistentvolumeclaims');
  log.push(JSON.stringify(pvcs.map((s) => [s.metadata.name, s.status])));
  log.push(JSON.stringify((await w.get(`${APPLICATIONS}/web`)).status));
  log.push(JSON.stringify(w.aws.list().filter((r) => r.madeBy === 'kubernetes').map((r) => [r.type, r.id, r.tags])));
  const agenda = (w.state as any).section('kubernetes', () => ({}))['drill-3f9a2c'].agenda;
  log.push(`agenda ${agenda.length}; real ${Date.now() - t0} ms`);
  // teardown
  const d = await w.call('DELETE', `${APPLICATIONS}/bootstrap`);
  log.push(`delete ${d.status}`);
  for (let i = 0; i < 30; i++) { await w.clock.sleep(10_000); const apps = await w.items(APPLICATIONS); w.world.catchUp(); const r = w.aws.list().filter((x) => x.madeBy === 'kubernetes').length; log.push(`${clockAt()} apps ${apps.map((x)=>x.metadata.name).join(',')} aws ${r}`); if (apps.length === 0 && r === 0) break; }
  require('node:fs').writeFileSync('/tmp/k8s-explore.log', log.join('\n'));
  expect(1).toBe(1);
});
