import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_INDEX } from '../../domain/history-keys';
import { targetsSchema } from '../../domain/settings';
import { synthesise } from '../../local/synthesise';
import { sampleConfig, sampleSettings } from '../support/settings';

const outdir = mkdtempSync(join(tmpdir(), 'cluster-drill-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const config = sampleConfig(sampleSettings(), sampleSettings({ name: 'paris', region: 'eu-west-3' }));
const { place, stack } = synthesise({ config, outdir });

test("the stack is that of the default target unless another is named, and CDK's own validator stays as it was", () => {
  expect(place).toEqual({ account: '000000000000', region: 'eu-central-1' });
  const before = process.env['CDK_VALIDATION'];
  process.env['CDK_VALIDATION'] = 'true';
  const paris = synthesise({ config, outdir: join(outdir, 'paris'), target: 'paris' });
  expect(process.env['CDK_VALIDATION']).toBe('true');
  process.env['CDK_VALIDATION'] = before;
  expect(paris.place.region).toBe('eu-west-3');
  expect(paris.stack.machines[0]?.arn).toContain(':eu-west-3:');
});

test('a target that does not exist is refused by name', () => {
  expect(() => synthesise({ config, outdir, target: 'rome' })).toThrow('there is no target "rome"');
});

test('nothing of an intrinsic is left', () => {
  expect(JSON.stringify(stack)).not.toMatch(/Fn::|"Ref"|\$\{AWS::/);
});

test('tasks name functions, projects and machines as the stack lists them', () => {
  const text = JSON.stringify(stack.machines);
  const functions = [...text.matchAll(/"FunctionName":"([^"]+)"/g)].map(([, arn]) => arn);
  const projects = [...text.matchAll(/"ProjectName":"([^"]+)"/g)].map(([, name]) => name);
  const machines = [...text.matchAll(/"StateMachineArn":"([^"]+)"/g)].map(([, arn]) => arn);
  expect(stack.functions.map(({ arn }) => arn)).toEqual(expect.arrayContaining(functions));
  expect(stack.projects.map(({ name }) => name)).toEqual(expect.arrayContaining(projects));
  expect(stack.machines.map(({ arn }) => arn)).toEqual(expect.arrayContaining(machines));
  expect(functions.length * projects.length * machines.length).toBeGreaterThan(0);
});

test('the deployed targets lie where Open drill looks for them', () => {
  const { environment } = stack.functions.find(({ entry }) => entry === 'open-drill')!;
  const asset = stack.assets.find(
    ({ bucket, key }) => bucket === environment['TARGETS_BUCKET'] && key === environment['TARGETS_KEY'],
  )!;
  const targets = targetsSchema.parse(JSON.parse(readFileSync(asset.path, 'utf8')));
  expect(targets.map(({ name }) => name)).toEqual(['example']);
});

test('each project names the folder that CodeBuild would unpack', () => {
  for (const { assetPath } of stack.projects) expect(existsSync(assetPath!)).toBe(true);
});

test('the table is as CreateTable takes it', () => {
  expect(stack.table).toMatchObject({
    TableName: 'cluster-drill-history',
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: Object.values(HISTORY_INDEX).map(({ name }) => ({ IndexName: name })),
  });
});
