import { isObject } from './payload';
import { StatesError } from './states-error';

/** What an expression of a definition is evaluated against. */
export interface Scope {
  /** What `$` names. */
  readonly data: unknown;
  /** What `$$` names. */
  readonly context: unknown;
  /** For `States.UUID`. */
  readonly uuid: () => string;
}

/** A JSONPath of a definition, such as `$.drill.drillId` or `$$.Execution.Id`. */
export interface Path {
  readonly text: string;
  /** The value it names; undefined (which JSON does not have) when there is nothing. */
  readonly read: (scope: Scope) => unknown;
}

type Segments = readonly (string | number)[];

/**
 * Compiles a path of names and indices. Wildcards, slices, filters and `..` are not known: the definitions have no use
 * for them, and engines disagree on what they yield.
 * @throws SyntaxError
 */
export function compilePath(text: string): Path {
  const ofContext = text.startsWith('$$');
  const segments = segmentsOf(text, ofContext ? 2 : 1);
  return { text, read: (scope) => follow(ofContext ? scope.context : scope.data, segments) };
}

const SEGMENT = /\.([^.[\]()*?@,:'"\s$]+)|\['((?:[^'\\]|\\.)+)'\]|\[(\d+)\]/y;

function segmentsOf(text: string, start: number): Segments {
  const segments: (string | number)[] = [];
  if (!text.startsWith('$')) throw new SyntaxError(`"${text}" is not a path, which begins with "$"`);
  SEGMENT.lastIndex = start;
  while (SEGMENT.lastIndex < text.length) {
    const at = SEGMENT.lastIndex;
    const match = SEGMENT.exec(text);
    if (!match)
      throw new SyntaxError(`the path "${text}" is not known from "${text.slice(at)}" on; use names and indices`);
    const [, name, quoted, index] = match;
    segments.push(name ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? Number(index));
  }
  return segments;
}

function follow(root: unknown, segments: Segments): unknown {
  let value = root;
  for (const segment of segments) {
    if (typeof segment === 'number' ? !Array.isArray(value) : !isObject(value) || !Object.hasOwn(value, segment)) {
      return undefined;
    }
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}

/** Where a result is put into a state's input: a path of names below `$`. */
export interface ReferencePath {
  readonly text: string;
  /**
   * The input with the result at the path; the input itself is left as it was.
   * @throws StatesError States.ResultPathMatchFailure when something on the way is not an object.
   */
  readonly put: (input: unknown, result: unknown) => unknown;
}

/** @throws SyntaxError */
export function compileReferencePath(text: string): ReferencePath {
  if (text.startsWith('$$')) throw new SyntaxError(`"${text}" points into the context object, which is read only`);
  const names = segmentsOf(text, 1).map((segment) => {
    if (typeof segment === 'string') return segment;
    throw new SyntaxError(`the path "${text}" puts something at an index; use names`);
  });
  const put = (target: unknown, result: unknown, depth: number): unknown => {
    const name = names[depth];
    if (name === undefined) return result;
    if (!isObject(target)) {
      throw new StatesError(
        'States.ResultPathMatchFailure',
        `Unable to apply Reference Path ${text} to input ${JSON.stringify(target)}`,
      );
    }
    const inner = Object.hasOwn(target, name) ? target[name] : {};
    return { ...target, [name]: put(inner, result, depth + 1) };
  };
  return { text, put: (input, result) => put(input, result, 0) };
}
