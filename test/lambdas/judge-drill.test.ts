import { judgeDrill } from '../../lambdas/judge-drill/handler';
import { memoryHost } from '../support/memory-host';
import { minute, sampleRecord } from '../support/story';

const record = sampleRecord();
const { drillId, target } = record;

async function openHost() {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  return host;
}

test('a judged drill is closed and gives back what it holds', async () => {
  const host = await openHost();
  await host.history.takeSlot(record, 2, minute(0));
  await judgeDrill({ drillId }, host);
  expect(await host.history.record(drillId)).toMatchObject({ status: 'closed' });
  expect(await host.history.lease(target)).toBeUndefined();
  expect(await host.history.slots()).toEqual([]);
});

test.each(['releaseLease', 'releaseSlots'] as const)('a verdict stands when %s is refused', async (call) => {
  const host = await openHost();
  const refusal = jest.spyOn(host.history, call).mockRejectedValue(new Error('AccessDenied'));
  const first = await judgeDrill({ drillId }, host);
  expect(host.logs.join('\n')).toMatch(/was not given back; the next drill or the patrol frees it: AccessDenied/);
  refusal.mockRestore();
  expect(await judgeDrill({ drillId }, host)).toEqual(first);
});
