import type { History } from './ports/history';
import type { DrillRecord } from './record';

/** How far back a judged drill is looked for; open ones in between are passed over. */
const PAGE = 10;

/** The target's last judged drill before this one: what a report compares with. */
export async function previousOf(
  history: Pick<History, 'drillsOf'>,
  { drillId, target, openedAt }: DrillRecord,
): Promise<DrillRecord | undefined> {
  const { records } = await history.drillsOf(target, { limit: PAGE });
  return records.find(
    (record) => record.drillId !== drillId && record.verdict && Date.parse(record.openedAt) < Date.parse(openedAt),
  );
}
