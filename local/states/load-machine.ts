import { compileRule, instantOf } from './choice-rule';
import { DefinitionError } from './definition-error';
import type { Catcher, Retrier } from './error-handling';
import { compileExpression, compileRequiredPath, type Expression } from './intrinsics';
import type { ChoiceState, FailState, Machine, PassState, State, TaskState, WaitState } from './machine';
import { compilePath, compileReferencePath, type Path, type ReferencePath } from './path';
import { isObject } from './payload';
import { checkParameters, compileResource } from './task-resource';
import { compileTemplate } from './template';

type Fields = Readonly<Record<string, unknown>>;

const STEP = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath', 'Next', 'End'];
const HANDLERS = ['ResultSelector', 'ResultPath', 'Retry', 'Catch'];
const LIMITS = ['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'];

/** The fields that each type of state may have; any other is refused, because ignoring it would run another machine. */
const FIELDS: Readonly<Record<State['type'], readonly string[]>> = {
  Pass: [...STEP, 'Result', 'Parameters', 'ResultPath'],
  Task: [...STEP, ...HANDLERS, ...LIMITS, 'Resource', 'Parameters'],
  Choice: ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath', 'Choices', 'Default'],
  Wait: [...STEP, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath'],
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

/** The longest wait or timeout that Step Functions takes. */
const MAX_SECONDS = 99_999_999;

/**
 * Compiles a definition in the Amazon States Language with JSONPath. Everything that the interpreter does not know is
 * refused here, so that no machine runs otherwise than on AWS without saying so.
 * @param definition the parsed JSON.
 * @throws DefinitionError naming machine, state and field.
 */
export function loadMachine(name: string, definition: unknown): Machine {
  const top = new Reader(name, undefined, isObject(definition) ? definition : {});
  top.allow(['Comment', 'StartAt', 'States', 'Version', 'TimeoutSeconds', 'QueryLanguage']);
  top.checkQueryLanguage();
  const definitions = top.fields['States'];
  if (!isObject(definitions)) return top.refuse('States', 'must be an object of states');
  const states = new Map(
    Object.entries(definitions).map(([key, fields]) => {
      const reader = new Reader(name, key, isObject(fields) ? fields : {}, definitions);
      return [key, loadState(key, reader)] as const;
    }),
  );
  const startAt = new Reader(name, undefined, top.fields, definitions).target('StartAt');
  const timeoutSeconds = top.optionalSeconds('TimeoutSeconds');
  return { name, startAt, states, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

function loadState(name: string, reader: Reader): State {
  const type = reader.fields['Type'] as State['type'];
  const fields = Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (!fields) {
    return reader.refuse('Type', `${JSON.stringify(type)} is not known; known are ${Object.keys(FIELDS).join(', ')}`);
  }
  reader.allow(fields);
  reader.checkQueryLanguage();
  switch (type) {
    case 'Pass':
      return loadPass(name, reader);
    case 'Task':
      return loadTask(name, reader);
    case 'Choice':
      return loadChoice(name, reader);
    case 'Wait':
      return loadWait(name, reader);
    case 'Succeed':
      return { type, name, ...reader.flow() };
    case 'Fail':
      return loadFail(name, reader);
  }
}

function loadPass(name: string, reader: Reader): PassState {
  const { Result: result, Parameters: parameters } = reader.fields;
  if (result !== undefined && parameters !== undefined) reader.refuse('Result', 'cannot stand beside Parameters');
  return {
    type: 'Pass',
    name,
    ...reader.step(),
    result: result === undefined ? reader.template('Parameters') : () => result,
    resultPath: reader.resultPath(reader.fields['ResultPath'], 'ResultPath'),
  };
}

function loadTask(name: string, reader: Reader): TaskState {
  const resource = reader.compile('Resource', compileResource);
  if (resource.integration !== 'function') {
    reader.compile('Parameters', (value) => checkParameters(resource, isObject(value) ? value : {}));
  }
  const heartbeatSeconds = reader.seconds('HeartbeatSeconds', 1);
  if (heartbeatSeconds && resource.integration !== 'invoke.waitForTaskToken') {
    reader.refuse('HeartbeatSeconds', 'only a task with .waitForTaskToken can send heartbeats here');
  }
  return {
    type: 'Task',
    name,
    ...reader.step(),
    resource,
    parameters: reader.template('Parameters'),
    resultSelector: reader.fields['ResultSelector'] === undefined ? undefined : reader.template('ResultSelector'),
    resultPath: reader.resultPath(reader.fields['ResultPath'], 'ResultPath'),
    timeoutSeconds: reader.seconds('TimeoutSeconds', 1),
    heartbeatSeconds,
    retriers: reader.list('Retry').map((item, index, all) => loadRetrier(reader, item, index, all.length)),
    catchers: reader.list('Catch').map((item, index, all) => loadCatcher(reader, item, index, all.length)),
  };
}

function loadRetrier(reader: Reader, item: unknown, index: number, length: number): Retrier {
  const inner = reader.inner(`Retry[${index}]`, item);
  inner.allow([
    'Comment',
    'ErrorEquals',
    'IntervalSeconds',
    'BackoffRate',
    'MaxAttempts',
    'MaxDelaySeconds',
    'JitterStrategy',
  ]);
  const jitter = inner.fields['JitterStrategy'] ?? 'NONE';
  if (jitter !== 'NONE')
    inner.refuse('JitterStrategy', `${JSON.stringify(jitter)} would make every run differ; use NONE`);
  return {
    errorEquals: inner.errorEquals(index === length - 1),
    intervalSeconds: inner.number('IntervalSeconds', 1, 1),
    backoffRate: inner.number('BackoffRate', 2, 1),
    maxAttempts: inner.number('MaxAttempts', 3, 0),
    maxDelaySeconds: inner.number('MaxDelaySeconds', Infinity, 1),
  };
}

function loadCatcher(reader: Reader, item: unknown, index: number, length: number): Catcher {
  const inner = reader.inner(`Catch[${index}]`, item);
  inner.allow(['Comment', 'ErrorEquals', 'ResultPath', 'Next']);
  return {
    errorEquals: inner.errorEquals(index === length - 1),
    resultPath: inner.resultPath(inner.fields['ResultPath'], 'ResultPath'),
    next: inner.target('Next'),
  };
}

function loadChoice(name: string, reader: Reader): ChoiceState {
  const rules = reader.list('Choices').map((item, index) => {
    const inner = reader.inner(`Choices[${index}]`, item);
    const { Next: _next, ...rule } = inner.fields;
    return { test: inner.attempt('rule', () => compileRule(rule)), next: inner.target('Next') };
  });
  if (rules.length === 0) reader.refuse('Choices', 'must have at least one rule');
  const otherwise = reader.fields['Default'] === undefined ? undefined : reader.target('Default');
  return { type: 'Choice', name, ...reader.flow(), rules, otherwise };
}

function loadWait(name: string, reader: Reader): WaitState {
  const ways = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter((way) => way in reader.fields);
  if (ways.length !== 1) reader.refuse('Seconds', `exactly one way to say how long, not ${ways.join(', ') || 'none'}`);
  const seconds = reader.seconds('Seconds', 0);
  if (seconds) return { type: 'Wait', name, ...reader.step(), until: seconds, unit: 'seconds' };
  const timestamp = reader.fields['Timestamp'];
  if (timestamp !== undefined && instantOf(timestamp) === undefined) {
    reader.refuse('Timestamp', `${JSON.stringify(timestamp)} is not an RFC 3339 timestamp`);
  }
  const until = timestamp === undefined ? reader.requiredPath('TimestampPath') : () => timestamp;
  return { type: 'Wait', name, ...reader.step(), until, unit: 'timestamp' };
}

function loadFail(name: string, reader: Reader): FailState {
  return { type: 'Fail', name, error: reader.text('Error'), cause: reader.text('Cause') };
}

/** Reads the fields of one state (or of a rule, retrier or catcher in it), naming the place when it refuses one. */
class Reader {
  constructor(
    private readonly machine: string,
    private readonly state: string | undefined,
    readonly fields: Fields,
    private readonly states: Fields = {},
    private readonly place = '',
  ) {}

  refuse(field: string, problem: string): never {
    throw new DefinitionError(this.machine, this.state, `${this.place}${field}`, problem);
  }

  /** The part of this state at a place such as `Catch[0]`. */
  inner(place: string, item: unknown): Reader {
    if (!isObject(item)) return this.refuse(place, 'must be an object');
    return new Reader(this.machine, this.state, item, this.states, `${this.place}${place}.`);
  }

  allow(known: readonly string[]): void {
    const unknown = Object.keys(this.fields).find((field) => !known.includes(field));
    if (unknown !== undefined) this.refuse(unknown, `this field is not known here; known are ${known.join(', ')}`);
  }

  checkQueryLanguage(): void {
    const language = this.fields['QueryLanguage'] ?? 'JSONPath';
    if (language !== 'JSONPath') this.refuse('QueryLanguage', `${JSON.stringify(language)} is not known; use JSONPath`);
  }

  flow(): { inputPath: Path | null; outputPath: Path | null } {
    return { inputPath: this.path('InputPath'), outputPath: this.path('OutputPath') };
  }

  step(): ReturnType<Reader['flow']> & { next: string | undefined } {
    const { Next: next, End: end } = this.fields;
    if ((next === undefined) !== (end === true)) this.refuse('Next', 'a state has either a Next or "End": true');
    return { ...this.flow(), next: end === true ? undefined : this.target('Next') };
  }

  /** The name of a state that there is. */
  target(field: string): string {
    const name = this.fields[field];
    if (typeof name === 'string' && Object.hasOwn(this.states, name)) return name;
    return this.refuse(field, `there is no state ${JSON.stringify(name)}`);
  }

  list(field: string): readonly unknown[] {
    const value = this.fields[field] ?? [];
    return Array.isArray(value) ? value : this.refuse(field, 'must be a list');
  }

  errorEquals(last: boolean): readonly string[] {
    const names = this.list('ErrorEquals');
    if (names.length === 0 || !names.every((name) => typeof name === 'string')) {
      return this.refuse('ErrorEquals', 'must be a list of error names');
    }
    if (names.includes('States.ALL') && (names.length > 1 || !last)) {
      return this.refuse('ErrorEquals', 'States.ALL must stand alone and come last');
    }
    return names;
  }

  number(field: string, usual: number, least: number): number {
    const value = this.fields[field] ?? usual;
    if (typeof value === 'number' && value >= least) return value;
    return this.refuse(field, `${JSON.stringify(value)} is not a number of at least ${least}`);
  }

  optionalSeconds(field: string, least = 1): number | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= MAX_SECONDS)
      return value as number;
    return this.refuse(field, `${JSON.stringify(value)} is not a whole number from ${least} to ${MAX_SECONDS}`);
  }

  /** Seconds as written in `field`, or named by the path in `<field>Path`. */
  seconds(field: string, least: number): Expression | undefined {
    const seconds = this.optionalSeconds(field, least);
    if (this.fields[`${field}Path`] === undefined) return seconds === undefined ? undefined : () => seconds;
    if (seconds !== undefined) this.refuse(field, `cannot stand beside ${field}Path`);
    return this.requiredPath(`${field}Path`);
  }

  /** Text as written in `field`, or given by the path or intrinsic function in `<field>Path`. */
  text(field: string): Expression | undefined {
    const { [field]: text, [`${field}Path`]: path } = this.fields;
    if (path === undefined) {
      if (text !== undefined && typeof text !== 'string') this.refuse(field, 'must be a string');
      return text === undefined ? undefined : () => text;
    }
    if (text !== undefined) this.refuse(field, `cannot stand beside ${field}Path`);
    return this.compile(`${field}Path`, (value) => compileExpression(textOf(value), `${field}Path`));
  }

  template(field: string): Expression {
    const template = this.fields[field];
    return template === undefined ? ({ data }) => data : this.compile(field, compileTemplate);
  }

  requiredPath(field: string): Expression {
    return this.compile(field, (value) => compileRequiredPath(textOf(value), field));
  }

  resultPath(value: unknown, field: string): ReferencePath | null {
    return value === null ? null : this.attempt(field, () => compileReferencePath(textOf(value ?? '$')));
  }

  compile<Result>(field: string, compile: (value: unknown) => Result): Result {
    return this.attempt(field, () => compile(this.fields[field]));
  }

  /** Turns what a compiler says into a refusal that names the place. */
  attempt<Result>(field: string, compile: () => Result): Result {
    try {
      return compile();
    } catch (error) {
      if (error instanceof SyntaxError) return this.refuse(field, error.message);
      throw error;
    }
  }

  private path(field: string): Path | null {
    const value = this.fields[field];
    return value === null ? null : this.attempt(field, () => compilePath(textOf(value ?? '$')));
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new SyntaxError(`${JSON.stringify(value)} is not a string`);
}
