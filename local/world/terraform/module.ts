import { basename, resolve } from 'node:path';
import { blocks, readConfiguration } from './configuration';
import type { Body, Configuration, ResourceBlock } from './configuration';
import { readDataSource } from './data-sources';
import type { DataSourceContext } from './data-sources';
import { failure, TerraformError } from './diagnostics';
import { evaluate, withNames } from './hcl/evaluate';
import type { Scope } from './hcl/evaluate';
import { referencesIn } from './hcl/expression';
import type { Expression } from './hcl/expression';
import { parseTemplate } from './hcl/parse-expression';
import { isList, isObject, textOf, UNKNOWN } from './hcl/value';
import type { Value } from './hcl/value';

/** The key of an instance: a position of `count`, a key of `for_each`, or none. */
export type InstanceKey = number | string | undefined;

export interface ResourceInstance {
  readonly module: Module;
  readonly block: ResourceBlock;
  readonly key: InstanceKey;
  /** Such as `module.network.aws_subnet.private[0]`. */
  readonly address: string;
}

/** What all modules of one command share. */
export interface ModuleContext {
  readonly dataSources: DataSourceContext;
  /** Attributes of managed resource instances by address, filled as they are made. */
  readonly attributes: Map<string, Value>;
}

/** One instance of a module: its configuration with the values that its caller gave. */
export class Module implements Scope {
  /** Instances of called modules by name, in the order of their keys. */
  readonly children = new Map<string, { readonly key: InstanceKey; readonly module: Module }[]>();
  /** What is being looked up now: a local that refers to itself is unknown instead of endless. */
  private readonly pending = new Set<string>();

  constructor(
    readonly configuration: Configuration,
    /** `` for the root module, otherwise `module.network` and so on. */
    readonly path: string,
    private readonly inputs: ReadonlyMap<string, () => Value>,
    readonly context: ModuleContext,
    /** The call that made it, for dependencies through its variables. */
    readonly call?: { readonly parent: Module; readonly body: Body },
  ) {}

  resolve(path: readonly string[]): { readonly value: Value; readonly length: number } {
    const [root = '', name = '', third = ''] = path;
    switch (root) {
      case 'var':
        return { value: this.variable(name), length: 2 };
      case 'local':
        return { value: this.once(`local.${name}`, () => this.evaluate(this.configuration.locals[name])), length: 2 };
      case 'module':
        return { value: this.outputsOf(name), length: 2 };
      case 'data':
        return { value: this.resource('data', name, third), length: 3 };
      case 'path':
        return { value: name === 'module' ? this.configuration.directory : '.', length: 2 };
      case 'terraform':
        return { value: 'default', length: 2 };
      default:
        return { value: this.resource('managed', root, name), length: 2 };
    }
  }

  variable(name: string): Value {
    const input = this.inputs.get(name);
    if (input) return input();
    const declared = this.configuration.variables[name];
    return declared && Object.hasOwn(declared, 'default') ? this.evaluate(declared['default']) : UNKNOWN;
  }

  output(name: string): Value {
    return this.evaluate(this.configuration.outputs[name]?.['value']);
  }

  /** Every instance of the managed resources of this module and of those that it calls. */
  instances(): readonly ResourceInstance[] {
    const own = this.configuration.resources
      .filter((block) => block.mode === 'managed')
      .flatMap((block) => this.instancesOf(block));
    return [...own, ...[...this.children.values()].flat().flatMap(({ module }) => module.instances())];
  }

  /** The address of a block, without the key of an instance. */
  addressOf({ mode, type, name }: ResourceBlock): string {
    return [this.path, mode === 'data' ? 'data' : '', type, name].filter((part) => part !== '').join('.');
  }

  instancesOf(block: ResourceBlock): readonly ResourceInstance[] {
    return keysOf(block.body, this).map((key) => ({
      module: this,
      block,
      key,
      address: `${this.addressOf(block)}${suffixOf(key)}`,
    }));
  }

  /** The arguments of an instance, with dynamic blocks unfolded; meta-arguments are left out. */
  argumentsOf({ block, key }: ResourceInstance): { readonly [name: string]: Value } {
    const scope = withNames(this, instanceNames(block.body, key, this));
    const { count: _count, for_each: _forEach, depends_on: _dependsOn, lifecycle: _lifecycle, ...rest } = block.body;
    const value = evaluateTree(rest, scope);
    return isObject(value) ? value : {};
  }

  evaluate(tree: unknown): Value {
    return evaluateTree(tree, this);
  }

  private once(name: string, compute: () => Value): Value {
    if (this.pending.has(name)) return UNKNOWN;
    this.pending.add(name);
    try {
      return compute();
    } finally {
      this.pending.delete(name);
    }
  }

  private resource(mode: 'managed' | 'data', type: string, name: string): Value {
    const block = this.configuration.resources.find(
      (one) => one.mode === mode && one.type === type && one.name === name,
    );
    if (!block) return UNKNOWN;
    return this.once(this.addressOf(block), () =>
      collect(
        this.instancesOf(block).map((instance) => ({
          key: instance.key,
          value:
            mode === 'data'
              ? readDataSource(type, this.argumentsOf(instance), this.context.dataSources)
              : (this.context.attributes.get(instance.address) ?? UNKNOWN),
        })),
        block.body,
      ),
    );
  }

  private outputsOf(name: string): Value {
    const instances = this.children.get(name) ?? [];
    return collect(
      instances.map(({ key, module }) => ({
        key,
        value: Object.fromEntries(
          Object.keys(module.configuration.outputs).map((output) => [output, module.output(output)]),
        ),
      })),
      this.configuration.modules[name] ?? {},
    );
  }
}

/**
 * The root module with the local modules that it calls.
 * @throws TerraformError for files that cannot be parsed and for modules that would have to be downloaded.
 */
export async function loadModule(
  configuration: Configuration,
  inputs: ReadonlyMap<string, Value>,
  context: ModuleContext,
): Promise<Module> {
  const given = new Map(Array.from(inputs, ([name, value]) => [name, () => value] as const));
  const root = new Module(configuration, '', given, context);
  await loadChildren(root);
  return root;
}

async function loadChildren(parent: Module): Promise<void> {
  for (const [name, body] of Object.entries(parent.configuration.modules)) {
    const source = textOf(parent.evaluate(body['source'])) ?? '';
    if (!/^\.\.?\//.test(source)) throw new TerraformError([notLocal(parent, name, source)]);
    const configuration = await readConfiguration(resolve(parent.configuration.directory, source));
    const instances = keysOf(body, parent).map((key) => {
      const scope = withNames(parent, instanceNames(body, key, parent));
      const inputs = new Map(
        Object.keys(configuration.variables)
          .filter((variable) => Object.hasOwn(body, variable))
          .map((variable) => [variable, () => evaluateTree(body[variable], scope)] as const),
      );
      const path = [parent.path, `module.${name}${suffixOf(key)}`].filter((part) => part !== '').join('.');
      return { key, module: new Module(configuration, path, inputs, parent.context, { parent, body }) };
    });
    parent.children.set(name, instances);
    for (const { module } of instances) await loadChildren(module);
  }
}

function notLocal(parent: Module, name: string, source: string): ReturnType<typeof failure> {
  return failure(
    'Failed to download module',
    `Could not download module "${name}" (${basename(parent.configuration.directory)}) source code from "${source}": ` +
      'the local drill reads local modules only (a source that begins with "./" or "../"). Vendor the module into the ' +
      'repository to drill it on this machine; on AWS it is downloaded.',
  );
}

/** The keys that `count` or `for_each` give; one instance without a key where neither is set or its value is unknown. */
function keysOf(body: Body, scope: Scope): readonly InstanceKey[] {
  if (Object.hasOwn(body, 'count')) {
    const count = evaluateTree(body['count'], scope);
    const number = Number(textOf(count));
    return Array.from({ length: Number.isInteger(number) ? number : 1 }, (_, index) => index);
  }
  if (!Object.hasOwn(body, 'for_each')) return [undefined];
  const each = evaluateTree(body['for_each'], scope);
  if (isList(each)) return each.map((item) => textOf(item) ?? '').toSorted();
  return isObject(each) ? Object.keys(each).toSorted() : [''];
}

function instanceNames(body: Body, key: InstanceKey, scope: Scope): Record<string, Value> {
  if (typeof key === 'number') return { count: { index: key } };
  if (typeof key !== 'string') return {};
  const each = evaluateTree(body['for_each'], scope);
  return { each: { key, value: isObject(each) ? (each[key] ?? UNKNOWN) : key } };
}

/** `[0]`, `["key"]` or nothing. */
export function suffixOf(key: InstanceKey): string {
  return key === undefined ? '' : `[${JSON.stringify(key)}]`;
}

/** Instances as a reference sees them: one value, a list (`count`) or an object (`for_each`). */
function collect(instances: readonly { readonly key: InstanceKey; readonly value: Value }[], body: Body): Value {
  if (Object.hasOwn(body, 'count')) return instances.map(({ value }) => value);
  if (Object.hasOwn(body, 'for_each')) return Object.fromEntries(instances.map(({ key, value }) => [key ?? '', value]));
  return instances[0]?.value ?? UNKNOWN;
}

/** Parsed strings by their text. */
const expressions = new Map<string, Expression | undefined>();

function expressionOf(text: string): Expression | undefined {
  if (!expressions.has(text)) {
    try {
      expressions.set(text, parseTemplate(text));
    } catch {
      expressions.set(text, undefined);
    }
  }
  return expressions.get(text);
}

/** The value of JSON whose strings may be templates. Dynamic blocks become the blocks that they generate. */
function evaluateTree(tree: unknown, scope: Scope): Value {
  if (typeof tree === 'string') {
    const expression = expressionOf(tree);
    return expression ? evaluate(expression, scope) : UNKNOWN;
  }
  if (Array.isArray(tree)) return tree.map((item) => evaluateTree(item, scope));
  if (typeof tree !== 'object' || tree === null) return (tree ?? null) as Value;
  const result: Record<string, Value> = {};
  for (const [name, part] of Object.entries(tree)) {
    if (name === 'dynamic') Object.assign(result, dynamicBlocks(part, scope));
    else result[textOf(evaluateTree(name, scope)) ?? name] = evaluateTree(part, scope);
  }
  return result;
}

function dynamicBlocks(dynamic: unknown, scope: Scope): Record<string, Value> {
  const result: Record<string, Value> = {};
  for (const [name, value] of blocks(dynamic).flatMap((body) => Object.entries(body))) {
    result[name] = blocks(value).flatMap((block) => {
      const each = evaluateTree(block['for_each'], scope);
      const iterator = typeof block['iterator'] === 'string' ? block['iterator'].replaceAll(/[${}]/g, '') : name;
      if (!isList(each) && !isObject(each)) return [];
      return Object.entries(each).flatMap(([key, item]) => {
        const inner = withNames(scope, { [iterator]: { key: isList(each) ? item : key, value: item } });
        return blocks(block['content']).map((content) => evaluateTree(content, inner));
      });
    });
  }
  return result;
}

/** Every reference in a tree, by its longest static path. `depends_on` entries count as references. */
export function referencesOf(tree: unknown): readonly (readonly string[])[] {
  if (typeof tree === 'string') {
    const expression = expressionOf(tree);
    return expression ? referencesIn(expression) : [];
  }
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, part]) =>
    name === 'depends_on' && Array.isArray(part) ? part.map(dependsOnPath) : referencesOf(part),
  );
}

/** `${aws_vpc.this}` from HCL, `aws_vpc.this` from JSON. */
function dependsOnPath(text: unknown): readonly string[] {
  return String(text)
    .replaceAll(/^\$\{|\}$/g, '')
    .split('.');
}
