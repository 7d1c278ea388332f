import { isObject } from './payload';
import { compilePath, type Path, type Scope } from './path';
import { runtimeError } from './states-error';

export type Test = (scope: Scope) => boolean;

type Ordered = string | number;
type Comparison = (one: Ordered, other: Ordered) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThan: (one, other) => one > other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** How values of each kind are compared; undefined for a value of another kind, which no comparison matches. */
const KINDS: Readonly<Record<string, (value: unknown) => Ordered | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: (value) => instantOf(value),
  Boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
};

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => instantOf(value) !== undefined,
};

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of an RFC 3339 timestamp; undefined for anything else. */
export function instantOf(value: unknown): number | undefined {
  return typeof value === 'string' && RFC3339.test(value) ? Date.parse(value) : undefined;
}

/**
 * Compiles the test of a choice rule (without its `Next`). Rules of a Choice state are tried in their order; `And` and
 * `Or` stop at the first part that decides.
 * @throws SyntaxError
 */
export function compileRule(rule: unknown): Test {
  if (!isObject(rule)) throw new SyntaxError('a rule must be an object');
  const { Variable: variable, Comment: _comment, ...operators } = rule;
  const [operator, ...others] = Object.keys(operators);
  if (operator === undefined || others.length > 0) {
    throw new SyntaxError(`a rule has one operator, not ${Object.keys(operators).join(', ') || 'none'}`);
  }
  const operand = operators[operator];
  if (variable === undefined) return compileLogic(operator, operand);
  if (typeof variable !== 'string') throw new SyntaxError('Variable must be a path');
  return compileComparison(compilePath(variable), operator, operand);
}

function compileLogic(operator: string, operand: unknown): Test {
  if (operator === 'Not') {
    const test = compileRule(operand);
    return (scope) => !test(scope);
  }
  if ((operator !== 'And' && operator !== 'Or') || !Array.isArray(operand)) {
    throw new SyntaxError(`the operator "${operator}" needs a Variable, or must be And, Or (with a list) or Not`);
  }
  const tests = operand.map(compileRule);
  return operator === 'And'
    ? (scope) => tests.every((test) => test(scope))
    : (scope) => tests.some((test) => test(scope));
}

function compileComparison(variable: Path, operator: string, operand: unknown): Test {
  const typeTest = TYPE_TESTS[operator];
  if (typeTest) return compileTypeTest(variable, operator, typeTest, operand);
  if (operator === 'StringMatches') return compilePattern(variable, operand);
  const [, kind = '', comparison = '', byPath] =
    /^(String|Numeric|Timestamp|Boolean)(Equals|(?:Less|Greater)Than(?:Equals)?)(Path)?$/.exec(operator) ?? [];
  const asKind = KINDS[kind];
  const compare = COMPARISONS[comparison];
  if (!asKind || !compare || (kind === 'Boolean' && comparison !== 'Equals')) {
    throw new SyntaxError(`the operator "${operator}" is not known`);
  }
  const right = byPath ? presentValue(operand, operator) : constantOf(operand, asKind, operator);
  return (scope) => {
    const one = asKind(present(variable, scope));
    const other = asKind(right(scope));
    return one !== undefined && other !== undefined && compare(one, other);
  };
}

/** Only IsPresent may ask for what is not there. */
function compileTypeTest(variable: Path, operator: string, test: (value: unknown) => boolean, operand: unknown): Test {
  if (typeof operand !== 'boolean') throw new SyntaxError(`${operator} must be true or false`);
  if (operator === 'IsPresent') return (scope) => test(variable.read(scope)) === operand;
  return (scope) => test(present(variable, scope)) === operand;
}

/** `*` stands for any text, `\\*` for itself. */
function compilePattern(variable: Path, operand: unknown): Test {
  if (typeof operand !== 'string') throw new SyntaxError('StringMatches must be a string');
  const source = operand.replaceAll(/\\([\\*])|\*|[.+?^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return found === '*' ? '[^]*' : `\\${found}`;
  });
  const pattern = new RegExp(`^${source}$`);
  return (scope) => {
    const value = present(variable, scope);
    return typeof value === 'string' && pattern.test(value);
  };
}

function presentValue(operand: unknown, operator: string): (scope: Scope) => unknown {
  if (typeof operand !== 'string') throw new SyntaxError(`${operator} must be a path`);
  const path = compilePath(operand);
  return (scope) => present(path, scope);
}

function constantOf(
  operand: unknown,
  asKind: (value: unknown) => Ordered | undefined,
  operator: string,
): (scope: Scope) => unknown {
  if (asKind(operand) === undefined) {
    throw new SyntaxError(`${operator} cannot compare with ${JSON.stringify(operand)}`);
  }
  return () => operand;
}

function present(path: Path, scope: Scope): unknown {
  const value = path.read(scope);
  if (value === undefined) {
    throw runtimeError(`Invalid path '${path.text}': The choice state's condition path references an invalid value.`);
  }
  return value;
}
