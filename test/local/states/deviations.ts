/** Where another engine does not follow AWS, or cannot be asked: why, and the rule of AWS that the case holds. */
export interface Deviation {
  readonly because: string;
  readonly rule: string;
  /** It cannot even be tried: it would wait in real time. */
  readonly notRun?: true;
}

const CONTEXT = {
  because: 'it has no $$.State or $$.Task of its own',
  rule: 'the context object names execution, state, machine and token',
};
const LIMIT = { because: 'it knows no payload limit', rule: 'a payload over 256 KiB is States.DataLimitExceeded' };
const REAL_TIME = {
  because: 'its task timeouts run in real time and its handlers cannot be slowed without it',
  rule: 'TimeoutSeconds ends a task with States.Timeout',
  notRun: true,
} as const;
const TYPE_TEST = {
  because: 'a type test takes false for true',
  rule: 'a type test compares with the boolean it is given',
};

/** aws-local-stepfunctions 3.0.0, by the name of the case. */
export const NPM_DEVIATIONS: Readonly<Record<string, Deviation>> = {
  'the context object names the input and the state': CONTEXT,
  'the context object can be asked': CONTEXT,
  'a task is given its Parameters, and its result is selected and put into the input': CONTEXT,
  'the retry count stands in the context object': CONTEXT,
  [`States.StringSplit('a.b-c', '.-') gives ["a","b","c"]`]: {
    because: 'it takes the separators for one',
    rule: 'every character of the second argument separates',
  },
  'a string that is not JSON is an intrinsic failure': {
    because: "it gives JavaScript's SyntaxError",
    rule: 'an intrinsic function fails with States.IntrinsicFailure',
  },
  'NumericLessThan does not match a string': {
    because: 'it compares as JavaScript does',
    rule: 'a comparison never matches a value of another type',
  },
  'IsPresent false matches what is missing': TYPE_TEST,
  'IsString false matches a number': TYPE_TEST,
  'a Fail takes its Error from an intrinsic function': {
    because: 'it takes paths only',
    rule: 'ErrorPath and CausePath take intrinsic functions that return strings',
  },
  'the machine times out as a whole': { ...REAL_TIME, rule: 'TimeoutSeconds of a machine ends it as TIMED_OUT' },
  'a task that takes too long times out, and its late result is dropped': REAL_TIME,
  'States.TaskFailed does not catch a timeout': REAL_TIME,
  'a timeout is taken from a path': REAL_TIME,
  'a task without a timeout may take hours': {
    because: 'it ends every task without TimeoutSeconds after 60 real seconds',
    rule: 'a task without TimeoutSeconds has 99,999,999 seconds',
    notRun: true,
  },
  'a result that does not fit the input is caught': {
    because: 'it replaces what stands in the way',
    rule: 'a ResultPath that cannot be applied is States.ResultPathMatchFailure',
  },
  'a result over 256 KiB is not caught by States.ALL': LIMIT,
  'a result over 256 KiB is caught by its name': LIMIT,
};

/** moto 5.2.1, by the name of the case. */
export const MOTO_DEVIATIONS: Readonly<Record<string, Deviation>> = {
  'Parameters mix what is written and what is selected, in depth': {
    because: 'a path through an index gives a list',
    rule: 'a path that can name one value only gives that value',
  },
  [`States.Format('it\\'s {}', 'here') gives "it's here"`]: {
    because: 'it ends the string at an escaped quote',
    rule: 'a backslash escapes a quote',
  },
  [`States.Array($.a, 'b', 3, null, States.Array(true)) gives [1,"b",3,null,[true]]`]: {
    because: 'it drops a literal null',
    rule: 'States.Array returns all its arguments',
  },
  'a string that is not JSON is an intrinsic failure': {
    because: 'it ends with States.Runtime',
    rule: 'an intrinsic function fails with States.IntrinsicFailure',
  },
  'TimestampLessThan compares instants and not text': {
    because: 'it compares the text',
    rule: 'timestamps are compared as instants of RFC 3339, whatever their zone',
  },
  'a Variable that finds nothing is a runtime error, not a no': {
    because: 'it takes the Default',
    rule: 'only IsPresent may ask for what is not there',
  },
  'no match without a Default fails the execution': {
    because: 'it ends with States.Runtime',
    rule: 'a Choice without a match or a Default is States.NoChoiceMatched',
  },
};
