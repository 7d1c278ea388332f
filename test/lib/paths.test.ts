import { MACHINE } from '../../domain/names';
import { StateGraph, type Condition, type State } from '../support/state-graph';
import { sampleStack } from '../support/stack';

/**
 * A path that is not there ends an execution with `States.Runtime`, which no Catch takes. So what a state reads must have
 * been written on every way that leads to it, failures included.
 */
const { stack } = sampleStack();

/** What whoever starts a machine gives it for certain. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  [MACHINE.drill]: [],
  [MACHINE.bootstrap]: ['$.drill'],
  [MACHINE.teardown]: [],
};

/** Paths that are there for certain; undefined: the state was not reached yet. */
type Paths = ReadonlySet<string> | undefined;

test.each(stack.machines)(
  'every path that a state of $name reads was written on all ways to it',
  ({ definition, name }) => {
    const graph = new StateGraph(definition);
    const before = flow(graph, new Set(GIVEN[name]));
    const missing = Object.entries(graph.states).flatMap(([state, body]) =>
      readBy(body)
        .filter((path) => !isThere(path, before.get(state)))
        .map((path) => `${state} reads ${path}`),
    );
    expect(missing).toEqual([]);
  },
);

/** What is there when each state is entered: what all ways to it have written. */
function flow(graph: StateGraph, given: ReadonlySet<string>): Map<string, Paths> {
  const before = new Map<string, Paths>([[graph.start, given]]);
  const todo = [graph.start];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    for (const [next, paths] of leading(graph.states[state]!, before.get(state)!)) {
      const known = before.get(next);
      const common = known ? new Set([...known].filter((path) => isThere(path, paths))) : paths;
      if (known && common.size === known.size) continue;
      before.set(next, common);
      todo.push(next);
    }
  }
  return before;
}

/** The states that follow one, each with what is there then. */
function leading(state: State, before: ReadonlySet<string>): [string, ReadonlySet<string>][] {
  const ways: [string, ReadonlySet<string>][] = [];
  if (state.Next !== undefined) ways.push([state.Next, written(before, state.ResultPath, state)]);
  for (const { Next, ResultPath } of state.Catch ?? []) ways.push([Next, written(before, ResultPath, state)]);
  for (const choice of state.Choices ?? []) ways.push([choice.Next, new Set([...before, ...presentBy(choice)])]);
  if (state.Default !== undefined) ways.push([state.Default, before]);
  return ways;
}

function written(
  before: ReadonlySet<string>,
  path: string | null | undefined,
  { Parameters, ResultSelector, Type }: State,
): ReadonlySet<string> {
  if (path === null || Type === 'Wait') return before;
  if (path !== undefined && path !== '$') return new Set([...before, path]);
  // The whole state is replaced.
  return new Set(Object.keys(ResultSelector ?? Parameters ?? {}).map((key) => `$.${key.replace(/\.\$$/, '')}`));
}

function isThere(path: string, there: Paths): boolean {
  return [...(there ?? [])].some((known) => path === known || path.startsWith(`${known}.`));
}

/** What a condition that holds says is there. */
function presentBy(condition: Condition): string[] {
  const inner = condition.And?.flatMap(presentBy) ?? [];
  return condition.IsPresent && condition.Variable !== undefined ? [condition.Variable, ...inner] : inner;
}

/** Paths of the input that a state reads. A condition may look at what an earlier part of it says is there. */
function readBy(state: State): string[] {
  const { CausePath, ErrorPath, Choices = [], InputPath, Parameters, SecondsPath, TimeoutSecondsPath } = state;
  const texts = JSON.stringify([CausePath, ErrorPath, InputPath, Parameters, SecondsPath, TimeoutSecondsPath]);
  const paths = [...texts.matchAll(/(?<!\$)\$\.[\w.]+/g)].map(([path]) => path);
  return [...paths, ...Choices.flatMap((choice) => readByCondition(choice, presentBy(choice)))];
}

function readByCondition({ And = [], IsPresent, Variable }: Condition, present: readonly string[]): string[] {
  const inner = And.flatMap((part) => readByCondition(part, present));
  if (Variable === undefined || IsPresent !== undefined || present.includes(Variable)) return inner;
  return [Variable, ...inner];
}
