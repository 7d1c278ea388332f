import { blocks, findSource } from './configuration';
import type { Configuration } from './configuration';
import { failure } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import { referencesOf } from './module';
import type { Module } from './module';
import { kindOf } from './resource-kinds';
import { satisfies } from './version-constraint';

/** What `terraform validate` finds: versions, references to what is not declared, missing required arguments. */
export function validate(root: Module, terraformVersion: string): readonly Diagnostic[] {
  const modules = modulesOf(root);
  return [
    ...modules.flatMap(({ configuration }) => versionErrors(configuration, terraformVersion)),
    ...modules.flatMap(({ configuration }) => argumentErrors(configuration)),
    ...modules.flatMap(referenceErrors),
  ];
}

function modulesOf(module: Module): readonly Module[] {
  return [module, ...[...module.children.values()].flat().flatMap((child) => modulesOf(child.module))];
}

function versionErrors({ requiredVersions, sources }: Configuration, version: string): readonly Diagnostic[] {
  if (requiredVersions.every((constraint) => satisfies(version, constraint))) return [];
  const detail = `This configuration does not support Terraform version ${version}. To proceed, either choose another supported Terraform version or update this version constraint. Version constraints are normally set for good reason, so updating the constraint may lead to other errors or unexpected behavior.`;
  const source = findSource(sources, /^[ \t]*required_version[ \t]*=[ \t]*"[^"]*"/);
  return [failure('Unsupported Terraform Core version', detail, source)];
}

/** Without the provider's schema only the arguments of well-known types are checked. */
function argumentErrors({ resources, sources }: Configuration): readonly Diagnostic[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, name, body }) =>
      (kindOf(type)?.required ?? [])
        .filter((argument) => !Object.hasOwn(body, argument) && !hasDynamic(body, argument))
        .map((argument) =>
          failure(
            'Missing required argument',
            `The argument "${argument}" is required, but no definition was found.`,
            findSource(sources, new RegExp(`^[ \\t]*resource[ \\t]+"${type}"[ \\t]+"${name}"[ \\t]*\\{`)),
          ),
        ),
    );
}

function hasDynamic(body: Readonly<Record<string, unknown>>, name: string): boolean {
  return JSON.stringify(body['dynamic'] ?? {}).includes(`"${name}":`);
}

/** Names that are no references to a resource. */
const BUILT_IN = new Set(['each', 'count', 'self', 'path', 'terraform', 'provider']);

function referenceErrors(module: Module): readonly Diagnostic[] {
  const { configuration } = module;
  const found = new Map<string, Diagnostic>();
  for (const { body, bound } of trees(configuration)) {
    for (const path of referencesOf(body)) {
      if (BUILT_IN.has(path[0] ?? '') || bound.has(path[0] ?? '')) continue;
      const problem = problemOf(module, path);
      if (problem) found.set(path.join('.'), problem);
    }
  }
  return [...found.values()];
}

/** Every place that may refer to something, with the iterators of its dynamic blocks. */
function trees(configuration: Configuration): readonly { body: unknown; bound: ReadonlySet<string> }[] {
  return [
    ...configuration.resources.map(({ body }) => {
      // An alias of a provider (`aws.west`) is no reference to a resource, and a lifecycle names arguments.
      const { provider: _provider, lifecycle: _lifecycle, ...rest } = body;
      return { body: rest, bound: iteratorsIn(rest) };
    }),
    ...configuration.providers.map(({ body }) => ({ body, bound: iteratorsIn(body) })),
    ...Object.values(configuration.modules).map(({ providers: _providers, ...body }) => ({
      body,
      bound: iteratorsIn(body),
    })),
    { body: configuration.locals, bound: new Set<string>() },
    ...Object.values(configuration.outputs).map((body) => ({ body, bound: new Set<string>() })),
  ];
}

function iteratorsIn(tree: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  if (typeof tree !== 'object' || tree === null) return found;
  for (const [name, part] of Object.entries(tree)) {
    if (name === 'dynamic') addIterators(part, found);
    for (const inner of iteratorsIn(part)) found.add(inner);
  }
  return found;
}

function addIterators(dynamic: unknown, found: Set<string>): void {
  for (const [name, value] of blocks(dynamic).flatMap((body) => Object.entries(body))) {
    found.add(name);
    for (const { iterator } of blocks(value)) {
      if (typeof iterator === 'string') found.add(iterator.replaceAll(/[${}]/g, ''));
    }
  }
}

function problemOf({ configuration }: Module, path: readonly string[]): Diagnostic | undefined {
  const [root = '', name = '', third = ''] = path;
  const { variables, locals, modules, resources, sources } = configuration;
  const at = (text: string): ReturnType<typeof findSource> =>
    findSource(sources, new RegExp(`(?<![\\w.])${text.replaceAll('.', String.raw`\.`)}\\b`));
  if (root === 'var') {
    const detail = `An input variable with the name "${name}" has not been declared. This variable can be declared with a variable "${name}" {} block.`;
    return variables[name] ? undefined : failure('Reference to undeclared input variable', detail, at(`var.${name}`));
  }
  if (root === 'local') {
    const detail = `A local value with the name "${name}" has not been declared.`;
    return Object.hasOwn(locals, name)
      ? undefined
      : failure('Reference to undeclared local value', detail, at(`local.${name}`));
  }
  if (root === 'module') {
    const detail = `No module call named "${name}" is declared in the root module.`;
    return modules[name] ? undefined : failure('Reference to undeclared module', detail, at(`module.${name}`));
  }
  const [mode, type, label] = root === 'data' ? ['data', name, third] : ['managed', root, name];
  if (label === '') {
    const detail = `A reference to a resource type must be followed by at least one attribute access, specifying the resource name.`;
    return failure('Invalid reference', detail, at(root));
  }
  if (resources.some((one) => one.mode === mode && one.type === type && one.name === label)) return undefined;
  const detail = `A ${mode === 'data' ? 'data' : 'managed'} resource "${type}" "${label}" has not been declared in the root module.`;
  return failure('Reference to undeclared resource', detail, at(`${mode === 'data' ? 'data.' : ''}${type}.${label}`));
}
