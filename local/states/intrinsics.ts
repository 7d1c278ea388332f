import { createHash } from 'node:crypto';
import { isObject } from './payload';
import { compilePath, type Scope } from './path';
import { StatesError, runtimeError } from './states-error';

/** A compiled expression; what it needs of the execution comes in its scope. */
export type Expression = (scope: Scope) => unknown;

/**
 * Compiles the value of a field whose name ends in `.$` (or of `ErrorPath`, `CausePath`): a path or an intrinsic
 * function. A path that finds nothing is a States.Runtime error when it is evaluated.
 * @throws SyntaxError
 */
export function compileExpression(text: string, field: string): Expression {
  return text.startsWith('$') ? compileRequiredPath(text, field) : new Parser(text, field).whole();
}

/** @throws SyntaxError */
export function compileRequiredPath(text: string, field: string): Expression {
  const path = compilePath(text);
  return (scope) => {
    const value = path.read(scope);
    if (value !== undefined) return value;
    const input = JSON.stringify(text.startsWith('$$') ? scope.context : scope.data);
    throw runtimeError(
      `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${input}'`,
    );
  };
}

type Intrinsic = (values: readonly unknown[], scope: Scope) => unknown;

/** Number of arguments (least, most) and what it does with their values. */
const INTRINSICS: Readonly<Record<string, readonly [number, number, Intrinsic]>> = {
  'States.Format': [1, Infinity, ([template, ...values]) => format(textOf(template, 'a template'), values)],
  'States.StringToJson': [1, 1, ([text]) => parseJson(textOf(text, 'JSON text'))],
  'States.JsonToString': [1, 1, ([value]) => JSON.stringify(value)],
  'States.Array': [0, Infinity, (values) => values],
  'States.ArrayContains': [2, 2, ([list, value]) => listOf(list).some((item) => same(item, value))],
  'States.ArrayGetItem': [2, 2, ([list, index]) => itemOf(listOf(list), index)],
  'States.ArrayLength': [1, 1, ([list]) => listOf(list).length],
  'States.MathAdd': [2, 2, ([one, other]) => Math.round(numberOf(one)) + Math.round(numberOf(other))],
  'States.StringSplit': [
    2,
    2,
    ([text, separators]) => split(textOf(text, 'a string'), textOf(separators, 'separators')),
  ],
  'States.JsonMerge': [3, 3, ([one, other, deep]) => merge(one, other, deep)],
  'States.Hash': [2, 2, ([value, algorithm]) => hash(value, textOf(algorithm, 'an algorithm'))],
  'States.UUID': [0, 0, (_values, scope) => scope.uuid()],
};

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly field: string,
  ) {}

  whole(): Expression {
    const expression = this.call();
    if (this.at < this.text.length) this.refuse();
    return expression;
  }

  private call(): Expression {
    const name = this.take(/States\.\w+/y);
    const intrinsic = INTRINSICS[name];
    if (!intrinsic)
      throw new SyntaxError(`the function "${name}" is not known; known are ${Object.keys(INTRINSICS).join(', ')}`);
    const parts = this.list();
    const [least, most, apply] = intrinsic;
    if (parts.length < least || parts.length > most) {
      throw new SyntaxError(`${name} is given ${parts.length} arguments in "${this.text}"`);
    }
    return (scope) =>
      apply(
        parts.map((part) => part(scope)),
        scope,
      );
  }

  private list(): Expression[] {
    const parts: Expression[] = [];
    this.take(/\(/y);
    if (this.tryTake(/\)/y) !== undefined) return parts;
    do parts.push(this.argument());
    while (this.tryTake(/,/y) !== undefined);
    this.take(/\)/y);
    return parts;
  }

  private argument(): Expression {
    const quoted = this.tryTake(/'(?:[^'\\]|\\.)*'/y);
    // Escaped braces stay escaped: `States.Format` tells them from places to fill.
    if (quoted !== undefined) return constant(quoted.slice(1, -1).replaceAll(/\\([^{}])/g, '$1'));
    const path = this.tryTake(/\$(?:\['(?:[^'\\]|\\.)*'\]|[^\s,()'])*/y);
    if (path !== undefined) return compileRequiredPath(path, this.field);
    const literal = this.tryTake(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y);
    if (literal !== undefined) return constant(JSON.parse(literal));
    return this.call();
  }

  private take(token: RegExp): string {
    return this.tryTake(token) ?? this.refuse();
  }

  private tryTake(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    while (this.text[this.at] === ' ') this.at += 1;
    return found;
  }

  private refuse(): never {
    const rest = this.text.slice(this.at);
    throw new SyntaxError(
      `the expression "${this.text}" is not understood ${rest ? `from "${rest}" on` : 'at its end'}`,
    );
  }
}

function constant(value: unknown): Expression {
  return () => value;
}

function fail(cause: string): never {
  throw new StatesError('States.IntrinsicFailure', cause);
}

function format(template: string, values: readonly unknown[]): string {
  let used = 0;
  const text = template.replaceAll(/\\([{}])|\{\}/g, (_match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used += 1;
    return used <= values.length ? plain(values[used - 1]) : '';
  });
  if (used === values.length) return text;
  return fail(`States.Format has ${used} places to fill and ${values.length} values`);
}

function plain(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    fail('States.Format fills in strings, numbers, booleans and null only');
  return String(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(`States.StringToJson was given what is not JSON: ${text.slice(0, 100)}`);
  }
}

function textOf(value: unknown, what: string): string {
  return typeof value === 'string' ? value : fail(`expected ${what}, got ${JSON.stringify(value)}`);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : fail(`expected a number, got ${JSON.stringify(value)}`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail(`expected an array, got ${JSON.stringify(value)}`);
}

function itemOf(list: readonly unknown[], index: unknown): unknown {
  const item = list[numberOf(index)];
  return item === undefined ? fail(`the array has no item ${String(index)}`) : item;
}

/** Every character of the second string separates; pieces without a character are left out. */
function split(text: string, separators: string): string[] {
  const pieces = [''];
  for (const character of text) {
    if (separators.includes(character)) pieces.push('');
    else pieces[pieces.length - 1] += character;
  }
  return pieces.filter((piece) => piece !== '');
}

function merge(one: unknown, other: unknown, deep: unknown): unknown {
  if (deep !== false) fail('States.JsonMerge merges the top level only; its third argument must be false');
  if (!isObject(one) || !isObject(other)) fail('States.JsonMerge merges two objects');
  return { ...one, ...other };
}

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function hash(value: unknown, algorithm: string): string {
  const name = HASHES[algorithm] ?? fail(`States.Hash does not know the algorithm ${algorithm}`);
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
}
