import { MemoryHistory } from '../../local/memory-history';
import { describeHistoryContract } from '../contract/history';

describeHistoryContract('MemoryHistory', async () => new MemoryHistory());
