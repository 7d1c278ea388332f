/** How an execution ended, as every engine can tell it. Causes are worded differently everywhere and are left out. */
export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: unknown }
  | { readonly status: 'FAILED' | 'TIMED_OUT'; readonly error?: string };

/** What a task answers, call by call (the last answer repeats): a value, an error to throw, or a sleep before `value`. */
export type Answer =
  { readonly value: unknown } | { readonly error: string } | { readonly sleepSeconds: number; readonly value: unknown };

export interface Case {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly input?: unknown;
  /** Answers of the Task states, by the state's name. */
  readonly tasks?: Readonly<Record<string, readonly Answer[]>>;
  readonly ends: Ending;
  /** Drill seconds that it takes (ours only). */
  readonly seconds?: number;
  /** Types of all history events (ours only). */
  readonly events?: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const FUNCTION = 'arn:aws:lambda:eu-central-1:000000000000:function:';
const END = { Type: 'Pass', End: true };

function machine(states: Readonly<Record<string, Fields>>, more: Fields = {}): Fields {
  return { StartAt: Object.keys(states)[0], States: states, ...more };
}

function pass(fields: Fields): Fields {
  return machine({ Shape: { Type: 'Pass', End: true, ...fields } });
}

/** One task (`Work`), whose failure leads to `Caught` where the case adds a Catch. */
function task(fields: Fields, more: Fields = {}): Fields {
  return machine({ Work: { Type: 'Task', Resource: `${FUNCTION}work`, End: true, ...fields }, ...more });
}

function choice(rule: Fields): Fields {
  return machine({
    Ask: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
    Yes: { Type: 'Pass', Result: { answer: 'yes' }, End: true },
    No: { Type: 'Pass', Result: { answer: 'no' }, End: true },
  });
}

function intrinsic(expression: string, input: unknown, result: unknown): Case {
  return {
    name: `${expression} gives ${JSON.stringify(result)}`,
    definition: pass({ Parameters: { 'result.$': expression } }),
    input,
    ends: succeeded({ result }),
  };
}

function chosen(name: string, rule: Fields, input: unknown, answer: 'yes' | 'no'): Case {
  return { name, definition: choice(rule), input, ends: succeeded({ answer }) };
}

function succeeded(output: unknown): Ending {
  return { status: 'SUCCEEDED', output };
}

function failed(error: string): Ending {
  return { status: 'FAILED', error };
}

const catchAll = (error: string, fields: Fields = {}): Fields => ({
  Catch: [{ ErrorEquals: [error], Next: 'Caught', ...fields }],
});

const DATA_FLOW: readonly Case[] = [
  {
    name: 'a Pass hands its input on',
    definition: pass({}),
    input: { a: [1, { b: null }] },
    ends: succeeded({ a: [1, { b: null }] }),
    events: ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
  },
  {
    name: 'a Result replaces the input',
    definition: pass({ Result: { a: 1 } }),
    input: { b: 2 },
    ends: succeeded({ a: 1 }),
  },
  {
    name: 'ResultPath puts the result into the input, making what is missing',
    definition: pass({ Result: 7, ResultPath: '$.deep.er' }),
    input: { b: 2 },
    ends: succeeded({ b: 2, deep: { er: 7 } }),
  },
  {
    name: 'ResultPath null drops the result',
    definition: pass({ Result: 7, ResultPath: null }),
    input: { b: 2 },
    ends: succeeded({ b: 2 }),
  },
  {
    name: 'a result is put into the raw input, not into what InputPath selects',
    definition: pass({ InputPath: '$.inner', Parameters: { 'x.$': '$.x' }, ResultPath: '$.result' }),
    input: { inner: { x: 1 }, outer: 2 },
    ends: succeeded({ inner: { x: 1 }, outer: 2, result: { x: 1 } }),
  },
  {
    name: 'InputPath null gives an empty object',
    definition: pass({ InputPath: null }),
    input: { b: 2 },
    ends: succeeded({}),
  },
  {
    name: 'OutputPath selects from the output',
    definition: pass({ Result: 7, ResultPath: '$.a', OutputPath: '$.a' }),
    input: {},
    ends: succeeded(7),
  },
  {
    name: 'Parameters mix what is written and what is selected, in depth',
    definition: pass({ Parameters: { fixed: true, deep: { list: [{ 'x.$': '$.a[1].b' }, 'plain'] } } }),
    input: { a: [0, { b: 'found' }] },
    ends: succeeded({ fixed: true, deep: { list: [{ x: 'found' }, 'plain'] } }),
  },
  {
    name: 'a quoted name in brackets selects',
    definition: pass({ Parameters: { 'x.$': "$['with space'].y" } }),
    input: { 'with space': { y: 1 } },
    ends: succeeded({ x: 1 }),
  },
  {
    name: 'a path of Parameters that finds nothing is a runtime error',
    definition: pass({ Parameters: { 'x.$': '$.missing' } }),
    input: { b: 2 },
    ends: failed('States.Runtime'),
  },
  {
    name: 'the context object names the input and the state',
    definition: pass({ Parameters: { 'state.$': '$$.State.Name', 'input.$': '$$.Execution.Input' } }),
    input: { b: 2 },
    ends: succeeded({ state: 'Shape', input: { b: 2 } }),
  },
  { name: 'an empty input is an empty object', definition: pass({}), ends: succeeded({}) },
  {
    name: 'a Succeed filters its output',
    definition: machine({ Done: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' } }),
    input: { a: { b: 3 } },
    ends: succeeded(3),
  },
];

const INTRINSICS: readonly Case[] = [
  intrinsic("States.Format('{} of {} is {}', $.a, 2, $.b)", { a: 'one', b: true }, 'one of 2 is true'),
  intrinsic("States.Format('it\\'s {}', 'here')", {}, "it's here"),
  intrinsic('States.StringToJson($.text)', { text: '{"a":[1]}' }, { a: [1] }),
  intrinsic('States.JsonToString($.a)', { a: { b: [1, 'x'] } }, '{"b":[1,"x"]}'),
  intrinsic("States.Array($.a, 'b', 3, null, States.Array(true))", { a: 1 }, [1, 'b', 3, null, [true]]),
  intrinsic('States.ArrayContains($.list, $.item)', { list: [1, { a: 2 }], item: { a: 2 } }, true),
  intrinsic("States.ArrayContains($.list, 'no')", { list: ['yes'] }, false),
  intrinsic('States.ArrayGetItem($.list, 1)', { list: ['a', 'b'] }, 'b'),
  intrinsic('States.ArrayLength($.list)', { list: ['a', 'b'] }, 2),
  intrinsic('States.MathAdd($.a, -1)', { a: 5 }, 4),
  intrinsic("States.StringSplit('a.b-c', '.-')", {}, ['a', 'b', 'c']),
  intrinsic('States.JsonMerge($.a, $.b, false)', { a: { x: 1, y: 1 }, b: { y: 2 } }, { x: 1, y: 2 }),
  intrinsic("States.Hash('abc', 'SHA-1')", {}, 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  {
    name: 'a string that is not JSON is an intrinsic failure',
    definition: pass({ Parameters: { 'x.$': 'States.StringToJson($.text)' } }),
    input: { text: '{' },
    ends: failed('States.IntrinsicFailure'),
  },
];

const CHOICES: readonly Case[] = [
  chosen('StringEquals matches', { Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, 'yes'),
  chosen('StringEquals does not match a number', { Variable: '$.a', StringEquals: '1' }, { a: 1 }, 'no'),
  chosen('BooleanEquals matches false', { Variable: '$.a', BooleanEquals: false }, { a: false }, 'yes'),
  chosen(
    'NumericGreaterThanEquals matches the limit',
    { Variable: '$.a', NumericGreaterThanEquals: 3 },
    { a: 3 },
    'yes',
  ),
  chosen('NumericLessThan does not match a string', { Variable: '$.a', NumericLessThan: 3 }, { a: '2' }, 'no'),
  chosen(
    'NumericLessThanPath compares two values',
    { Variable: '$.a', NumericLessThanPath: '$.b' },
    { a: 1, b: 2 },
    'yes',
  ),
  chosen(
    'StringMatches takes a wildcard',
    { Variable: '$.a', StringMatches: 'drill-*.log' },
    { a: 'drill-1.log' },
    'yes',
  ),
  chosen(
    'TimestampLessThan compares instants and not text',
    { Variable: '$.a', TimestampLessThan: '2026-10-05T06:00:00Z' },
    { a: '2026-10-05T07:30:00+02:00' },
    'yes',
  ),
  chosen('IsPresent may ask for what is missing', { Variable: '$.a.b', IsPresent: true }, {}, 'no'),
  chosen('IsPresent false matches what is missing', { Variable: '$.a.b', IsPresent: false }, {}, 'yes'),
  chosen('IsPresent matches null', { Variable: '$.a', IsPresent: true }, { a: null }, 'yes'),
  chosen('IsNull matches null', { Variable: '$.a', IsNull: true }, { a: null }, 'yes'),
  chosen('IsString false matches a number', { Variable: '$.a', IsString: false }, { a: 1 }, 'yes'),
  chosen(
    'And stops at the first part that is false',
    {
      And: [
        { Variable: '$.a', IsPresent: true },
        { Variable: '$.a', NumericEquals: 1 },
      ],
    },
    {},
    'no',
  ),
  chosen(
    'Or and Not combine',
    { Or: [{ Variable: '$.a', NumericEquals: 1 }, { Not: { Variable: '$.a', NumericEquals: 2 } }] },
    { a: 3 },
    'yes',
  ),
  chosen('the context object can be asked', { Variable: '$$.State.Name', StringEquals: 'Ask' }, {}, 'yes'),
  {
    name: 'a Variable that finds nothing is a runtime error, not a no',
    definition: choice({ Variable: '$.missing', StringEquals: 'x' }),
    input: {},
    ends: failed('States.Runtime'),
  },
  {
    name: 'no match without a Default fails the execution',
    definition: machine({
      Ask: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'Yes' }] },
      Yes: END,
    }),
    input: { a: 2 },
    ends: failed('States.NoChoiceMatched'),
    events: ['ExecutionStarted', 'ChoiceStateEntered', 'ExecutionFailed'],
  },
];

const WAITS_AND_ENDS: readonly Case[] = [
  {
    name: 'a Wait of some seconds hands its input on',
    definition: machine({ Rest: { Type: 'Wait', Seconds: 1, End: true } }),
    input: { a: 1 },
    ends: succeeded({ a: 1 }),
    seconds: 1,
    events: ['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'ExecutionSucceeded'],
  },
  {
    name: 'a Wait takes its seconds from a path',
    definition: machine({ Rest: { Type: 'Wait', SecondsPath: '$.wait', End: true } }),
    input: { wait: 1 },
    ends: succeeded({ wait: 1 }),
    seconds: 1,
  },
  {
    name: 'a Wait until an instant of the past does not wait',
    definition: machine({ Rest: { Type: 'Wait', TimestampPath: '$.until', End: true } }),
    input: { until: '2020-01-01T00:00:00Z' },
    ends: succeeded({ until: '2020-01-01T00:00:00Z' }),
    seconds: 0,
  },
  {
    name: 'a Fail ends with its Error',
    definition: machine({ Broken: { Type: 'Fail', Error: 'DrillFailed', Cause: 'because' } }),
    ends: failed('DrillFailed'),
    events: ['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed'],
  },
  {
    name: 'a Fail takes its Error and Cause from paths',
    definition: machine({ Broken: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' } }),
    input: { error: { Error: 'LayerFailedError', Cause: 'kyverno' } },
    ends: failed('LayerFailedError'),
  },
  {
    name: 'a Fail takes its Error from an intrinsic function',
    definition: machine({ Broken: { Type: 'Fail', ErrorPath: "States.Format('{}Error', $.kind)", Cause: 'because' } }),
    input: { kind: 'Layer' },
    ends: failed('LayerError'),
  },
  {
    name: 'the machine times out as a whole',
    definition: machine({ Rest: { Type: 'Wait', Seconds: 3, End: true } }, { TimeoutSeconds: 1 }),
    ends: { status: 'TIMED_OUT' },
    seconds: 1,
    events: ['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut'],
  },
];

const TASKS: readonly Case[] = [
  {
    name: 'a task is given its Parameters, and its result is selected and put into the input',
    definition: task({
      Parameters: { 'id.$': '$.id' },
      ResultSelector: { 'state.$': '$.deep.state', 'at.$': '$$.State.Name' },
      ResultPath: '$.work',
      OutputPath: '$.work',
    }),
    input: { id: 'd-1' },
    tasks: { Work: [{ value: { deep: { state: 'done' } } }] },
    ends: succeeded({ state: 'done', at: 'Work' }),
    events: [
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ],
  },
  {
    name: 'an error that nothing catches fails the execution',
    definition: task({}),
    tasks: { Work: [{ error: 'LeaseHeldError' }] },
    ends: failed('LeaseHeldError'),
    events: [
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'ExecutionFailed',
    ],
  },
  {
    name: 'a Catch by name passes the input with the error',
    definition: task(catchAll('LeaseHeldError', { ResultPath: '$.failure' }), {
      Caught: { Type: 'Pass', Parameters: { 'id.$': '$.id', 'error.$': '$.failure.Error' }, End: true },
    }),
    input: { id: 'd-1' },
    tasks: { Work: [{ error: 'LeaseHeldError' }] },
    ends: succeeded({ id: 'd-1', error: 'LeaseHeldError' }),
    events: [
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ],
  },
  {
    name: 'what a Catch passes on is not filtered by OutputPath',
    definition: task(
      { ResultPath: '$.work', OutputPath: '$.work', ...catchAll('States.ALL', { ResultPath: '$.failure' }) },
      { Caught: { Type: 'Pass', OutputPath: '$.id', End: true } },
    ),
    input: { id: 'd-1' },
    tasks: { Work: [{ error: 'LeaseHeldError' }] },
    ends: succeeded('d-1'),
  },
  {
    name: 'a Catch of another name does not catch',
    definition: task(catchAll('DuplicateDrillError'), { Caught: END }),
    tasks: { Work: [{ error: 'LeaseHeldError' }] },
    ends: failed('LeaseHeldError'),
  },
  {
    name: 'States.TaskFailed catches what a task throws',
    definition: task(catchAll('States.TaskFailed', { ResultPath: null }), { Caught: END }),
    input: { id: 'd-1' },
    tasks: { Work: [{ error: 'LeaseHeldError' }] },
    ends: succeeded({ id: 'd-1' }),
  },
  {
    name: 'a retry follows its interval and backoff and then gives the result',
    definition: task({
      Retry: [{ ErrorEquals: ['TransientError'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 2 }],
    }),
    tasks: { Work: [{ error: 'TransientError' }, { error: 'TransientError' }, { value: 'third time' }] },
    ends: succeeded('third time'),
    seconds: 2 + 6,
  },
  {
    name: 'MaxDelaySeconds caps the backoff',
    definition: task({
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 10, MaxAttempts: 3, MaxDelaySeconds: 5 }],
    }),
    tasks: { Work: [{ error: 'A' }, { error: 'B' }, { error: 'C' }, { value: 'last' }] },
    ends: succeeded('last'),
    seconds: 2 + 5 + 5,
  },
  {
    name: 'retries that are used up lead to the Catch',
    definition: task(
      {
        Retry: [{ ErrorEquals: ['TransientError'], MaxAttempts: 1 }],
        ...catchAll('TransientError', { ResultPath: null }),
      },
      { Caught: END },
    ),
    input: { id: 1 },
    tasks: { Work: [{ error: 'TransientError' }] },
    ends: succeeded({ id: 1 }),
    seconds: 1,
  },
  {
    name: 'each retrier counts its own attempts',
    definition: task({
      Retry: [
        { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 1 },
        { ErrorEquals: ['B'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
      ],
    }),
    tasks: { Work: [{ error: 'A' }, { error: 'B' }, { error: 'B' }, { error: 'A' }] },
    ends: failed('A'),
    seconds: 1 + 10 + 10,
  },
  {
    name: 'a retrier with MaxAttempts 0 keeps an error from the next retrier',
    definition: task({
      Retry: [
        { ErrorEquals: ['States.Timeout', 'LeaseHeldError'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], MaxAttempts: 2 },
      ],
    }),
    tasks: { Work: [{ error: 'LeaseHeldError' }, { value: 'retried' }] },
    ends: failed('LeaseHeldError'),
  },
  {
    name: 'the retry count stands in the context object',
    definition: task({
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      ResultSelector: { 'retries.$': '$$.State.RetryCount' },
    }),
    tasks: { Work: [{ error: 'A' }, { error: 'A' }, { value: {} }] },
    ends: succeeded({ retries: 2 }),
  },
  {
    name: 'a task that takes too long times out, and its late result is dropped',
    definition: task({ TimeoutSeconds: 1, ...catchAll('States.Timeout', { ResultPath: null }) }, { Caught: END }),
    input: { id: 1 },
    tasks: { Work: [{ sleepSeconds: 2, value: 'late' }] },
    ends: succeeded({ id: 1 }),
  },
  {
    name: 'States.TaskFailed does not catch a timeout',
    definition: task({ TimeoutSeconds: 1, ...catchAll('States.TaskFailed') }, { Caught: END }),
    tasks: { Work: [{ sleepSeconds: 2, value: 'late' }] },
    ends: failed('States.Timeout'),
  },
  {
    name: 'a timeout is taken from a path',
    definition: task({ TimeoutSecondsPath: '$.limit' }),
    input: { limit: 1 },
    tasks: { Work: [{ sleepSeconds: 2, value: 'late' }] },
    ends: failed('States.Timeout'),
    events: [
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionTimedOut',
      'ExecutionFailed',
    ],
  },
  {
    name: 'a task without a timeout may take hours',
    definition: task({}),
    tasks: { Work: [{ sleepSeconds: 7200, value: 'done' }] },
    ends: succeeded('done'),
    seconds: 7200,
  },
  {
    name: 'a runtime error in a task is not caught by States.ALL',
    definition: task({ Parameters: { 'x.$': '$.missing' }, ...catchAll('States.ALL') }, { Caught: END }),
    tasks: { Work: [{ value: 1 }] },
    ends: failed('States.Runtime'),
  },
  {
    name: 'a result that does not fit the input is caught',
    definition: task(
      { ResultPath: '$.a.b', ...catchAll('States.ResultPathMatchFailure') },
      {
        Caught: { Type: 'Pass', OutputPath: '$.Error', End: true },
      },
    ),
    input: { a: 'text' },
    tasks: { Work: [{ value: 1 }] },
    ends: succeeded('States.ResultPathMatchFailure'),
  },
  {
    name: 'a result over 256 KiB is not caught by States.ALL',
    definition: task(catchAll('States.ALL'), { Caught: END }),
    tasks: { Work: [{ value: 'x'.repeat(256 * 1024) }] },
    ends: failed('States.DataLimitExceeded'),
  },
  {
    name: 'a result over 256 KiB is caught by its name',
    definition: task(catchAll('States.DataLimitExceeded', { ResultPath: null }), { Caught: END }),
    tasks: { Work: [{ value: 'ü'.repeat(128 * 1024) }] },
    ends: succeeded({}),
  },
  {
    name: 'a loop of tasks, waits and choices goes round until it is done',
    definition: machine({
      Read: { Type: 'Task', Resource: `${FUNCTION}read`, ResultPath: '$.read', Next: 'Done?' },
      'Done?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.read.done', BooleanEquals: true, Next: 'Finished' }],
        Default: 'Rest',
      },
      Rest: { Type: 'Wait', SecondsPath: '$.read.wait', Next: 'Read' },
      Finished: { Type: 'Succeed', OutputPath: '$.read.done' },
    }),
    tasks: {
      Read: [{ value: { done: false, wait: 20 } }, { value: { done: false, wait: 40 } }, { value: { done: true } }],
    },
    ends: succeeded(true),
    seconds: 60,
  },
];

/** The table: what the definitions use, case by case, with what AWS does. */
export const CASES: readonly Case[] = [...DATA_FLOW, ...INTRINSICS, ...CHOICES, ...WAITS_AND_ENDS, ...TASKS];
