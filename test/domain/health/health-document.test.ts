import { RULES } from '../../../domain/health/judge-object';
import { document } from '../../support/documents';

const [, rules = ''] = document('docs/health.md').split('## The rules, kind by kind');

/** The kinds in the first cell of each row. */
const rows = rules
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind!));

test('every kind of the registry has one row in docs/health.md, and every row a kind', () => {
  expect(rows.toSorted()).toEqual(Object.keys(RULES).toSorted());
});
