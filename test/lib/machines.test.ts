import { MACHINE, projectNameOf } from '../../domain/names';
import { StateGraph } from '../support/state-graph';
import { sampleStack } from '../support/stack';

// The package has no types.
const validate = jest.requireActual<(definition: unknown) => { isValid: boolean; errors: unknown[] }>('asl-validator');

const { stack } = sampleStack();
const graphOf = (name: string): StateGraph =>
  new StateGraph(stack.machines.find((machine) => machine.name === name)!.definition);
const drill = graphOf(MACHINE.drill);
const bootstrap = graphOf(MACHINE.bootstrap);
const teardown = graphOf(MACHINE.teardown);
const graphs = [drill, bootstrap, teardown];

/** What each task runs, by its own name: `Read … layer` and `Note …` are the names of several tasks of one Lambda. */
function expectedEntry(task: string): string {
  if (/^Read \w+ layer$/.test(task)) return 'read-layer-health';
  if (task.startsWith('Await manual step')) return 'await-manual-step';
  if (task.startsWith('Note ')) return 'note-failure';
  if (task === 'Stop running builds') return 'stop-builds';
  return task.toLowerCase().replaceAll(' ', '-');
}

describe.each(stack.machines)('the definition of $name', ({ definition }) => {
  const graph = new StateGraph(definition);

  test('is valid Amazon States Language', () => {
    expect(validate(definition)).toMatchObject({ isValid: true });
  });

  test('has no state that nothing leads to', () => {
    expect([...graph.reachable(graph.start)].toSorted()).toEqual(Object.keys(graph.states).toSorted());
  });

  test('ends as a whole only after a time of its own', () => {
    expect(definition['TimeoutSeconds']).toBeGreaterThan(0);
  });

  test('can end from every state', () => {
    const stuck = Object.keys(graph.states).filter((name) => !graph.ends.some((end) => graph.reachable(name).has(end)));
    expect(stuck).toEqual([]);
  });

  test.each(graph.tasks)('%s has a timeout of its own and a Catch for everything', (_name, task) => {
    expect(task.TimeoutSeconds ?? task.TimeoutSecondsPath).toBeDefined();
    const caught = (task.Catch ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(caught).toEqual(expect.arrayContaining(['States.ALL', 'States.DataLimitExceeded']));
    expect(caught.at(-1)).toBe('States.ALL');
  });

  test.each(graph.tasks)('%s keeps the drill when it catches', (_name, task) => {
    expect((task.Catch ?? []).map(({ ResultPath }) => ResultPath)).toEqual(task.Catch!.map(() => '$.failure'));
  });

  test.each(graph.tasks.filter(([, task]) => task.Resource?.includes(':lambda:')))(
    '%s is retried after throttling and after what our code calls transient',
    (_name, task) => {
      const retried = task.Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(retried).toEqual(expect.arrayContaining(['Lambda.TooManyRequestsException', 'TransientError']));
    },
  );

  test.each(graph.tasks.filter(([, task]) => task.Resource?.includes(':lambda:')))(
    '%s is tried once more when its Lambda died, by each name that Lambda gives that',
    (_name, task) => {
      for (const name of ['Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError', 'Runtime.OutOfMemory']) {
        expect(task.Retry!.find(({ ErrorEquals }) => ErrorEquals.includes(name))?.MaxAttempts).toBe(1);
      }
    },
  );

  test.each(graph.tasks)('%s runs the Lambda, build or machine of its own name', (name, task) => {
    const { FunctionName, ProjectName, StateMachineArn } = task.Parameters as Record<string, string>;
    const lambda = stack.functions.find(({ arn }) => arn === FunctionName)?.entry;
    const build = stack.projects.find((project) => project.name === ProjectName)?.build;
    const machine = { [MACHINE.bootstrap]: 'bootstrap-cluster', [MACHINE.teardown]: 'tear-down-cluster' }[
      stack.machines.find(({ arn }) => arn === StateMachineArn)?.name ?? ''
    ];
    expect(lambda ?? build ?? machine).toBe(expectedEntry(name));
  });
});

describe('the drill', () => {
  test('reaches no end from Bootstrap cluster without Tear down cluster', () => {
    const withoutTeardown = drill.reachable('Bootstrap cluster', 'Tear down cluster');
    expect(drill.ends.filter((end) => withoutTeardown.has(end))).toEqual([]);
    expect(withoutTeardown.size).toBeGreaterThan(1);
  });

  test('tears down after a failed readiness check as well', () => {
    const withoutTeardown = drill.reachable('Check readiness', 'Tear down cluster');
    expect(drill.ends.filter((end) => withoutTeardown.has(end))).toEqual([]);
  });

  test('passes only by its own question, and only after the verdict', () => {
    const before = Object.keys(drill.states).filter((name) => drill.after(name).includes('Drill passed'));
    expect(before).toEqual(['Did the drill pass?']);
    expect(drill.reachable(drill.start, 'Judge drill')).not.toContain('Drill passed');
  });

  test('gives its verdict even when the report cannot be sent or noted', () => {
    const withoutVerdict = drill.reachable('Send report', 'Did the drill pass?');
    expect([...withoutVerdict].toSorted()).toEqual(['Note unsent report', 'Send report']);
  });

  test('refuses wrong input with an end of its own, and takes a duplicate for done', () => {
    expect(drill.states['Drill refused']?.Type).toBe('Fail');
    expect(drill.states['Already drilled']?.Type).toBe('Succeed');
  });

  test('never retries a bootstrap', () => {
    expect(drill.states['Bootstrap cluster']?.Retry).toBeUndefined();
  });

  test("gives the bootstrap the target's deadline as its timeout", () => {
    expect(drill.states['Bootstrap cluster']?.TimeoutSecondsPath).toBe('$.drill.deadlineSeconds');
  });
});

describe('a drill that cannot be opened yet', () => {
  test('waits and asks again, and nothing else leads there', () => {
    expect(drill.after('Open drill')).toContain('Is the drill open?');
    expect(drill.after('Is the drill open?').toSorted()).toEqual(['Check readiness', 'Wait for earlier drills']);
    expect(drill.after('Wait for earlier drills')).toEqual(['Open drill']);
    const before = Object.keys(drill.states).filter((name) => drill.after(name).includes('Check readiness'));
    expect(before).toEqual(['Is the drill open?']);
  });

  test('is asked with the input of its execution at every turn', () => {
    expect(drill.states['Open drill']?.Parameters).toMatchObject({ Payload: { 'input.$': '$$.Execution.Input' } });
  });

  test.each(['InvalidInputError', 'LeaseHeldError', 'NoSlotError', 'OverBudgetError', 'DrillClosedError'])(
    'is refused with the sentence of %s',
    (name) => {
      const next = drill.states['Open drill']?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(name))?.Next;
      expect(next).toBe('Say why it is refused');
    },
  );
});

describe('the bootstrap', () => {
  test('tries terraform apply again only when no build was started', () => {
    const retried = bootstrap.states['Provision cluster']?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toEqual(['CodeBuild.AccountLimitExceededException']);
  });

  test('awaits the layers in their order', () => {
    const order = ['cluster', 'foundation', 'platform', 'applications'].map(
      (layer) => `Is the ${layer} layer healthy?`,
    );
    for (const [index, question] of order.entries()) {
      const reached = bootstrap.reachable(bootstrap.start, question);
      expect(order.filter((other) => reached.has(other))).toEqual(order.slice(0, index));
    }
  });

  test('succeeds in one end, after the applications layer', () => {
    expect(bootstrap.ends.filter((end) => bootstrap.states[end]?.Type === 'Succeed')).toEqual(['Cluster bootstrapped']);
    expect(bootstrap.after('Is the applications layer healthy?')).toContain('Cluster bootstrapped');
  });

  test('does not go on when nobody confirmed a manual step', () => {
    for (const [name, task] of bootstrap.tasks.filter(([task]) => task.startsWith('Await manual step'))) {
      expect({
        name,
        next: task.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.Timeout'))?.Next,
      }).toEqual({
        name,
        next: 'Manual step not confirmed',
      });
    }
  });
});

describe('the teardown', () => {
  test('always looks for leaks, whatever failed before', () => {
    const withoutSearch = teardown.reachable('Stop running builds', 'Find leaks');
    expect(teardown.ends.filter((end) => withoutSearch.has(end))).toEqual([]);
  });

  test('drains and destroys only when the builds have stopped or could not be asked', () => {
    const before = Object.keys(teardown.states).filter((name) => teardown.after(name).includes('Drain cluster'));
    expect(before.toSorted()).toEqual(['Assume the newest Terraform', 'Have the builds stopped?']);
    expect([...new Set(teardown.after('Note running builds'))]).toEqual(['Assume the newest Terraform']);
  });

  test('destroys once more after a sweep, only when destroy had failed, and counts anew what is left', () => {
    expect([...new Set(teardown.after('Note failed destroy'))]).toEqual(['Sweep first']);
    expect(teardown.after('Destroy once more')).toEqual(['Destroy cluster']);
    const before = Object.keys(teardown.states).filter((name) => teardown.after(name).includes('Destroy cluster'));
    expect(before.toSorted()).toEqual(['Destroy once more', 'Drain cluster', 'Note failed drain']);
    const withoutCount = teardown.reachable('Destroy once more', 'Find leaks');
    expect(teardown.ends.filter((end) => withoutCount.has(end))).toEqual([]);
    const marks = ['Sweep first', 'Destroy once more'].map((name) => teardown.states[name] as { ResultPath?: string });
    expect(marks.map(({ ResultPath }) => ResultPath)).toEqual(['$.destroyFailed', '$.destroyedAgain']);
    // What has been given its second chance is not given a third.
    expect(JSON.stringify(teardown.states['Is another destroy of use?'])).toContain(
      '{"Variable":"$.destroyedAgain","IsPresent":false}',
    );
  });

  test('closes a drill that nobody else closes', () => {
    expect(teardown.after('Who closes the drill?').toSorted()).toEqual(['Is anything left?', 'Judge drill']);
  });

  test('is green only when it was counted that nothing is left', () => {
    const succeeding = teardown.ends.filter((end) => teardown.states[end]?.Type === 'Succeed');
    expect(succeeding).toEqual(['Nothing left']);
    expect(Object.keys(teardown.states).filter((name) => teardown.after(name).includes('Nothing left'))).toEqual([
      'Is anything left?',
    ]);
  });
});

test('only the two nested executions are not retried, for the reasons that stand beside them', () => {
  const unretried = graphs.flatMap((graph) => graph.tasks.filter(([, task]) => !task.Retry).map(([name]) => name));
  expect(unretried.toSorted()).toEqual(['Bootstrap cluster', 'Tear down cluster']);
});

test('a build is told its Terraform version exactly when its buildspec installs Terraform', () => {
  const told = graphs
    .flatMap((graph) => graph.tasks)
    .filter(([, task]) => JSON.stringify(task.Parameters).includes('TERRAFORM_VERSION'))
    .map(([, task]) => task.Parameters!['ProjectName']);
  const installing = stack.projects.filter(({ buildspec }) => /install-tools\.sh.* terraform/.test(buildspec));
  expect(told.toSorted()).toEqual(installing.map(({ build }) => projectNameOf(build as 'drain-cluster')).toSorted());
});
