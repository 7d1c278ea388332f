import { openDrill } from '../../lambdas/open-drill/handler';
import { ErrorName } from '../../domain/errors';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { minute, shippedSettings } from '../support/story';

const environment = {
  TABLE_NAME: 't',
  TARGETS_BUCKET: 'b',
  TARGETS_KEY: 'targets.json',
  TEARDOWN_MACHINE_ARN: 'arn:teardown',
};
const event = (name: string, input: unknown = {}) => ({
  input,
  executionArn: `arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:${name}`,
  startedAt: minute(0),
});

let host: MemoryHost;
beforeEach(() => {
  host = memoryHost();
  host.objectsByKey.set('targets.json', JSON.stringify([shippedSettings()]));
});

test('{} opens a drill of the default target, with its settings and a lease', async () => {
  const opened = await openDrill(event('one'), host, environment);
  expect(opened).toMatchObject({ target: 'example', deadlineSeconds: 10_800, terraformVersion: '1.11.4' });
  expect(await host.history.record(opened.drillId)).toMatchObject({
    status: 'open',
    trigger: 'demand',
    ref: 'main',
    settings: { name: 'example' },
  });
  expect(await host.history.lease('example')).toMatchObject({ drillId: opened.drillId, expiresAt: minute(100 + 45) });
});

test('a retried opening finds the drill that its first try opened', async () => {
  const first = await openDrill(event('one'), host, environment);
  expect(await openDrill(event('one'), host, environment)).toEqual(first);
});

test('the same scheduled time delivered twice opens one drill', async () => {
  await openDrill(event('one', { scheduledAt: minute(0) }), host, environment);
  await expect(openDrill(event('two', { scheduledAt: minute(0) }), host, environment)).rejects.toMatchObject({
    name: ErrorName.DuplicateDrill,
  });
});

test('a target whose lease is held by a running drill is refused, and nothing is torn down', async () => {
  await openDrill(event('one'), host, environment);
  await expect(openDrill(event('two'), host, environment)).rejects.toMatchObject({ name: ErrorName.LeaseHeld });
  expect(host.started).toEqual([]);
});

test('a holder whose execution is dead is torn down once, and the refusal says so', async () => {
  const { drillId } = await openDrill(event('one'), host, environment);
  host.executionStatus = 'ABORTED';
  for (const name of ['two', 'three']) {
    await expect(openDrill(event(name), host, environment)).rejects.toMatchObject({
      name: ErrorName.LeaseHeld,
      message: `Drill ${drillId} of target example died and is being torn down now; start this drill again when its report has come`,
    });
  }
  expect(host.started).toEqual([{ input: { drillId }, name: `guard-${drillId}` }]);
  expect((await host.history.story(drillId))!.failures).toMatchObject([{ where: 'Drill', cause: 'interrupted' }]);
});

test('a wrong target is refused and leaves nothing', async () => {
  await expect(openDrill(event('one', { target: 'exmple' }), host, environment)).rejects.toMatchObject({
    name: ErrorName.InvalidInput,
  });
  expect(await host.history.openDrills()).toEqual([]);
  expect(await host.history.lease('example')).toBeUndefined();
});

test('missing targets name where they were looked for', async () => {
  host.objectsByKey.clear();
  await expect(openDrill(event('one'), host, environment)).rejects.toThrow(
    'The deployed targets are not at s3://b/targets.json; deploy again',
  );
});
