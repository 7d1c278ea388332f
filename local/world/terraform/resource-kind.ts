import { hexOf, type SimulatedAccount } from '../simulated-account';
import { isList, isObject, textOf, type ObjectValue, type Value } from './hcl/value';

/** What a new resource is made from. */
export interface Making {
  readonly world: SimulatedAccount;
  /** Evaluated arguments; nested blocks are lists of objects. */
  readonly arguments: ObjectValue;
  /** Seeds everything that AWS would make up (ids, addresses); unique to this resource of this state. */
  readonly seed: string;
  /** Region of its provider. */
  readonly region: string;
}

/** What a Terraform type makes in AWS. */
export interface ResourceKind {
  /** Inventory type, `<service>:<kind>` as in its ARN. */
  readonly type: string;
  readonly id: (making: Making) => string;
  /** The part of the ARN after the account; `<kind>/<id>` without. Global services leave out the region. */
  readonly arnPath?: (making: Making, id: string) => string;
  /** What its own API says of it, in the words that the services read. */
  readonly attributes?: (making: Making, id: string) => Record<string, unknown>;
  /** Terraform attributes beside `id`, `arn`, tags and the arguments. */
  readonly computed?: (making: Making, id: string) => ObjectValue;
  /** Arguments without which the provider refuses the block. */
  readonly required?: readonly string[];
  /** Its id is known before it is ready, so a creation that is cut short stays in the state, tainted. */
  readonly waits?: true;
}

/** ARN of a resource of a kind. */
export function arnOf(kind: ResourceKind, making: Making, id: string): string {
  const [service = '', name = ''] = kind.type.split(':');
  const region = GLOBAL_SERVICES.has(service) ? '' : making.region;
  const account = service === 's3' ? '' : making.world.account;
  return `arn:aws:${service}:${region}:${account}:${kind.arnPath?.(making, id) ?? `${name}/${id}`}`;
}

const GLOBAL_SERVICES = new Set(['iam', 's3', 'route53', 'cloudfront']);

/** Text of an argument; empty when it is missing or unknown. */
export function argumentOf(making: Pick<Making, 'arguments'>, name: string): string {
  return textOf(making.arguments[name]) ?? '';
}

/** The first nested block of a name. */
export function blockOf(making: Pick<Making, 'arguments'>, name: string): ObjectValue {
  const value = making.arguments[name];
  const first = isList(value) ? value[0] : value;
  return isObject(first) ? first : {};
}

export function texts(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map(textOf).filter((text) => text !== undefined) : [];
}

/** The `name` argument, a `name_prefix` with a suffix, or what AWS makes up. */
export function nameOr(fallback: (making: Making) => string): (making: Making) => string {
  return (making) => {
    const name = argumentOf(making, 'name');
    if (name !== '') return name;
    const prefix = argumentOf(making, 'name_prefix');
    return prefix === '' ? fallback(making) : `${prefix}${hexOf(making.world.chance, making.seed, 26)}`;
  };
}

export const terraformName = nameOr((making) => `terraform-${hexOf(making.world.chance, making.seed, 26)}`);

/** An EC2 id such as `vpc-0a1b…`. */
export function ec2Id(prefix: string): (making: Making) => string {
  return (making) => `${prefix}-0${hexOf(making.world.chance, making.seed, 16)}`;
}

export function inVpc(making: Making): Record<string, unknown> {
  return { vpcId: argumentOf(making, 'vpc_id') };
}

/** The VPC of the subnet that an argument names. */
export function vpcOfSubnet({ world }: Making, subnetId: string): string {
  return String(world.aws.find('ec2:subnet', subnetId)?.attributes['vpcId'] ?? '');
}
