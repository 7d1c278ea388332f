import { suffixOf } from './module';
import type { InstanceKey } from './module';
import { isList, isObject, toJson } from './hcl/value';
import type { ObjectValue, Value } from './hcl/value';

/** A resource instance that Terraform knows. */
export interface InstanceState {
  /** `` for the root module. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
  readonly attributes: ObjectValue;
  /** Addresses without keys of what it was made after, for the order of a destroy. */
  readonly dependencies: readonly string[];
  /** Its creation did not end well; the next apply replaces it. */
  readonly tainted: boolean;
}

export interface OutputState {
  readonly value: unknown;
  readonly type: unknown;
  readonly sensitive: boolean;
}

/** A Terraform state in memory; `serialise` gives the file format, version 4. */
export interface State {
  readonly lineage: string;
  serial: number;
  outputs: Record<string, OutputState>;
  readonly instances: Map<string, InstanceState>;
}

interface StateFile {
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, { value: unknown; type: unknown; sensitive?: boolean }>>;
  readonly resources: readonly {
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string | number;
      readonly status?: string;
      readonly attributes: ObjectValue;
      readonly dependencies?: readonly string[];
    }[];
  }[];
}

function addressOfInstance({ module, type, name, key }: Omit<InstanceState, 'attributes'>): string {
  return [module, type, `${name}${suffixOf(key)}`].filter((part) => part !== '').join('.');
}

/** The address of a resource without the key of an instance. */
export function blockAddressOf({ module, type, name }: Pick<InstanceState, 'module' | 'type' | 'name'>): string {
  return [module, type, name].filter((part) => part !== '').join('.');
}

/** Reads a state file; an absent one is an empty state of a new lineage. */
export function parseState(text: string | undefined, newLineage: string): State {
  const state: State = { lineage: newLineage, serial: 0, outputs: {}, instances: new Map() };
  if (text === undefined) return state;
  const file = JSON.parse(text) as StateFile;
  for (const [name, output] of Object.entries(file.outputs)) {
    state.outputs[name] = { value: output.value, type: output.type, sensitive: output.sensitive === true };
  }
  for (const { module = '', type, name, instances } of file.resources) {
    for (const instance of instances) {
      const known: InstanceState = {
        module,
        type,
        name,
        key: instance.index_key,
        attributes: instance.attributes,
        dependencies: instance.dependencies ?? [],
        tainted: instance.status === 'tainted',
      };
      state.instances.set(addressOfInstance(known), known);
    }
  }
  return { ...state, lineage: file.lineage, serial: file.serial };
}

/** The state as the file that `terraform state pull` prints. */
export function serialise(state: State, terraformVersion: string): string {
  const resources = new Map<string, { readonly instances: Record<string, unknown>[] }>();
  for (const address of [...state.instances.keys()].toSorted()) {
    const instance = state.instances.get(address)!;
    const { module, type, name } = instance;
    const instances: Record<string, unknown>[] = [];
    const head = { ...(module === '' ? {} : { module }), mode: 'managed', type, name, provider: providerOf(type) };
    const block = resources.get(blockAddressOf(instance)) ?? { ...head, instances };
    block.instances.push(instanceJson(instance));
    resources.set(blockAddressOf(instance), block);
  }
  const outputs = Object.entries(state.outputs).map(([name, { value, type, sensitive }]) => [
    name,
    { value, type, ...(sensitive ? { sensitive } : {}) },
  ]);
  const file = {
    version: 4,
    terraform_version: terraformVersion,
    serial: state.serial,
    lineage: state.lineage,
    outputs: Object.fromEntries(outputs) as unknown,
    resources: [...resources.values()],
    check_results: null,
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function instanceJson({ key, tainted, attributes, dependencies }: InstanceState): Record<string, unknown> {
  return {
    ...(key === undefined ? {} : { index_key: key }),
    ...(tainted ? { status: 'tainted' } : {}),
    schema_version: 0,
    attributes: toJson(attributes),
    sensitive_attributes: [],
    ...(dependencies.length > 0 ? { dependencies } : {}),
  };
}

function providerOf(type: string): string {
  return `provider["registry.terraform.io/hashicorp/${type.split('_')[0]}"]`;
}

/** The type of an output's value in the state's notation: `"string"`, `["tuple", […]]`, `["object", {…}]`. */
export function typeOf(value: Value): unknown {
  if (typeof value === 'string' || typeof value === 'number') return typeof value;
  if (typeof value === 'boolean') return 'bool';
  if (isList(value)) return ['tuple', value.map(typeOf)];
  if (isObject(value)) {
    return ['object', Object.fromEntries(Object.entries(value).map(([name, part]) => [name, typeOf(part)]))];
  }
  return 'dynamic';
}
