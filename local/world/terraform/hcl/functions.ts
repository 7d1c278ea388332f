import { createHash } from 'node:crypto';
import { subnetOf } from './cidr';
import { isList, isObject, isUnknown, textOf, toJson, UNKNOWN } from './value';
import type { ObjectValue, Value } from './value';

type TerraformFunction = (...given: readonly Value[]) => Value;

/**
 * Calls a function of Terraform's language by its name. A function that is not here, and a call whose arguments do not
 * fit, give UNKNOWN; so does an unknown argument, but for the functions that are there to cope with it.
 */
export function callFunction(name: string, given: readonly Value[]): Value {
  const tolerant = TOLERANT[name];
  if (tolerant) return tolerant(...given);
  const strict = FUNCTIONS[name];
  if (!strict || given.some((value) => value === UNKNOWN)) return UNKNOWN;
  return strict(...given);
}

/** Functions that look at whether their arguments are known, or that pass unknown members on. */
const TOLERANT: Readonly<Record<string, TerraformFunction>> = {
  try: (...given) => given.find((value) => value !== UNKNOWN) ?? UNKNOWN,
  can: (value = UNKNOWN) => value !== UNKNOWN,
  coalesce: (...given) => given.find((value) => value !== null && value !== '') ?? UNKNOWN,
  sensitive: (value = UNKNOWN) => value,
  nonsensitive: (value = UNKNOWN) => value,
};

const FUNCTIONS: Readonly<Record<string, TerraformFunction>> = {
  // Collections
  concat: (...lists) => lists.flatMap((list) => (isList(list) ? list : [UNKNOWN])),
  compact: (list) => (isList(list) ? list.filter((item) => item !== null && item !== '') : UNKNOWN),
  contains: (list, value) => isList(list) && list.some((item) => equal(item, value)),
  distinct: (list) => (isList(list) ? unique(list) : UNKNOWN),
  element: (list, index) => (isList(list) && list.length > 0 ? list[Number(index) % list.length]! : UNKNOWN),
  flatten: (list) => (isList(list) ? flatten(list) : UNKNOWN),
  index: (list, value) => (isList(list) ? list.findIndex((item) => equal(item, value)) : UNKNOWN),
  keys: (object) => (isObject(object) ? sortedKeys(object) : UNKNOWN),
  length: (value) => lengthOf(value),
  lookup: (object, key, fallback = UNKNOWN) => (isObject(object) ? (object[textOf(key) ?? ''] ?? fallback) : UNKNOWN),
  merge: (...objects) => Object.assign({}, ...objects.filter(isObject)) as ObjectValue,
  one: (list) => (isList(list) ? (list[0] ?? null) : UNKNOWN),
  range: (...bounds) => range(bounds.map(Number)),
  reverse: (list) => (isList(list) ? list.toReversed() : UNKNOWN),
  setproduct: (...lists) => product(lists),
  slice: (list, from, to) => (isList(list) ? list.slice(Number(from), Number(to)) : UNKNOWN),
  sort: (list) => (isList(list) ? list.map((item) => textOf(item) ?? '').toSorted() : UNKNOWN),
  values: (object) => (isObject(object) ? sortedKeys(object).map((key) => object[key]!) : UNKNOWN),
  zipmap: (names, list) =>
    isList(names) && isList(list)
      ? Object.fromEntries(names.map((name, index) => [textOf(name) ?? '', list[index] ?? UNKNOWN]))
      : UNKNOWN,
  // Conversions
  tobool: (value) => (value === 'true' ? true : value === 'false' ? false : value!),
  tolist: (value) => value!,
  tomap: (value) => value!,
  tonumber: (value) => (textOf(value) === undefined ? value! : Number(value)),
  toset: (list) => (isList(list) ? unique(list) : UNKNOWN),
  tostring: (value) => textOf(value) ?? null,
  jsonencode: (value) => (isUnknown(value!) ? UNKNOWN : JSON.stringify(toJson(value!))),
  jsondecode: (text) => decodeJson(textOf(text) ?? ''),
  base64encode: (text) => Buffer.from(textOf(text) ?? '').toString('base64'),
  base64decode: (text) => Buffer.from(textOf(text) ?? '', 'base64').toString(),
  // Text
  format: (pattern, ...given) => format(textOf(pattern) ?? '', given),
  join: (separator, list) =>
    isList(list) && !isUnknown(list) ? list.map((item) => textOf(item) ?? '').join(textOf(separator)) : UNKNOWN,
  lower: (text) => (textOf(text) ?? '').toLowerCase(),
  replace: (text, from, to) => replace(textOf(text) ?? '', textOf(from) ?? '', textOf(to) ?? ''),
  split: (separator, text) => (textOf(text) ?? '').split(textOf(separator) ?? ''),
  startswith: (text, start) => (textOf(text) ?? '').startsWith(textOf(start) ?? ''),
  endswith: (text, end) => (textOf(text) ?? '').endsWith(textOf(end) ?? ''),
  substr: (text, from, length) =>
    (textOf(text) ?? '').slice(Number(from), Number(length) < 0 ? undefined : Number(from) + Number(length)),
  trimprefix: (text, prefix) => withoutPrefix(textOf(text) ?? '', textOf(prefix) ?? ''),
  trimspace: (text) => (textOf(text) ?? '').trim(),
  trimsuffix: (text, suffix) => withoutSuffix(textOf(text) ?? '', textOf(suffix) ?? ''),
  upper: (text) => (textOf(text) ?? '').toUpperCase(),
  md5: (text) => hash('md5', text),
  sha1: (text) => hash('sha1', text),
  sha256: (text) => hash('sha256', text),
  // Numbers and networks
  abs: (value) => Math.abs(Number(value)),
  ceil: (value) => Math.ceil(Number(value)),
  floor: (value) => Math.floor(Number(value)),
  max: (...values) => Math.max(...values.map(Number)),
  min: (...values) => Math.min(...values.map(Number)),
  cidrsubnet: (prefix, bits, number) => subnetOf(textOf(prefix) ?? '', Number(bits), Number(number)) ?? UNKNOWN,
};

function equal(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function unique(list: readonly Value[]): readonly Value[] {
  return list.filter((item, index) => list.findIndex((other) => equal(other, item)) === index);
}

function flatten(list: readonly Value[]): readonly Value[] {
  return list.flatMap((item) => (isList(item) ? flatten(item) : [item]));
}

function sortedKeys(object: ObjectValue): readonly string[] {
  return Object.keys(object).toSorted();
}

function lengthOf(value: Value | undefined): Value {
  if (isList(value) || typeof value === 'string') return value.length;
  return isObject(value) ? Object.keys(value).length : UNKNOWN;
}

function range(bounds: readonly number[]): readonly number[] {
  const [from = 0, to = 0] = bounds.length === 1 ? [0, bounds[0]] : bounds;
  const step = bounds[2] ?? (to < from ? -1 : 1);
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step);
}

function product(lists: readonly Value[]): Value {
  return lists.reduce<readonly (readonly Value[])[]>(
    (rows, list) => (isList(list) ? rows.flatMap((row) => list.map((item) => [...row, item])) : []),
    [[]],
  );
}

function decodeJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return UNKNOWN;
  }
}

/** The verbs of `format` that names are made with: %s, %v, %d and %q, with zero padding (%02d). */
function format(pattern: string, given: readonly Value[]): Value {
  let next = 0;
  if (isUnknown(given)) return UNKNOWN;
  return pattern.replaceAll(
    /%(?:(0?)(\d*)([svdq])|%)/g,
    (verb: string, zero: string, width: string, letter: string) => {
      if (verb === '%%') return '%';
      const value = given[next++] ?? null;
      const text = letter === 'q' ? JSON.stringify(value) : (textOf(value) ?? JSON.stringify(value));
      return text.padStart(Number(width), zero === '0' ? '0' : ' ');
    },
  );
}

function replace(text: string, from: string, to: string): string {
  const pattern = /^\/(.*)\/$/s.exec(from)?.[1];
  return pattern === undefined ? text.replaceAll(from, to) : text.replaceAll(new RegExp(pattern, 'g'), to);
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function withoutSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function hash(algorithm: string, text: Value | undefined): Value {
  return createHash(algorithm)
    .update(textOf(text) ?? '')
    .digest('hex');
}
