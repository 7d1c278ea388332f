import { callFunction } from './functions';
import { staticPath } from './expression';
import type { Expression } from './expression';
import { isList, isObject, isUnknown, textOf, UNKNOWN } from './value';
import type { Value } from './value';

/** Where references are looked up. */
export interface Scope {
  /**
   * The value of a reference and how many of its names it stands for, such as 2 of `var.tags.owner`.
   * What does not exist (here) is UNKNOWN.
   */
  resolve(path: readonly string[]): { readonly value: Value; readonly length: number };
}

/**
 * The value of an expression. Nothing throws: what cannot be computed is UNKNOWN, because the stand-in must drive any
 * repository and knows neither every function nor every provider's attributes.
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return template(expression.parts, scope);
    case 'name':
    case 'attribute':
      return reference(expression, scope);
    case 'index':
      return member(evaluate(expression.of, scope), evaluate(expression.key, scope));
    case 'splat':
      return splat(expression, scope);
    case 'element':
      return scope.resolve(['']).value;
    case 'call':
      return call(expression, scope);
    case 'tuple':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return object(expression.items, scope);
    case 'for':
      return forEach(expression, scope);
    case 'unary':
      return unary(expression.operator, evaluate(expression.operand, scope));
    case 'binary':
      return binary(expression, scope);
    case 'conditional':
      return conditional(expression, scope);
  }
}

/** A member of an object by name or of a list by position; UNKNOWN when there is none. */
function member(of: Value, key: Value): Value {
  const name = textOf(key);
  if (name === undefined) return UNKNOWN;
  if (isList(of)) return of[Number(name)] ?? UNKNOWN;
  return isObject(of) && Object.hasOwn(of, name) ? of[name]! : UNKNOWN;
}

function template(parts: readonly (string | Expression)[], scope: Scope): Value {
  let text = '';
  for (const part of parts) {
    const piece = typeof part === 'string' ? part : textOf(evaluate(part, scope));
    if (piece === undefined) return UNKNOWN;
    text += piece;
  }
  return text;
}

function reference(expression: Expression, scope: Scope): Value {
  const path = staticPath(expression);
  if (!path) {
    if (expression.kind !== 'attribute') return UNKNOWN;
    return member(evaluate(expression.of, scope), expression.name);
  }
  const { value, length } = scope.resolve(path);
  return path.slice(length).reduce<Value>((part, name) => member(part, name), value);
}

function splat({ of, each }: Extract<Expression, { kind: 'splat' }>, scope: Scope): Value {
  const source = evaluate(of, scope);
  if (source === UNKNOWN) return UNKNOWN;
  if (source === null) return [];
  const items = isList(source) ? source : [source];
  return items.map((item) => evaluate(each, withNames(scope, { '': item })));
}

function call({ name, arguments: given, spread }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  const values = given.map((argument) => evaluate(argument, scope));
  if (!spread) return callFunction(name, values);
  const last = values.at(-1);
  return isList(last) ? callFunction(name, [...values.slice(0, -1), ...last]) : UNKNOWN;
}

function object(items: readonly (readonly [Expression, Expression])[], scope: Scope): Value {
  const result: Record<string, Value> = {};
  for (const [key, value] of items) {
    const name = textOf(evaluate(key, scope));
    if (name === undefined) return UNKNOWN;
    result[name] = evaluate(value, scope);
  }
  return result;
}

function forEach(expression: Extract<Expression, { kind: 'for' }>, scope: Scope): Value {
  const source = evaluate(expression.of, scope);
  if (!isList(source) && !isObject(source)) return UNKNOWN;
  const results: { key: Value; value: Value }[] = [];
  for (const [index, item] of Object.entries(source)) {
    const key: Value = isList(source) ? Number(index) : index;
    const inner = withNames(scope, {
      ...(expression.keyName === undefined ? {} : { [expression.keyName]: key }),
      [expression.valueName]: item,
    });
    const keep = expression.condition ? evaluate(expression.condition, inner) : true;
    if (keep === UNKNOWN) return UNKNOWN;
    if (keep !== true) continue;
    results.push({
      key: expression.key ? evaluate(expression.key, inner) : null,
      value: evaluate(expression.value, inner),
    });
  }
  return expression.key ? byKey(results, expression.grouped) : results.map(({ value }) => value);
}

function byKey(results: readonly { key: Value; value: Value }[], grouped: boolean): Value {
  const object: Record<string, Value> = {};
  for (const { key, value } of results) {
    const name = textOf(key);
    if (name === undefined) return UNKNOWN;
    object[name] = grouped ? [...((object[name] as readonly Value[] | undefined) ?? []), value] : value;
  }
  return object;
}

function unary(operator: '!' | '-', operand: Value): Value {
  if (operator === '!') return typeof operand === 'boolean' ? !operand : UNKNOWN;
  return typeof operand === 'number' ? -operand : UNKNOWN;
}

function binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const a = evaluate(left, scope);
  if (operator === '&&' && a === false) return false;
  if (operator === '||' && a === true) return true;
  const b = evaluate(right, scope);
  if (isUnknown(a) || isUnknown(b)) return UNKNOWN;
  if (operator === '==' || operator === '!=') return (operator === '==') === same(a, b);
  if (operator === '&&' || operator === '||') return b;
  return arithmetic(operator, Number(a), Number(b));
}

function arithmetic(operator: string, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    default:
      return a >= b;
  }
}

function same(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function conditional(
  { condition, whenTrue, whenFalse }: Extract<Expression, { kind: 'conditional' }>,
  scope: Scope,
): Value {
  const test = evaluate(condition, scope);
  return typeof test === 'boolean' ? evaluate(test ? whenTrue : whenFalse, scope) : UNKNOWN;
}

/** A scope with further names before it (variables of `for`, `each`, the iterator of a dynamic block). */
export function withNames(scope: Scope, names: Readonly<Record<string, Value>>): Scope {
  return {
    resolve: (path) => {
      const [root = ''] = path;
      return Object.hasOwn(names, root) ? { value: names[root]!, length: 1 } : scope.resolve(path);
    },
  };
}
