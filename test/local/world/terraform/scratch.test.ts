import { readdirSync, readFileSync } from 'node:fs';
import { standIn, BACKEND } from './stand-in';
test('x', async () => {
  const dir = 'examples/bootstrap/terraform';
  const files = Object.fromEntries(readdirSync(dir).map((f) => [f, readFileSync(`${dir}/${f}`, 'utf8')]));
  const s = standIn({ ...files, 'cluster-drill_override.tf.json': BACKEND, 'v.tfvars.json': JSON.stringify({ cluster_name: 'drill-abc123', region: 'eu-central-1', tags: { 'cluster-drill': 'd1' } }) });
  const out: string[] = [];
  const t0 = Date.now();
  for (const args of [['init', '-input=false'], ['apply', '-json', '-auto-approve', '-input=false', '-lock-timeout=60s', '-var-file=v.tfvars.json'], ['output', '-json'], ['state', 'list'], ['plan','-detailed-exitcode','-var-file=v.tfvars.json'], ['destroy', '-json', '-auto-approve', '-var-file=v.tfvars.json']]) {
    const r = await s.run(args, { env: { TF_VAR_commit: 'abc' } });
    out.push(`--- ${args.join(' ')} => ${r.exitCode}`, r.stdout.split('\n').map(l => l.startsWith('{"@') ? `${JSON.parse(l)['@timestamp']} ${JSON.parse(l)['type']} ${JSON.parse(l)['@message']}` : l).filter(l => !/apply_progress|planned_change|refresh_/.test(l)).join('\n'), r.stderr);
    if (args[0] === 'apply') out.push(s.world.aws.list().map((x) => `${x.type} ${x.id} ${x.arn} ${JSON.stringify(x.tags)} ${JSON.stringify(x.attributes)}`).join('\n'));
  }
  out.push(`ms ${Date.now() - t0}`, s.world.aws.list().map(x => x.arn).join('\n'), [...s.objects].join('\n'));
  require('node:fs').writeFileSync('/tmp/scratch.out', out.join('\n'));
  expect(1).toBe(1);
});
