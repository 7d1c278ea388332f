import { failure, TerraformError } from './diagnostics';
import { referencesOf } from './module';
import type { Module, ResourceInstance } from './module';

/**
 * What each resource block needs, by address without instance keys (`aws_vpc.this`), through locals, variables,
 * outputs of modules and data sources, as Terraform's own graph has it.
 */
export function dependenciesOf({ module, block }: Pick<ResourceInstance, 'module' | 'block'>): ReadonlySet<string> {
  const ofModule = known.get(module) ?? new Map<string, ReadonlySet<string>>();
  known.set(module, ofModule);
  const address = module.addressOf(block);
  const found = ofModule.get(address) ?? collectDependencies({ module, block });
  ofModule.set(address, found);
  return found;
}

/** Dependencies by address: they follow from the text alone, and every instance of a block has the same. */
const known = new WeakMap<Module, Map<string, ReadonlySet<string>>>();

function collectDependencies(instance: Pick<ResourceInstance, 'module' | 'block'>): ReadonlySet<string> {
  const found = new Set<string>();
  const visited = new Set<string>();
  follow(instance.module, instance.block.body, found, visited);
  for (let { module } = instance; module.call; module = module.call.parent) {
    // A module that depends on something makes everything in it wait.
    follow(module.call.parent, { depends_on: module.call.body['depends_on'] }, found, visited);
  }
  found.delete(instance.module.addressOf(instance.block));
  return found;
}

function follow(module: Module, tree: unknown, found: Set<string>, visited: Set<string>): void {
  for (const path of referencesOf(tree)) followPath(module, path, found, visited);
}

function followPath(module: Module, path: readonly string[], found: Set<string>, visited: Set<string>): void {
  const [root = '', name = '', third = ''] = path;
  const key = `${module.path} ${path.slice(0, 3).join('.')}`;
  if (visited.has(key)) return;
  visited.add(key);
  const { locals, resources } = module.configuration;
  if (root === 'local') {
    follow(module, locals[name], found, visited);
  } else if (root === 'var') {
    if (module.call) follow(module.call.parent, module.call.body[name], found, visited);
  } else if (root === 'module') {
    for (const child of module.children.get(name) ?? []) followModule(child.module, third, found, visited);
  } else {
    const [mode, type, label] = root === 'data' ? ['data', name, third] : ['managed', root, name];
    const block = resources.find((one) => one.mode === mode && one.type === type && one.name === label);
    if (!block) return;
    found.add(module.addressOf(block));
    follow(module, block.body, found, visited);
  }
}

/** An output of a module; without one (`depends_on = [module.network]`) all that it holds. */
function followModule(module: Module, output: string, found: Set<string>, visited: Set<string>): void {
  if (module.configuration.outputs[output]) {
    follow(module, module.configuration.outputs[output], found, visited);
    return;
  }
  for (const block of module.configuration.resources) {
    found.add(module.addressOf(block));
    follow(module, block.body, found, visited);
  }
}

/** Something to do after others. */
export interface GraphNode {
  readonly address: string;
  /** Addresses of nodes that come first. */
  readonly after: ReadonlySet<string>;
}

/** @throws TerraformError naming the nodes of a cycle. */
export function assertAcyclic(nodes: readonly GraphNode[]): void {
  let left = [...nodes];
  for (;;) {
    const names = new Set(left.map(({ address }) => address));
    const stuck = left.filter(({ after }) => [...after].some((name) => names.has(name)));
    if (stuck.length === 0) return;
    if (stuck.length === left.length) {
      throw new TerraformError([failure(`Cycle: ${stuck.map(({ address }) => address).join(', ')}`, '')]);
    }
    left = stuck;
  }
}
