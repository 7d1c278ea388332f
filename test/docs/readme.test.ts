import { createProgram } from '../../cli/program';
import { processTerminal } from '../../cli/terminal';
import { SCENARIOS } from '../../local/scenarios';
import { scripts } from '../../package.json';
import { document } from '../support/documents';

const readme = document('README.md');
const program = createProgram(processTerminal(), () => {});
const commands = program.commands.map((command) => command.name());

/** What follows `npm run drill --`, up to the end of the command. */
const calls = [...readme.matchAll(/npm run drill -- ([^`\n]+)/g)].map(([, words]) => words!.split(' '));

test('every npm script that the README names exists', () => {
  const named = [...readme.matchAll(/npm (?:run )?(test|deploy|(?<=run )[\w:]+)/g)].map(([, script]) => script!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

test('every command and option in the calls of the README exists', () => {
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.flatMap(mistakesOf)).toEqual([]);
});

test('the README tells of every scenario how it ends', () => {
  const told = [...readme.matchAll(/^\| `([\w-]+)` +\| [^|]+ \| ([\w-]+) +\|$/gm)].map(([, name, ends]) => [
    name,
    ends,
  ]);
  expect(told).toEqual(Object.values(SCENARIOS).map(({ name, ends }) => [name, ends]));
});

function mistakesOf(words: readonly string[]): string[] {
  const first = words[0]!;
  const name = first.startsWith('--') ? 'run' : first;
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (!command) return [`${name} is none of ${commands.join(', ')}`];
  const known = new Set([...program.options, ...command.options].map((option) => option.long));
  return words.filter((word) => word.startsWith('--') && word !== '--help' && !known.has(word));
}
