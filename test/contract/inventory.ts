import type { Inventory, InventoryScope } from '../../domain/ports/inventory';
import { sweepPlan } from '../../domain/sweep-plan';
import { openRecord } from '../support/open-record';

/** An account with a drill's leftovers and things that are none of the drill's. */
export interface InventoryUnderTest {
  readonly inventory: Inventory;
  readonly scope: InventoryScope;
  readonly account: string;
  /** ARNs of what the inventory must find. */
  readonly leftovers: readonly string[];
  /** What is none of the drill's and does not exist any more; empty as long as nobody has touched it. */
  missingBystanders(): Promise<readonly string[]>;
  /** Lets deletions settle. */
  settle(): Promise<void>;
}

const ROUNDS = 8;

/** What every inventory does, and what the sweep makes of it: found, planned, removed. */
export function describeInventoryContract(name: string, setup: () => Promise<InventoryUnderTest>): void {
  describe(`${name} as an inventory`, () => {
    let under: InventoryUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

    const planned = async () => {
      const { drillId, clusterName, since } = under.scope;
      const { settings, ...record } = openRecord({ drillId, clusterName, ...(since ? { openedAt: since } : {}) });
      const account = await under.inventory.account();
      return sweepPlan(
        await under.inventory.find(under.scope),
        { ...record, settings: { ...settings, account } },
        { account, lease: undefined, now: record.openedAt, scope: under.scope },
      );
    };

    test('everything of the drill is found once with a reason, and nothing else', async () => {
      const items = await under.inventory.find(under.scope);
      expect(items.map(({ arn }) => arn).toSorted()).toEqual(under.leftovers.toSorted());
      expect(items.filter(({ reason }) => reason === '')).toEqual([]);
      expect(await under.inventory.account()).toBe(under.account);
    });

    test('the drill is among those whose tag is on something, each once and sorted', async () => {
      const drills = await under.inventory.taggedDrills();
      expect(drills).toContain(under.scope.drillId);
      expect(drills).toEqual([...new Set(drills)].toSorted());
    });

    test('all of it is proven, and in rounds of the plan nothing of the drill is left, and all the rest is', async () => {
      const first = await planned();
      expect(first.filter(({ obstacle }) => obstacle !== undefined)).toEqual([]);
      let left = first;
      for (let round = 1; round <= ROUNDS && left.length > 0; round += 1) {
        for (const { item } of left) await under.inventory.remove(item);
        await under.settle();
        left = await planned();
      }
      expect(left.map(({ item }) => item.arn)).toEqual([]);
      expect(await under.missingBystanders()).toEqual([]);
      const again: (string | undefined)[] = [];
      for (const { item } of first.filter(({ item: { type } }) => type !== 'kms:key')) {
        again.push(await under.inventory.remove(item));
      }
      expect(again.filter((obstacle) => obstacle !== undefined)).toEqual([]);
    });
  });
}
