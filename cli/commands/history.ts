import { UserError } from '../../domain/errors';
import { historyTable } from '../history-table';
import { connected, readConfig, targetOf, type CommandContext } from '../command-context';

/** `drill history [target]`: drills of a target, newest first, or all drills of a quarter. */
export async function historyCommand(
  context: CommandContext,
  name: string | undefined,
  { limit, after, quarter }: { limit: number; after?: string; quarter?: string },
): Promise<void> {
  const { options, terminal } = context;
  if (quarter !== undefined && !/^\d{4}Q[1-4]$/.test(quarter)) {
    throw new UserError(`--quarter is "${quarter}"; write a quarter such as 2026Q4.`);
  }
  const target = targetOf(readConfig(options.config), name);
  await connected(context, target, async ({ history }) => {
    const page = quarter
      ? { records: await history.drillsIn(quarter) }
      : await history.drillsOf(target.settings.name, { limit, ...(after === undefined ? {} : { after }) });
    if (options.output === 'json') {
      terminal.out(`${JSON.stringify(page, null, 2)}\n`);
      return;
    }
    terminal.out(historyTable(page.records));
    if ('next' in page && page.next) terminal.out(`  more: drill history --after ${page.next}\n`);
  });
}
