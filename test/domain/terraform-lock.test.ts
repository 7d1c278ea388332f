import type { Build } from '../../domain/ports/builds';
import { isLocked, possibleOwners, standingOf, stateLockOf, type StateUse } from '../../domain/terraform-lock';

const LOCK_FILE = JSON.stringify({
  ID: '3708a7ee-c260-4ee0-116b-ee27a78a4eee',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'root@build',
  Version: '1.11.4',
  Created: '2026-10-05T07:00:00.280911268Z',
  Path: 'states/a/terraform.tfstate',
});
const lock = stateLockOf(LOCK_FILE)!;
const NOW = '2026-10-05T08:00:00.000Z';
const use = (buildId: string, since: string, machine = 'build'): StateUse => ({ buildId, machine, since });
const build = (status: string, finishedAt?: string): Build => ({
  id: 'b',
  project: 'p',
  status,
  ...(finishedAt === undefined ? {} : { finishedAt }),
});

test('a lock file says who holds it since when, and nothing else is one', () => {
  expect(lock).toEqual({
    id: '3708a7ee-c260-4ee0-116b-ee27a78a4eee',
    who: 'root@build',
    createdAt: '2026-10-05T07:00:00.280Z',
  });
  expect([stateLockOf(''), stateLockOf('{}'), stateLockOf('{"ID": "x", "Created": "soon"}')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('the owner is on the machine that the lock names, and had begun before it', () => {
  const uses = [
    use('apply', '2026-10-05T06:59:00.000Z'),
    use('destroy', '2026-10-05T07:30:00.000Z'),
    use('elsewhere', '2026-10-05T06:59:00.000Z', 'laptop'),
  ];
  expect(possibleOwners(lock, uses).map(({ buildId }) => buildId)).toEqual(['apply']);
});

test.each([
  ['its build has ended', [['apply', build('FAILED', '2026-10-05T07:10:00.000Z')]], 'stale', 'which has ended'],
  ['its build runs', [['apply', build('IN_PROGRESS')]], 'live', 'by build apply, which still runs'],
  [
    'its build was stopped a moment ago and may still save its state',
    [['apply', build('STOPPED', '2026-10-05T07:59:00.000Z')]],
    'live',
    'still runs',
  ],
  [
    'one of two builds that may own it runs',
    [
      ['apply', build('FAILED', '2026-10-05T07:10:00.000Z')],
      ['other', build('IN_PROGRESS')],
    ],
    'live',
    'by build other',
  ],
  ['it is of a Terraform that this build itself has lost', [['self', build('IN_PROGRESS')]], 'stale', 'has ended'],
  ['CodeBuild does not know its build', [['apply', undefined]], 'unknown', 'of which CodeBuild knows nothing'],
  ['no build of the drill took it', [], 'unknown', 'by root@build since 2026-10-05T07:00:00.280Z, who is no build'],
] as const)('when %s', (_, owners, standing, reason) => {
  expect(standingOf(lock, new Map(owners), 'self', NOW)).toEqual({ standing, reason: expect.stringContaining(reason) });
});

test("Terraform's words for a lock that is held", () => {
  expect(isLocked({ summary: 'Error acquiring the state lock' })).toBe(true);
  expect(isLocked({ summary: 'DependencyViolation' })).toBe(false);
});
