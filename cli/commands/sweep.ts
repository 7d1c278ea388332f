import { bookSweep, carryOut, planSweep, type SweepHost } from '../../adapters/sweep-round';
import { secondsBetween } from '../../domain/clock';
import { UserError } from '../../domain/errors';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import type { DrillRecord, DrillStory } from '../../domain/record';
import { ROUND_SECONDS, runningObstacle, SWEEP_SECONDS } from '../../domain/sweep';
import type { SweepStep } from '../../domain/sweep-plan';
import { connected, drillOf, readConfig, targetOf, type CommandContext } from '../command-context';
import type { Connection } from '../connection';
import { planLines } from '../plan-lines';

/**
 * `drill sweep [drill]`: what *Sweep leaks* does, by hand and with the rights of the person who calls it. With --dry-run
 * only the plan is made. @returns 0 when nothing is left (or would be), otherwise 1.
 */
export async function sweepCommand(
  context: CommandContext,
  drillId: string | undefined,
  { target: name, dryRun }: { target?: string; dryRun: boolean },
): Promise<number> {
  const target = targetOf(readConfig(context.options.config), name);
  return connected(
    context,
    target,
    async (connection) => {
      const story = await drillOf(connection, target, drillId);
      const host = sweepHost(connection, context);
      const plan = await planSweep(story, host);
      show(plan, story.record, dryRun, context);
      if (dryRun) return plan.some(({ obstacle }) => obstacle !== undefined) ? 1 : 0;
      await refuseRunning(connection, story.record);
      return sweep(story.record.drillId, host, context);
    },
    'account',
  );
}

function sweepHost(connection: Connection, { options, terminal }: CommandContext): SweepHost {
  const { clock, history } = connection;
  const log = (line: string): void => terminal.out(options.output === 'json' ? '' : `${line}\n`);
  return { clock, history, inventory: connection.openInventory(), log };
}

/** @throws UserError for a drill that still runs: its cluster would be swept away under it. */
async function refuseRunning({ history, clock }: Connection, record: DrillRecord): Promise<void> {
  const obstacle = runningObstacle(record, await history.lease(record.target), clock.now().toISOString());
  if (obstacle !== undefined) throw new UserError(obstacle);
}

/** Rounds of the plan, until nothing is left, nothing more may be deleted, or the time for it is over. */
async function sweep(drillId: string, host: SweepHost, { options, terminal }: CommandContext): Promise<number> {
  const begun = host.clock.now();
  for (;;) {
    const story = (await host.history.story(drillId))!;
    const plan = await planSweep(story, host);
    const obstacles = await carryOut(plan, host);
    const mayHelp = plan.some(({ obstacle }) => obstacle === undefined);
    const isLast = !mayHelp || secondsBetween(begun, host.clock.now()) >= SWEEP_SECONDS;
    const seen = plan.map(({ item }) => item);
    const left = isLast && seen.length > 0 ? await host.inventory.find(inventoryScopeOf(story)) : seen;
    await bookSweep(story, { seen, left, obstacles, isLast }, host);
    if (isLast) {
      if (options.output === 'json') terminal.out(`${JSON.stringify({ drillId, left }, null, 2)}\n`);
      else terminal.out(endLine(story, left.length));
      return left.length === 0 ? 0 : 1;
    }
    host.log(`${seen.length} in this round; AWS is given ${ROUND_SECONDS / 60} minutes`);
    await host.clock.sleep(ROUND_SECONDS * 1000);
  }
}

function endLine({ record }: DrillStory, left: number): string {
  if (left === 0) return `Nothing of drill ${record.drillId} is left.\n`;
  return `${left === 1 ? 'One resource' : `${left} resources`} of drill ${record.drillId} ${left === 1 ? 'is' : 'are'} left; "drill show ${record.drillId}" lists why.\n`;
}

function show(
  plan: readonly SweepStep[],
  { drillId }: DrillRecord,
  dryRun: boolean,
  { options, terminal }: CommandContext,
): void {
  if (options.output === 'table') terminal.out(planLines(plan, drillId).join(''));
  else if (dryRun) terminal.out(`${JSON.stringify({ drillId, plan }, null, 2)}\n`);
}
