import type { Host } from '../../adapters/host';
import type { Abandoned } from '../../domain/abandoned';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { causeOfDeath } from '../../domain/signs-of-life';
import { endDeadDrill } from '../guard-drill/start-teardown';
import { storyOf } from '../story-of';
import type { Looks } from './look';

/**
 * Tears down the drills that are open and dead: the event of their end was lost, or they hang. Does nothing to a drill
 * whose teardown runs already.
 * @returns those whose teardowns have all ended without closing them.
 */
export async function tearDownTheDead(
  host: Host,
  teardownMachineArn: string,
  looks: Looks,
): Promise<readonly Abandoned[]> {
  const abandoned: Abandoned[] = [];
  for (const { drillId } of await host.history.openDrills()) {
    await looks.take(`drill ${drillId}`, async () => {
      const why = await deadBecause(drillId, host);
      if (why === undefined) return;
      const { record } = await storyOf(host.history, drillId);
      if (await endDeadDrill(record, why, host, teardownMachineArn)) {
        host.log(`drill ${drillId} is dead and is torn down: ${why}`);
        return;
      }
      const items = await host.inventory.find(inventoryScopeOf(await storyOf(host.history, drillId)));
      abandoned.push({
        drillId,
        resources: items.map(({ arn }) => arn),
        why: 'its execution is dead, and all teardowns that were started for it have ended without closing it',
      });
    });
  }
  return abandoned;
}

/** Asked strongly consistent, as the list of open drills may lag behind the close of one. */
async function deadBecause(drillId: string, { clock, executions, history }: Host): Promise<string | undefined> {
  const record = await history.record(drillId);
  if (record?.status !== 'open') return undefined;
  const execution = await executions.execution(record.executionArn);
  const lease = await history.lease(record.target);
  return causeOfDeath({ record, execution, lease, drillId, now: clock.now() });
}
