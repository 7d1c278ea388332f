import { ErrorName } from '../../domain/errors';
import { sourceFiles } from '../support/source-files';
import { StateGraph } from '../support/state-graph';
import { sampleStack } from '../support/stack';

const { stack } = sampleStack();
const states = stack.machines.flatMap(({ definition }) => Object.values(new StateGraph(definition).states));

const handled = new Set(
  states.flatMap(({ Catch, Retry }) => [...(Catch ?? []), ...(Retry ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals)),
);
const ended = new Set(states.flatMap(({ Error: name }) => (name === undefined ? [] : [name])));

/** Names of the vocabulary that code throws: `new DrillError(ErrorName.X, …)`. */
const thrown = new Set(
  sourceFiles(['adapters', 'domain', 'lambdas'], '.ts')
    .flatMap(({ text }) => Array.from(text.matchAll(/new DrillError\(\s*ErrorName\.(\w+)/g), ([, key]) => key))
    .map((key) => ErrorName[key as keyof typeof ErrorName]),
);

/** Names that no machine needs to know, each with the reason. */
const HANDLED_OTHERWISE: ReadonlyMap<string, string> = new Map([
  [ErrorName.MailRefused, 'whatever keeps a report from being sent, States.ALL leads on in the same way'],
  [ErrorName.AlreadyApplied, 'a build ends with it, and of a build Step Functions hears only that it failed'],
  [ErrorName.GuardExhausted, 'EventBridge invokes the guard; its failure goes to the dead-letter queue and its alarm'],
]);

test('code throws names of the vocabulary', () => {
  expect(thrown.size).toBeGreaterThan(5);
});

test.each([...thrown])('%s, which is thrown, is retried or caught by name in a machine', (name) => {
  expect(handled.has(name) || HANDLED_OTHERWISE.has(name)).toBe(true);
});

test.each(Object.entries(ErrorName))(
  '%s of the vocabulary is thrown somewhere or is how a machine ends',
  (_key, name) => {
    expect(thrown.has(name) || ended.has(name)).toBe(true);
  },
);

test('what a machine catches, retries or ends with is of the vocabulary, or of AWS', () => {
  const known = new Set<string>(Object.values(ErrorName));
  const strangers = [...handled, ...ended].filter(
    (name) => !known.has(name) && !/^(States|Lambda|Runtime|Sandbox|CodeBuild)\./.test(name),
  );
  expect(strangers).toEqual([]);
});
