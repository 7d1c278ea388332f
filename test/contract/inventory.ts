import type { Inventory, InventoryScope } from '../../domain/ports/inventory';
import { inSweepOrder } from '../../domain/sweep-order';

/** An account with a drill's leftovers and things that are none of the drill's. */
export interface InventoryUnderTest {
  readonly inventory: Inventory;
  readonly scope: InventoryScope;
  readonly account: string;
  /** ARNs of what the inventory must find. */
  readonly leftovers: readonly string[];
  /** Whether something that is none of the drill's still exists. */
  bystandersExist(): Promise<boolean>;
  /** Lets deletions settle. */
  settle(): Promise<void>;
}

const ROUNDS = 6;

/** What every inventory does. */
export function describeInventoryContract(name: string, setup: () => Promise<InventoryUnderTest>): void {
  describe(`${name} as an inventory`, () => {
    let under: InventoryUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

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

    test('removing in the order of the sweep, round after round, leaves nothing of the drill and all the rest', async () => {
      const first = await under.inventory.find(under.scope);
      let left = first;
      for (let round = 1; round <= ROUNDS && left.length > 0; round += 1) {
        for (const item of inSweepOrder(left)) await under.inventory.remove(item);
        await under.settle();
        left = await under.inventory.find(under.scope);
      }
      expect(left).toEqual([]);
      expect(await under.bystandersExist()).toBe(true);
      const again: (string | undefined)[] = [];
      for (const item of first.filter(({ type }) => type !== 'kms:key')) again.push(await under.inventory.remove(item));
      expect(again.filter((obstacle) => obstacle !== undefined)).toEqual([]);
    });
  });
}
