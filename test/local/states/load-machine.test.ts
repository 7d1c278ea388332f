import { loadMachine } from '../../../local/states/load-machine';

type Fields = Readonly<Record<string, unknown>>;

const INVOKE = 'arn:aws:states:::lambda:invoke';
const WORK = { Type: 'Task', Resource: INVOKE, Parameters: { FunctionName: 'work' }, End: true };

function one(state: Fields, more: Fields = {}): Fields {
  return { StartAt: 'One', States: { One: state }, ...more };
}

const REFUSED: readonly (readonly [string, Fields, string])[] = [
  ['JSONata', one({ Type: 'Succeed' }, { QueryLanguage: 'JSONata' }), 'QueryLanguage: "JSONata" is not known'],
  ['a Map', one({ Type: 'Map' }), 'state "One", Type: "Map" is not known; known are Pass, Task'],
  ['an unknown field', one({ ...WORK, Assign: {} }), 'state "One", Assign: this field is not known here'],
  ['a Next that is not there', one({ Type: 'Pass', Next: 'Two' }), 'state "One", Next: there is no state "Two"'],
  ['neither Next nor End', one({ Type: 'Pass' }), 'state "One", Next: a state has either a Next or "End": true'],
  ['a start that is not there', { StartAt: 'Two', States: {} }, 'StartAt: there is no state "Two"'],
  ['no states', { StartAt: 'One' }, 'States: must be an object of states'],
  [
    'another integration',
    one({ ...WORK, Resource: 'arn:aws:states:::sns:publish' }),
    'Resource: the resource "arn:aws:states:::sns:publish" is not known',
  ],
  [
    'fire and forget of a nested execution',
    one({ ...WORK, Resource: 'arn:aws:states:::states:startExecution' }),
    'Resource: the resource "arn:aws:states:::states:startExecution" is not known',
  ],
  [
    'an unknown parameter of an integration',
    one({ ...WORK, Parameters: { FunctionName: 'work', InvocationType: 'Event' } }),
    'Parameters: "InvocationType" is not known; known are FunctionName, Payload',
  ],
  ['a missing parameter', one({ ...WORK, Parameters: {} }), 'Parameters: "FunctionName" is missing'],
  [
    'a callback that nobody is told the token of',
    one({ ...WORK, Resource: `${INVOKE}.waitForTaskToken` }),
    'Parameters: nothing takes "$$.Task.Token"',
  ],
  ['heartbeats without a token', one({ ...WORK, HeartbeatSeconds: 5 }), 'HeartbeatSeconds: only a task with'],
  ['a fraction of a second', one({ ...WORK, TimeoutSeconds: 1.5 }), 'TimeoutSeconds: 1.5 is not a whole number'],
  [
    'two ways to say a timeout',
    one({ ...WORK, TimeoutSeconds: 1, TimeoutSecondsPath: '$.a' }),
    'TimeoutSeconds: cannot stand beside TimeoutSecondsPath',
  ],
  ['a wildcard', one({ ...WORK, InputPath: '$.a[*]' }), 'InputPath: the path "$.a[*]" is not known from "[*]" on'],
  ['a filter', one({ ...WORK, OutputPath: '$.a[?(@.b)]' }), 'OutputPath: the path "$.a[?(@.b)]" is not known'],
  [
    'a result at an index',
    one({ ...WORK, ResultPath: '$.a[0]' }),
    'ResultPath: the path "$.a[0]" puts something at an index',
  ],
  [
    'a result in the context',
    one({ ...WORK, ResultPath: '$$.a' }),
    'ResultPath: "$$.a" points into the context object',
  ],
  [
    'an unknown function',
    one({ ...WORK, ResultSelector: { 'a.$': 'States.MathRandom(1, 2)' } }),
    'ResultSelector: the function "States.MathRandom" is not known; known are States.Format',
  ],
  [
    'a broken expression',
    one({ ...WORK, ResultSelector: { 'a.$': "States.Format('{}', $.a" } }),
    'ResultSelector: the expression "States.Format(\'{}\', $.a" is not understood at its end',
  ],
  [
    'too few arguments',
    one({ ...WORK, ResultSelector: { 'a.$': 'States.MathAdd(1)' } }),
    'States.MathAdd is given 1 arguments',
  ],
  ['what is no path', one({ ...WORK, ResultSelector: { 'a.$': 7 } }), '"a.$" must be a path or an intrinsic function'],
  [
    'jitter',
    one({ ...WORK, Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'FULL' }] }),
    'Retry[0].JitterStrategy: "FULL" would make every run differ; use NONE',
  ],
  [
    'States.ALL before another catcher',
    one({
      ...WORK,
      Catch: [
        { ErrorEquals: ['States.ALL'], Next: 'One' },
        { ErrorEquals: ['A'], Next: 'One' },
      ],
    }),
    'Catch[0].ErrorEquals: States.ALL must stand alone and come last',
  ],
  [
    'a catcher that leads nowhere',
    one({ ...WORK, Catch: [{ ErrorEquals: ['A'], Next: 'Two' }] }),
    'Catch[0].Next: there is no state "Two"',
  ],
  [
    'an unknown operator',
    one({ Type: 'Choice', Choices: [{ Variable: '$.a', StringLike: 'x', Next: 'One' }] }),
    'Choices[0].rule: the operator "StringLike" is not known',
  ],
  [
    'two operators in a rule',
    one({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsPresent: true, Next: 'One' }] }),
    'Choices[0].rule: a rule has one operator, not IsNull, IsPresent',
  ],
  [
    'a comparison with another type',
    one({ Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: '1', Next: 'One' }] }),
    'Choices[0].rule: NumericEquals cannot compare with "1"',
  ],
  ['a choice without rules', one({ Type: 'Choice', Choices: [] }), 'Choices: must have at least one rule'],
  ['a wait without a length', one({ Type: 'Wait', End: true }), 'Seconds: exactly one way to say how long, not none'],
  [
    'a wait until what is no instant',
    one({ Type: 'Wait', Timestamp: 'tomorrow', End: true }),
    'Timestamp: "tomorrow" is not an RFC 3339 timestamp',
  ],
  [
    'a fixed and a selected error',
    one({ Type: 'Fail', Error: 'A', ErrorPath: '$.a' }),
    'Error: cannot stand beside ErrorPath',
  ],
];

test.each(REFUSED)('a definition with %s is refused with its place', (_what, definition, sentence) => {
  expect(() => loadMachine('drill', definition)).toThrow(sentence);
  expect(() => loadMachine('drill', definition)).toThrow('State machine "drill"');
});
