import type { AwsResources } from '../aws-resources';
import { readDataSource } from './data-sources';
import { failure, TerraformError } from './diagnostics';
import { assertAcyclic, dependenciesOf } from './graph';
import type { GraphNode } from './graph';
import { isObject, textOf } from './hcl/value';
import type { Module, ResourceInstance } from './module';
import type { Output } from './output';
import { resourceJson } from './resource-events';
import { blockAddressOf } from './state';
import type { InstanceState, State } from './state';

/** What an apply or a destroy will do. */
export interface Plan {
  readonly creations: readonly ResourceInstance[];
  /** Instances in the state that go, with their addresses. */
  readonly removals: readonly (readonly [string, InstanceState])[];
}

/**
 * Reads every known resource anew, as Terraform does before it plans: what is no longer there leaves the state, the
 * rest is known to references.
 */
export function refresh(state: State, root: Module, aws: AwsResources, output: Output): void {
  readDataSources(root, output);
  for (const [address, instance] of state.instances) {
    const id = textOf(instance.attributes['id']) ?? '';
    const name = { ...instance, address };
    const hook = { resource: resourceJson(name), id_key: 'id', id_value: id };
    output.event('refresh_start', `${address}: Refreshing state... [id=${id}]`, { hook });
    if (output.json) output.event('refresh_complete', `${address}: Refresh complete [id=${id}]`, { hook });
    const arn = textOf(instance.attributes['arn']);
    const isGone = arn !== undefined && arn !== '' && isAwsArn(arn, aws) && !aws.get(arn);
    if (isGone) {
      const change = { resource: resourceJson(name), action: 'delete' };
      output.event('resource_drift', `${address}: Drift detected (delete)`, { change });
      state.instances.delete(address);
    } else {
      root.context.attributes.set(address, instance.attributes);
    }
  }
}

/** Data sources are read while Terraform plans; the stream shows them like resources, with the action `read`. */
function readDataSources(root: Module, output: Output): void {
  for (const block of root.configuration.resources.filter(({ mode }) => mode === 'data')) {
    for (const instance of root.instancesOf(block)) {
      const { address, key } = instance;
      const resource = resourceJson({ module: root.path, type: block.type, name: block.name, key, address }, 'data');
      const value = readDataSource(block.type, root.argumentsOf(instance), root.context.dataSources);
      const id = isObject(value) ? (textOf(value['id']) ?? '') : '';
      output.event('apply_start', `${address}: Refreshing...`, { hook: { resource, action: 'read' } });
      output.event('apply_complete', `${address}: Refresh complete after 0s [id=${id}]`, {
        hook: { resource, action: 'read', id_key: 'id', id_value: id, elapsed_seconds: 0 },
      });
    }
  }
}

/** Whether the world ever had the resource; an ARN of anything else proves nothing. */
function isAwsArn(arn: string, aws: AwsResources): boolean {
  return aws.remembered().some((resource) => resource.arn === arn);
}

/** What is declared and missing is made, what is known and not declared goes, what is tainted is made anew. */
export function planApply(root: Module, state: State, targets: readonly string[]): Plan {
  const declared = root.instances();
  const wanted = new Map(declared.map((instance) => [instance.address, instance]));
  const creations = declared.filter(({ address }) => state.instances.get(address)?.tainted ?? true);
  const removals = [...state.instances].filter(([address, { tainted }]) => tainted || !wanted.has(address));
  if (targets.length === 0) return { creations, removals };
  const needed = new Set<string>();
  for (const instance of declared.filter(({ address }) => targets.some((target) => isTarget(address, target)))) {
    needed.add(instance.module.addressOf(instance.block));
    for (const dependency of dependenciesOf(instance)) needed.add(dependency);
  }
  return {
    creations: creations.filter((instance) => needed.has(instance.module.addressOf(instance.block))),
    removals: removals.filter(([, instance]) => needed.has(blockAddressOf(instance))),
  };
}

/**
 * Everything known goes, or the targets with all that was made after them.
 * @throws TerraformError for a resource with `prevent_destroy`.
 */
export function planDestroy(root: Module, state: State, targets: readonly string[]): Plan {
  const removals = [...state.instances].filter(
    ([address, instance]) =>
      targets.length === 0 ||
      targets.some((target) => isTarget(address, target) || instance.dependencies.includes(target)),
  );
  const kept = root.instances().filter(({ block, address }) => {
    const lifecycle = JSON.stringify(block.body['lifecycle'] ?? {});
    return lifecycle.includes('"prevent_destroy":true') && removals.some(([known]) => known === address);
  });
  if (kept.length > 0) throw new TerraformError(kept.map(({ address }) => preventsDestroy(address)));
  return { creations: [], removals };
}

function isTarget(address: string, target: string): boolean {
  return address === target || address.startsWith(`${target}.`) || address.startsWith(`${target}[`);
}

function preventsDestroy(address: string): ReturnType<typeof failure> {
  return failure(
    'Instance cannot be destroyed',
    `Resource ${address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.`,
  );
}

/** The address of the job that removes an instance. */
export function removalAddress(address: string): string {
  return `${address} (destroy)`;
}

/** The order of a plan: what each job waits for. @throws TerraformError for a cycle. */
export function orderOf({ creations, removals }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const created = groupByBlock(creations.map((one) => [one.module.addressOf(one.block), one.address]));
  const nodes: GraphNode[] = creations.map((instance) => {
    const after = new Set([...dependenciesOf(instance)].flatMap((block) => created.get(block) ?? []));
    if (removals.some(([address]) => address === instance.address)) after.add(removalAddress(instance.address));
    return { address: instance.address, after };
  });
  for (const [address, instance] of removals) {
    const users = removals.filter(([, other]) => other.dependencies.includes(blockAddressOf(instance)));
    nodes.push({
      address: removalAddress(address),
      after: new Set(users.map(([user]) => removalAddress(user)).filter((user) => user !== removalAddress(address))),
    });
  }
  assertAcyclic(nodes);
  return new Map(nodes.map(({ address, after }) => [address, after]));
}

function groupByBlock(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [block, address] of pairs) groups.set(block, [...(groups.get(block) ?? []), address]);
  return groups;
}

/** Prints a plan: each change, the outputs that change, the sums. */
export function showPlan({ creations, removals }: Plan, output: Output): void {
  const replaced = new Set(removals.map(([address]) => address));
  for (const { address, block, key, module } of creations) {
    const name = { module: module.path, type: block.type, name: block.name, key, address };
    const action = replaced.has(address) ? 'replace' : 'create';
    const change = { resource: resourceJson(name), action };
    output.event('planned_change', `${address}: Plan to ${action}`, { change });
  }
  const made = new Set(creations.map(({ address }) => address));
  for (const [address, instance] of removals) {
    if (made.has(address)) continue;
    const change = { resource: resourceJson({ ...instance, address }), action: 'delete' };
    output.event('planned_change', `${address}: Plan to delete`, { change });
  }
  output.event('change_summary', `Plan: ${creations.length} to add, 0 to change, ${removals.length} to destroy.`, {
    changes: { add: creations.length, change: 0, import: 0, remove: removals.length, operation: 'plan' },
  });
}
