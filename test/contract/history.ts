import type { History } from '../../domain/ports/history';
import { describeHistoryDetails } from './history-details';
import { describeHistoryHoldings } from './history-holdings';
import { describeHistoryRecords } from './history-records';

/** What every history does; `setup` gives an empty one. */
export function describeHistoryContract(name: string, setup: () => Promise<History>): void {
  describe(`${name} as a history`, () => {
    let history: History;

    beforeEach(async () => {
      history = await setup();
    });

    describeHistoryRecords(() => history);
    describeHistoryDetails(() => history);
    describeHistoryHoldings(() => history);
  });
}
