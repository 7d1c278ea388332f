import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { blocks, findSource } from './configuration';
import type { Body, Configuration } from './configuration';
import { failure, TerraformError } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import { evaluate, withNames } from './hcl/evaluate';
import type { Scope } from './hcl/evaluate';
import { parseExpression, parseTemplate } from './hcl/parse-expression';
import { isList, isObject, textOf, UNKNOWN } from './hcl/value';
import type { Value } from './hcl/value';

/** Where values of variables come from. */
export interface VariableSources {
  readonly env: Readonly<Record<string, string>>;
  /** `-var` arguments, `name=value`. */
  readonly assignments: readonly string[];
  /** `-var-file` arguments, relative to the directory. */
  readonly files: readonly string[];
}

export interface VariableValues {
  readonly values: ReadonlyMap<string, Value>;
  readonly warnings: readonly Diagnostic[];
}

const NOTHING: Scope = { resolve: (path) => ({ value: UNKNOWN, length: path.length }) };

/**
 * Values of the root module's variables, in Terraform's order of precedence: environment, `terraform.tfvars`,
 * `*.auto.tfvars`, `-var-file`, `-var`.
 * @throws TerraformError for a required variable without a value, a value of another type, an undeclared `-var`, a
 * failed validation.
 */
export async function readVariables(configuration: Configuration, sources: VariableSources): Promise<VariableValues> {
  const values = new Map<string, Value>();
  const warnings: Diagnostic[] = [];
  const errors: Diagnostic[] = [];
  for (const name of Object.keys(configuration.variables)) {
    const text = sources.env[`TF_VAR_${name}`];
    if (text !== undefined) values.set(name, fromText(configuration, name, text));
  }
  for (const file of [...automaticFiles(configuration.directory), ...sources.files]) {
    for (const [name, value] of await readVariableFile(configuration.directory, file)) {
      if (configuration.variables[name]) values.set(name, value);
      else if (sources.files.includes(file)) warnings.push(undeclaredInFile(name, file));
    }
  }
  for (const assignment of sources.assignments) {
    const [, name = '', text = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (configuration.variables[name]) values.set(name, fromText(configuration, name, text));
    else errors.push(undeclaredOnCommandLine(name));
  }
  for (const [name, body] of Object.entries(configuration.variables)) {
    errors.push(...checked(configuration, name, body, values));
  }
  if (errors.length > 0) throw new TerraformError(errors);
  return { values, warnings };
}

function automaticFiles(directory: string): readonly string[] {
  const files = readdirSync(directory).toSorted();
  return [
    ...files.filter((file) => /^terraform\.tfvars(?:\.json)?$/.test(file)),
    ...files.filter((file) => /\.auto\.tfvars(?:\.json)?$/.test(file)),
  ];
}

async function readVariableFile(directory: string, file: string): Promise<readonly (readonly [string, Value])[]> {
  const path = isAbsolute(file) ? file : join(directory, file);
  if (!existsSync(path)) {
    throw new TerraformError([
      failure('Failed to read variables file', `Given variables file ${file} does not exist.`),
    ]);
  }
  const text = readFileSync(path, 'utf8');
  if (file.endsWith('.json')) return Object.entries(JSON.parse(text) as Record<string, Value>);
  const body = (await parse(file, text)) as Body;
  return Object.entries(body).map(([name, tree]) => [name, literal(tree)]);
}

/** The value of a tree without references, as `*.tfvars` files hold. */
function literal(tree: unknown): Value {
  if (typeof tree === 'string') return evaluate(parseTemplate(tree), NOTHING);
  if (Array.isArray(tree)) return tree.map(literal);
  if (typeof tree !== 'object' || tree === null) return tree as Value;
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, literal(part)]));
}

/** Text is taken as it is by a variable of a primitive type and read as an expression by any other. */
function fromText({ variables }: Configuration, name: string, text: string): Value {
  const type = typeNameOf(variables[name] ?? {});
  return type === 'string' || type === 'number' || type === 'bool' || type === ''
    ? text
    : evaluate(parseExpression(text), NOTHING);
}

/** `string`, `list`, `map`, …; empty where the variable takes anything. */
function typeNameOf(variable: Body): string {
  const type = typeof variable['type'] === 'string' ? variable['type'] : '';
  const name = /^(?:\$\{)?\s*([a-z]+)/.exec(type)?.[1] ?? '';
  return name === 'any' ? '' : name;
}

/** Checks a variable and converts its value in place. */
function checked(
  configuration: Configuration,
  name: string,
  body: Body,
  values: Map<string, Value>,
): readonly Diagnostic[] {
  const source = (): ReturnType<typeof findSource> =>
    withoutContext(findSource(configuration.sources, new RegExp(`^[ \\t]*variable[ \\t]+"${name}"`)));
  const given = values.get(name);
  if (given === undefined) {
    if (Object.hasOwn(body, 'default')) return [];
    const detail = `The root module input variable "${name}" is not set, and has no default value. Use a -var or -var-file command line argument to provide a value for this variable.`;
    return [failure('No value for required variable', detail, source())];
  }
  const value = converted(given, typeNameOf(body));
  if (value === undefined) {
    const range = source()?.range;
    const place = range ? `${range.filename}:${range.start.line},${range.start.column}` : '';
    const detail = `The given value is not suitable for var.${name} declared at ${place}: ${typeNameOf(body)} required.`;
    return [failure('Invalid value for input variable', detail, source())];
  }
  values.set(name, value);
  const scope = withNames(NOTHING, { var: Object.fromEntries(values) });
  return blocks(body['validation']).flatMap((rule) => {
    const condition = typeof rule['condition'] === 'string' ? parseTemplate(rule['condition']) : undefined;
    if (!condition || evaluate(condition, scope) !== false) return [];
    return [failure('Invalid value for variable', textOf(literal(rule['error_message'])) ?? '', source())];
  });
}

function withoutContext(source: ReturnType<typeof findSource>): ReturnType<typeof findSource> {
  return source && { ...source, snippet: { ...source.snippet, context: null } };
}

/** The value as the type wants it; undefined when it does not fit. */
function converted(value: Value, type: string): Value | undefined {
  switch (type) {
    case 'string':
      return value === null ? value : textOf(value);
    case 'number':
      return Number.isNaN(Number(textOf(value) ?? Number.NaN)) ? undefined : Number(textOf(value));
    case 'bool':
      return { true: true, false: false }[textOf(value) ?? ''];
    case 'list':
    case 'set':
    case 'tuple':
      return isList(value) ? value : undefined;
    case 'map':
    case 'object':
      return isObject(value) ? value : undefined;
    default:
      return value;
  }
}

function undeclaredInFile(name: string, file: string): Diagnostic {
  return {
    severity: 'warning',
    summary: 'Value for undeclared variable',
    detail:
      `The root module does not declare a variable named "${name}" but a value was found in file "${file}". If you meant to use this value, add a "variable" block to the configuration.\n\n` +
      'To silence these warnings, use TF_VAR_... environment variables to provide certain "global" settings to all configurations in your organization. To reduce the verbosity of these warnings, use the -compact-warnings option.',
  };
}

function undeclaredOnCommandLine(name: string): Diagnostic {
  return failure(
    'Value for undeclared variable',
    `A variable named "${name}" was assigned on the command line, but the root module does not declare a variable of that name. To use this value, add a "variable" block to the configuration.`,
  );
}
