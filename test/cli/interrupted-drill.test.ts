import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { createProgram } from '../../cli/program';
import type { DrillRecord, DrillStory } from '../../domain/record';
import { AwsResources } from '../../local/world/aws-resources';
import { WorldState } from '../../local/world/world-state';
import { LONG, LONG_OBSTACLE } from '../support/long-tests';

const ROOT = join(__dirname, '..', '..');
const state = mkdtempSync(join(tmpdir(), 'cluster-drill-interrupted-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

interface End {
  readonly printed: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `drill run` as a user starts it, to its end; `stop` sends it a signal as soon as something is so. */
function drillRun(
  args: readonly string[],
  stop?: { readonly signal: NodeJS.Signals; readonly when: (printed: string) => boolean },
): Promise<End> {
  const command = [join(ROOT, 'bin', 'drill.cjs'), '--state-dir', state, 'run', ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const looking = setInterval(() => {
    if (!stop?.when(printed)) return;
    clearInterval(looking);
    child.kill(stop.signal);
  }, 20);
  return new Promise((resolve) =>
    child.once('close', (code, signal) => {
      clearInterval(looking);
      resolve({ printed, code, signal });
    }),
  );
}

/** What a query of the command line prints as JSON. */
async function query<Answer>(...args: string[]): Promise<Answer> {
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const terminal = { out: print, err: print, live: false, columns: 100, colours: pc.createColors(false) };
  const global = ['--local', '--output', 'json', '--state-dir', state];
  await createProgram(terminal, () => {}).parseAsync(['node', 'drill', ...global, ...args]);
  return JSON.parse(printed) as Answer;
}

const WORLD = join(state, 'world.json');
const provisions = (printed: string): boolean =>
  printed.includes('provisioning') && existsSync(WORLD) && readFileSync(WORLD, 'utf8').includes('ec2:vpc');
const tearsDown = (printed: string): boolean => printed.includes('was interrupted');

/** At this speed ten minutes of provisioning last three seconds. */
const WATCHABLE = ['--speed', '200'];

const suite = LONG ? describe : describe.skip;

suite(`a drill that is killed in the middle of provisioning${LONG ? '' : ` (${LONG_OBSTACLE})`}`, () => {
  let killed: End;
  let interrupted: End;
  let last: End;
  let refused: End;
  let drills: readonly DrillRecord[];
  let story: DrillStory;

  beforeAll(async () => {
    killed = await drillRun(WATCHABLE, { signal: 'SIGKILL', when: provisions });
    interrupted = await drillRun(WATCHABLE, { signal: 'SIGINT', when: tearsDown });
    last = await drillRun(['--speed', '1000000000']);
    drills = (await query<{ records: DrillRecord[] }>('history')).records;
    story = await query<DrillStory>('show', drills.at(-1)!.drillId);
    refused = await drillRun(['--ref', 'no-such-branch']);
  }, 180_000);

  test('is closed as failed by the next run, because it was interrupted', () => {
    expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
    expect(last.printed).toContain(
      `Drill ${story.record.drillId} was interrupted; the guard tears it down and closes it.`,
    );
    expect(story.record).toMatchObject({ status: 'closed', verdict: { outcome: 'failed' } });
    expect(story.failures.map(({ cause }) => cause)).toContain('interrupted');
  });

  test('is torn down by it, with a report; nothing is left', () => {
    expect(last.printed).toMatch(/destroying[^]*teardown: nothing left[^]*✗ Failed/);
    expect(story.record.teardown).toMatchObject({ outcome: 'nothing-left' });
    const report = /^Report +(.*)$/m.exec(last.printed)![1]!;
    expect(report).toContain(story.record.drillId);
    expect(readFileSync(report, 'utf8')).toContain('interrupted');
    // The drills' clock is ahead of this one.
    const now = new Date(drills[0]!.closedAt!);
    const world = new AwsResources(new WorldState(WORLD), { now: () => now, sleep: async () => {} });
    expect(world.list()).toEqual([]);
  });

  test('may be interrupted again while it is torn down: Ctrl-C says what follows, and exits with 130', () => {
    expect(interrupted).toMatchObject({ code: 130, signal: null });
    expect(interrupted.printed).toContain('The next "drill run" tears this drill down and closes it as aborted.');
  });

  test('holds no lease against the next one, which passes and exits with 0', () => {
    expect(last.code).toBe(0);
    expect(drills).toHaveLength(2);
    expect(drills[0]).toMatchObject({ status: 'closed', verdict: { outcome: 'passed' } });
    // It did not have to wait until the dead one's lease had run out.
    expect(Date.parse(drills[0]!.openedAt) - Date.parse(drills[1]!.closedAt!)).toBeLessThan(10 * 60_000);
  });

  test('is followed by one of a ref that does not exist, which fails and exits with 1', () => {
    expect(refused.code).toBe(1);
    expect(refused.printed).toContain('no-such-branch');
  });
});
