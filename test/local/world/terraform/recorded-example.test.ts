import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformEvents } from '../../../../domain/terraform-events';
import { standIn } from './stand-in';
import type { TerraformEvent } from './stand-in';

/**
 * What the real Terraform said of the example (`npm run lab -- record`). An edit of the example that adds or removes a
 * resource is no failure here; record anew when there have been some.
 */
const RECORDED = join(__dirname, '../../../recorded/terraform');
const EXAMPLE = join(__dirname, '../../../../examples/bootstrap/terraform');
const VARIABLES = {
  cluster_name: 'drill-abc123',
  region: 'eu-central-1',
  tags: { 'cluster-drill': 'd1' },
  encrypt_secrets: true,
};
const CHANGE = ['-json', '-auto-approve', '-input=false', '-var-file=drill.tfvars.json'];

function recordedLines(name: string): readonly string[] {
  const lines = readFileSync(join(RECORDED, `${name}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '');
}

/** What is said of each resource, by address: `create` with its messages, but for ids and seconds. */
function saidOf(events: readonly TerraformEvent[]): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>();
  for (const { hook, type, '@message': message } of events) {
    if (!hook || !['apply_start', 'apply_complete'].includes(type)) continue;
    const words = `${hook.action} ${message.replaceAll(/ ?\[id=[^\]]*\]| after \w+/g, '')}`;
    said.set(hook.resource.addr, [...(said.get(hook.resource.addr) ?? []), words]);
  }
  return said;
}

/** Pairs of addresses of which the first one was done before the second one began. */
function precedes(events: readonly TerraformEvent[], first: string, then: string): boolean {
  const done = events.findIndex(({ type, hook }) => type === 'apply_complete' && hook?.resource.addr === first);
  const begun = events.findIndex(({ type, hook }) => type === 'apply_start' && hook?.resource.addr === then);
  return done >= 0 && done < begun;
}

async function standInStreams(): Promise<Record<string, readonly TerraformEvent[]>> {
  const names = readdirSync(EXAMPLE).filter((name) => name.endsWith('.tf'));
  const files = names.map((name) => [name, readFileSync(join(EXAMPLE, name), 'utf8')] as const);
  const terraform = standIn({ ...Object.fromEntries(files), 'drill.tfvars.json': JSON.stringify(VARIABLES) });
  const applied = await terraform.run(['apply', ...CHANGE]);
  const destroyed = await terraform.run(['destroy', ...CHANGE]);
  return { 'example-apply': applied.events, 'example-destroy': destroyed.events };
}

describe.each([
  ['example-apply', 'aws_eks_addon.vpc_cni[0]', 'aws_eks_node_group.this'],
  ['example-destroy', 'aws_eks_node_group.this', 'aws_eks_addon.vpc_cni[0]'],
])('%s', (name, first, then) => {
  const lines = recordedLines(name);
  const recorded = lines.map((line) => JSON.parse(line) as TerraformEvent);

  test('gives a span for every resource, each with its end', () => {
    const events = new TerraformEvents(name === 'example-apply' ? 'resource' : 'teardown');
    const spans = lines.map((line) => events.read(line)).filter((span) => span?.finishedAt !== undefined);
    expect(spans).toHaveLength(saidOf(recorded).size);
    expect(spans.filter((span) => span!.outcome !== 'succeeded' || span!.finishedAt! < span!.startedAt)).toEqual([]);
    expect(events.errors).toEqual([]);
  });

  test('the stand-in says the same of each resource, and keeps the order of what depends', async () => {
    const ours = (await standInStreams())[name]!;
    const [real, stand] = [saidOf(recorded), saidOf(ours)];
    const common = [...real.keys()].filter((address) => stand.has(address));
    expect(common.length).toBeGreaterThan(35);
    expect(common.filter((address) => real.get(address)!.join() !== stand.get(address)!.join())).toEqual([]);
    expect([precedes(recorded, first, then), precedes(ours, first, then)]).toEqual([true, true]);
  });
});
