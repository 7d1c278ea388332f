import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { hostOf } from '../../cli/connection';
import { createProgram } from '../../cli/program';
import { planLines } from '../../cli/plan-lines';
import type { DrillRecord } from '../../domain/record';
import { pointSdkAt } from '../../local/connect-local';
import { createEndpoint, type Endpoint } from '../../local/endpoint';
import { leaveRunningNote } from '../../local/running-note';
import { jsonService } from '../../local/service';
import { createDynamoDb, type TableProperties } from '../../local/services/dynamodb';
import { historyTableInput } from '../support/history-table';
import { openRecord } from '../support/open-record';

const ACCOUNT = '000000000000';
const EC2 = `arn:aws:ec2:eu-central-1:${ACCOUNT}:volume`;
const record = openRecord();
const { drillId } = record;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cluster-drill-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the command line; what it prints with the message that it ends with, and its exit code. */
async function run(...args: string[]): Promise<{ printed: string; code: number | undefined }> {
  let printed = '';
  let code: number | undefined;
  const print = (text: string): void => void (printed += text);
  const terminal = { out: print, err: print, live: false, columns: 100, colours: pc.createColors(false) };
  const program = createProgram(terminal, (given) => (code = given));
  try {
    await program.parseAsync(['node', 'drill', '--state-dir', directory, '--local', ...args]);
  } catch (error) {
    printed += (error as Error).message;
  }
  return { printed, code };
}

/** A history of this machine with one drill, behind an endpoint. */
async function historyWith(
  opened: DrillRecord,
  states = jsonService('states', {}),
): Promise<Endpoint & { quit(): Promise<void> }> {
  mkdirSync(join(directory, 'tables'), { recursive: true });
  const dynamoDb = await createDynamoDb({ path: join(directory, 'tables') });
  await dynamoDb.ensureTable(historyTableInput() as unknown as TableProperties);
  const endpoint = await createEndpoint({ services: { dynamodb: dynamoDb.service, states } });
  pointSdkAt(endpoint.url, 'eu-central-1');
  await hostOf(ACCOUNT, 'eu-central-1').history.open(opened, '2026-10-05T12:00:00.000Z');
  const quit = async (): Promise<void> => {
    // A test may have closed it already.
    await endpoint.close().catch(() => {});
    await dynamoDb.close();
  };
  return Object.assign(endpoint, { quit });
}

async function closeDrill(): Promise<void> {
  const { history } = hostOf(ACCOUNT, 'eu-central-1');
  await history.close(drillId, {
    closedAt: '2026-10-05T08:00:00.000Z',
    verdict: { outcome: 'failed', reasons: ['left behind'] },
    counts: { findings: 0, leaks: 1, manualSteps: 0 },
  });
  await history.releaseLease('example', drillId);
}

const volume = (id: string, tags: Record<string, string>): [string, object] => [
  `${EC2}/${id}`,
  {
    arn: `${EC2}/${id}`,
    type: 'ec2:volume',
    id,
    region: 'eu-central-1',
    tags,
    madeBy: 'other',
    createdAt: '2026-10-05T06:30:00.000Z',
    activeAt: '2026-10-05T06:30:00.000Z',
    attributes: { size: 20 },
  },
];

const remaining = (): string[] => {
  const { 'aws-resources': resources } = JSON.parse(readFileSync(join(directory, 'world.json'), 'utf8')) as {
    'aws-resources': Record<string, { id: string; goneAt?: string }>;
  };
  return Object.values(resources).flatMap(({ id, goneAt }) => (goneAt === undefined ? [id] : []));
};

describe('drill sweep --local', () => {
  beforeEach(() => {
    const resources = [volume('vol-1', { 'cluster-drill': drillId }), volume('vol-neighbour', {})];
    const world = { 'aws-resources': Object.fromEntries(resources), clock: { now: '2026-10-05T09:00:00.000Z' } };
    writeFileSync(join(directory, 'world.json'), JSON.stringify(world));
  });

  test('prints the plan in a dry run, and does it otherwise; the neighbour stays', async () => {
    const endpoint = await historyWith(record);
    await closeDrill();
    await endpoint.quit();

    const plan = await run('sweep', '--dry-run');
    expect(plan.printed).toContain(`One resource of drill ${drillId}, $1.60 a month; 1 may be deleted, in this order:`);
    expect(plan.printed).toContain(`proven by account ${ACCOUNT} is the target's; tag cluster-drill=${drillId}`);
    expect([plan.code, remaining()]).toEqual([0, ['vol-1', 'vol-neighbour']]);

    const swept = await run('sweep');
    expect(swept.printed).toContain(`deleting ${EC2}/vol-1\n`);
    expect(swept.printed).toContain(`Nothing of drill ${drillId} is left.`);
    expect([swept.code, remaining()]).toEqual([0, ['vol-neighbour']]);

    const shown = JSON.parse((await run('--output', 'json', 'show')).printed) as { leaks: object[]; record: object };
    expect(shown.leaks).toMatchObject([{ arn: `${EC2}/vol-1`, status: 'swept' }]);
    expect(shown.record).toMatchObject({ teardown: { outcome: 'nothing-left' }, verdict: { outcome: 'failed' } });
  });

  test('refuses a drill that still runs, but shows what it would do', async () => {
    await (await historyWith(record)).quit();
    const { printed, code } = await run('sweep');
    expect(printed).toContain(`Drill ${drillId} is still open and holds the lease of target example until`);
    expect(printed).toContain(`end it with "drill stop ${drillId} --watch"`);
    expect([code, remaining()]).toEqual([undefined, ['vol-1', 'vol-neighbour']]);
  });
});

describe('drill stop --local', () => {
  let endpoint: Awaited<ReturnType<typeof historyWith>>;
  let status: string;
  const stopped: unknown[] = [];

  beforeEach(async () => {
    stopped.length = 0;
    status = 'RUNNING';
    const states = jsonService('states', {
      DescribeExecution: () => ({ executionArn: record.executionArn, status, input: '{}', startDate: 0 }),
      StopExecution: (input: unknown) => {
        stopped.push(input);
        status = 'ABORTED';
        return { stopDate: 0 };
      },
    });
    endpoint = await historyWith(record, states);
  });
  afterEach(() => endpoint.quit());

  test('stops the execution of the drill that runs in another terminal, with the cause', async () => {
    leaveRunningNote(directory, endpoint.url);
    const { printed, code } = await run('stop', '--by', 'alice');
    expect([printed, code]).toEqual([`Drill ${drillId} was stopped; the guard tears it down and closes it.\n`, 0]);
    expect(stopped).toEqual([{ executionArn: record.executionArn, cause: 'alice ended it with "drill stop"' }]);
    expect((await run('stop')).printed).toContain(`The execution of drill ${drillId} is ABORTED already`);
    expect(stopped).toHaveLength(1);
  });

  test('lets the queries read meanwhile what its process has open', async () => {
    leaveRunningNote(directory, endpoint.url);
    expect((await run('history')).printed).toMatch(new RegExp(`^ +${drillId} .* opening`, 'm'));
    expect((await run('show')).printed).toMatch(new RegExp(`^Still open: drill ${drillId}\\n. example .*opening `));
  });

  test('watches it to the end of its process', async () => {
    leaveRunningNote(directory, endpoint.url);
    const { history } = hostOf(ACCOUNT, 'eu-central-1');
    const times = { startedAt: '2026-10-05T07:00:00.000Z', finishedAt: '2026-10-05T07:30:00.000Z' };
    await history.change(drillId, { phase: 'judging', teardown: { outcome: 'nothing-left', ...times, notes: [] } });
    // The process of the drill goes away between two readings.
    setTimeout(() => void endpoint.close(), 300);
    const { printed, code } = await run('stop', '--watch');
    expect(printed).toContain(`Drill ${drillId} is torn down; nothing is left.`);
    expect(code).toBe(0);
  });

  test('says so when the drill has ended, and when none is open', async () => {
    leaveRunningNote(directory, endpoint.url);
    await closeDrill();
    expect((await run('stop', drillId)).printed).toContain(`Drill ${drillId} has ended already, at 2026-10-05T08:00`);
    expect((await run('stop')).printed).toBe('No drill of target example is running; there is nothing to stop.');
  });

  test.each([
    ['a note of a drill that was killed', '{"url": "http://127.0.0.1:1", "pid": 1}'],
    ['a note that somebody else wrote', '{"url": "http://example.com", "pid": 1}'],
    ['a note that is none', '{'],
  ])('takes %s for no drill', async (_, note) => {
    writeFileSync(join(directory, 'running.json'), note);
    expect((await run('stop')).printed).toContain('No drill is running on this machine');
  });
});

test('a plan says of each resource what it is, what it costs, and what stops it', () => {
  const item = { arn: 'arn:1', type: 'ec2:vpc', tags: {}, reason: 'VPC vpc-1' };
  expect(planLines([{ item, proofs: [], obstacle: 'nothing proves it' }], 'd').join('')).toBe(
    'One resource of drill d, at least $0.00 a month; 0 may be deleted, in this order:\n' +
      '✗ arn:1\n    ec2:vpc; no price known; found by VPC vpc-1\n    stopped: nothing proves it\n',
  );
  expect(planLines([], 'd')).toEqual(['Nothing of drill d is there.\n']);
});
