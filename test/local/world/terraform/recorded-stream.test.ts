import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKEND, standIn } from './stand-in';
import type { Ran, StandIn, TerraformEvent } from './stand-in';

const RECORDED = join(__dirname, '../../../recorded/terraform');
const VARIABLES = JSON.stringify({
  cluster_name: 'drill-abc123',
  region: 'eu-central-1',
  tags: { 'cluster-drill': 'x' },
});

function recorded(name: string): readonly TerraformEvent[] {
  const lines = readFileSync(join(RECORDED, `${name}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TerraformEvent);
}

/** Keys and types of a value, as text: `{addr:string,resource_key:null}`. */
function shapeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`;
  if (typeof value !== 'object') return typeof value;
  const parts = Object.entries(value).map(([key, part]) => `${key}:${shapeOf(part)}`);
  return `{${parts.toSorted().join()}}`;
}

/** The key of an instance is a number, a text or null: which of them is the resource's affair. */
function shapesOf(events: readonly TerraformEvent[], type: string): readonly string[] {
  const shapes = events.filter((event) => event.type === type).map(shapeOf);
  return [...new Set(shapes.map((shape) => shape.replaceAll(/resource_key:\w+/g, 'resource_key')))].toSorted();
}

/** The order of the event types, repetitions taken together; resources end in an order of their own. */
function phasesOf(events: readonly TerraformEvent[]): readonly string[] {
  const phases = events
    .map(({ type, hook }) => (hook ? (hook.action ?? 'read') : type))
    .filter((phase) => phase !== 'resource_drift');
  return phases.filter((phase, index) => phase !== phases[index - 1]);
}

/** What is said of every resource, without what differs from run to run. */
function messagesOf(events: readonly TerraformEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type !== 'apply_progress')
    .map((event) => event['@message'].replaceAll(/\[id=[^\]]*\]|after \w+/g, ''))
    .toSorted();
}

function lastTypesOf(events: readonly TerraformEvent[]): readonly string[] {
  return events.slice(-4).map(({ type }) => type);
}

function repository(): StandIn {
  return standIn({
    'main.tf': readFileSync(join(RECORDED, 'main.tf'), 'utf8'),
    'backend_override.tf.json': BACKEND,
    'drill.tfvars.json': VARIABLES,
  });
}

const CHANGE = ['-json', '-auto-approve', '-input=false', '-var-file=drill.tfvars.json'];

async function applied(terraform: StandIn): Promise<Ran> {
  await terraform.run(['init', '-input=false']);
  return terraform.run(['apply', ...CHANGE]);
}

describe('the event stream has the shapes of a real one', () => {
  test.each([
    'version',
    'planned_change',
    'change_summary',
    'outputs',
    'apply_start',
    'apply_progress',
    'apply_complete',
  ])('apply: %s', async (type) => {
    const { events } = await applied(repository());
    expect(shapesOf(events, type)).toEqual(shapesOf(recorded('apply'), type));
  });

  test.each([
    'planned_change',
    'change_summary',
    'outputs',
    'apply_start',
    'apply_progress',
    'apply_complete',
    'refresh_start',
    'refresh_complete',
  ])('destroy: %s', async (type) => {
    const terraform = repository();
    await applied(terraform);
    const { events } = await terraform.run(['destroy', ...CHANGE]);
    expect(shapesOf(events, type)).toEqual(shapesOf(recorded('destroy'), type));
  });

  test('the phases of apply and destroy come in the same order', async () => {
    const terraform = repository();
    expect(phasesOf((await applied(terraform)).events)).toEqual(phasesOf(recorded('apply')));
    const destroy = await terraform.run(['destroy', ...CHANGE]);
    expect(phasesOf(destroy.events)).toEqual(phasesOf(recorded('destroy')));
  });

  test('messages of every resource read the same, but for ids and seconds', async () => {
    const { events } = await applied(repository());
    expect(messagesOf(events)).toEqual(messagesOf(recorded('apply')));
  });

  test('an error of a resource has its address, place and snippet', async () => {
    const failing = standIn(
      { 'main.tf': readFileSync(join(RECORDED, 'main.tf'), 'utf8'), 'drill.tfvars.json': VARIABLES },
      [{ kind: 'resource-fails', resourceType: 'aws_iam_role_policy', message: 'LimitExceeded' }],
    );
    const { events } = await failing.run(['apply', ...CHANGE]);
    const real = recorded('apply-resource-fails').filter(({ diagnostic }) => diagnostic?.severity === 'error');
    expect(shapesOf(events, 'diagnostic')).toEqual(shapesOf(real, 'diagnostic'));
    expect(shapesOf(events, 'apply_errored')).toEqual(shapesOf(recorded('apply-resource-fails'), 'apply_errored'));
  });

  test('an interrupted apply says so and ends with the same diagnostics', async () => {
    const terraform = repository();
    await terraform.run(['init']);
    const stop = new AbortController();
    terraform.clock.after(120, () => stop.abort());
    const { events, exitCode } = await terraform.run(['apply', ...CHANGE], { signal: stop.signal });
    expect(exitCode).toBe(1);
    // The real one says "execution halted" once for each provider as well.
    expect(lastTypesOf(events)).toEqual(lastTypesOf(recorded('apply-interrupted').slice(0, -1)));
    expect(shapesOf(events, 'log')).toEqual(shapesOf(recorded('apply-interrupted'), 'log'));
    expect(shapesOf(events, 'diagnostic')).toEqual(shapesOf(recorded('apply-interrupted'), 'diagnostic'));
  });
});
