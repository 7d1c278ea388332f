import { queryService } from '../service';
import type { Service } from '../service';

/** STS, as far as asking who one is: every caller is the same role of the account. */
export function createSts(account: string): Service {
  return queryService('STS', {
    GetCallerIdentity: () => ({
      Arn: `arn:aws:sts::${account}:assumed-role/cluster-drill-local/local`,
      UserId: 'AROALOCAL:local',
      Account: account,
    }),
  });
}
