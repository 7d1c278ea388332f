import type { Fault } from '../../scenarios';
import type { AwsResource } from '../aws-resources';
import { DELETE_PATIENCE_SECONDS, durationOf } from '../durations';
import { beginRemoval, obstacleTo } from '../removal';
import { uuidOf } from '../simulated-account';
import type { SimulatedAccount } from '../simulated-account';
import { findSource } from './configuration';
import { makeAws, makeLocal, tagsOfArguments } from './creation';
import type { ClusterEndpoints, Made } from './creation';
import type { Diagnostic } from './diagnostics';
import { resourceEvents } from './resource-events';
import { dependenciesOf } from './graph';
import { isObject, textOf } from './hcl/value';
import type { ObjectValue } from './hcl/value';
import type { Module, ResourceInstance } from './module';
import type { Output } from './output';
import { relate } from './relations';
import { arnOf, type Making } from './resource-kind';
import { kindOf } from './resource-kinds';
import type { InstanceState, State } from './state';
import type { Job } from './walk';

/** What the simulated world is told of Terraform's work. */
export interface DeploymentHooks {
  /** An AWS resource is ready. */
  readonly created?: (resource: AwsResource) => void;
  /** An AWS resource is gone. */
  readonly removed?: (resource: AwsResource) => void;
}

export interface DeploymentParts {
  readonly world: SimulatedAccount;
  readonly faults: readonly Fault[];
  readonly clusterEndpoints: ClusterEndpoints;
  readonly hooks: DeploymentHooks;
  readonly root: Module;
  readonly state: State;
  /** Name of the state among all others, for ids. */
  readonly stateName: string;
  readonly output: Output;
  /** Keeps the state, after a change of it. */
  readonly changed: () => Promise<void>;
}

/** How often the provider tries a refused deletion again. */
const DELETE_RETRY_MILLISECONDS = 10_000;

/** Makes and removes resources in the simulated world, one job each, and keeps the state of them. */
export class Deployment {
  /** Faults that have struck: only the first resource of a type fails. */
  private readonly struck = new Set<Fault>();

  constructor(private readonly parts: DeploymentParts) {}

  /** @param after addresses of jobs that come first. */
  creation(instance: ResourceInstance, after: ReadonlySet<string>): Job {
    const { address, block } = instance;
    const events = resourceEvents(this.parts.output, { ...partsOf(instance), address }, 'create');
    const fault = this.parts.faults.find((one) => one.kind === 'resource-fails' && one.resourceType === block.type) as
      Extract<Fault, { kind: 'resource-fails' }> | undefined;
    let made: Made | undefined;
    let failing: string | undefined;
    const fail = (message: string): Diagnostic => {
      events.errored(this.secondsSince(startedAt));
      if (made) this.giveUp(instance, made);
      return this.diagnosticOf(instance, message);
    };
    let startedAt = 0;
    return {
      address,
      after,
      begin: async () => {
        startedAt = this.now();
        events.start();
        const making = this.makingOf(instance);
        failing = this.conflict(instance, making);
        if (failing !== undefined) return 1000;
        made = await this.make(instance, making);
        if (fault && !this.struck.has(fault)) {
          this.struck.add(fault);
          failing = fault.message;
        }
        return made.milliseconds;
      },
      advance: async () => {
        if (failing !== undefined || !made) return fail(failing ?? 'it was never begun');
        this.keep(instance, made, false);
        events.complete(this.secondsSince(startedAt), textOf(made.attributes['id']) ?? '');
        if (made.resource) this.parts.hooks.created?.(made.resource);
        relate(this.parts.world.aws, block.type, made.attributes, true);
        await this.parts.changed();
        return 'done';
      },
      progress: events.progress,
      interrupt: () => {
        if (!kindOf(block.type)?.waits) return undefined;
        return fail(`waiting for ${block.type} (${textOf(made?.attributes['id']) ?? ''}) create: context canceled`);
      },
    };
  }

  /** @param address of the job, which differs from the instance's where it is then made anew. */
  removal(address: string, instance: InstanceState, instanceAddress: string, after: ReadonlySet<string>): Job {
    const id = textOf(instance.attributes['id']) ?? '';
    const events = resourceEvents(this.parts.output, { ...instance, address: instanceAddress }, 'delete', id);
    const { world } = this.parts;
    const arn = textOf(instance.attributes['arn']) ?? '';
    let startedAt = 0;
    let endsAt: number | undefined;
    const fail = (message: string): Diagnostic => {
      events.errored(this.secondsSince(startedAt));
      return { severity: 'error', summary: message, detail: '' };
    };
    return {
      address,
      after,
      begin: () => {
        startedAt = this.now();
        events.start();
        return world.aws.get(arn)
          ? 0
          : world.chance.milliseconds(`remove ${instanceAddress}`, durationOf(instance.type).remove);
      },
      advance: async () => {
        const resource = world.aws.get(arn);
        if (resource && !resource.goneAt) {
          // The provider takes the role out of an instance profile before it deletes it.
          if (resource.type === 'iam:instance-profile') resource.attributes['roles'] = [];
          const obstacle = obstacleTo(world, resource);
          if (obstacle && this.isOutOfPatience(resource, obstacle.code, startedAt)) {
            return fail(deletionError(world, resource, instance.type, obstacle));
          }
          if (obstacle) return { again: DELETE_RETRY_MILLISECONDS };
          endsAt = this.now() + beginRemoval(world, resource);
        }
        // A key that is pending deletion is as good as gone to Terraform.
        const goneAt = resource?.goneAt !== undefined && resource.type !== 'kms:key' ? Date.parse(resource.goneAt) : 0;
        const left = (endsAt ?? goneAt) - this.now();
        if (left > 0) return { again: left };
        relate(world.aws, instance.type, instance.attributes, false);
        this.parts.state.instances.delete(instanceAddress);
        events.complete(this.secondsSince(startedAt));
        const gone = world.aws.remembered().find((one) => one.arn === arn);
        if (endsAt !== undefined && gone) this.parts.hooks.removed?.(gone);
        await this.parts.changed();
        return 'done';
      },
      progress: events.progress,
      interrupt: () =>
        kindOf(instance.type)?.waits || endsAt === undefined
          ? fail(`waiting for ${instance.type} (${id}) delete: context canceled`)
          : undefined,
    };
  }

  private make(instance: ResourceInstance, making: Making): Promise<Made> | Made {
    const { type } = instance.block;
    const kind = kindOf(type);
    if (!kind) return makeLocal(making, type, instance.address);
    const tags = tagsOfArguments(making.arguments, this.defaultTagsOf(instance));
    return makeAws(kind, making, tags, instance.address, this.parts.clusterEndpoints);
  }

  private makingOf(instance: ResourceInstance): Making {
    const { world, stateName } = this.parts;
    const given = instance.module.argumentsOf(instance);
    const region = textOf(given['region']) ?? textOf(this.providerOf(instance)['region']) ?? world.region;
    return { world, arguments: given, seed: `${stateName} ${instance.address} ${this.now()}`, region };
  }

  /** Why AWS refuses to make it: another one has its name. */
  private conflict(instance: ResourceInstance, making: Making): string | undefined {
    const kind = kindOf(instance.block.type);
    if (!kind) return undefined;
    const id = kind.id(making);
    const other = making.world.aws.get(arnOf(kind, making, id));
    if (!other) return undefined;
    return `creating ${instance.block.type} (${id}): a resource of this name already exists (${other.arn})`;
  }

  /** A creation that failed: what has an id stays, tainted, in the state; what has none was never there. */
  private giveUp(instance: ResourceInstance, made: Made): void {
    if (!made.resource) return;
    if (kindOf(instance.block.type)?.waits) {
      // EKS keeps a failed node group; it is still in creation where only Terraform was interrupted.
      if (Date.parse(made.resource.activeAt) <= this.now()) made.resource.attributes['status'] = 'CREATE_FAILED';
      this.keep(instance, made, true);
    } else {
      this.parts.world.aws.remove(made.resource.arn, 0);
    }
    this.parts.world.aws.changed();
  }

  private keep(instance: ResourceInstance, made: Made, tainted: boolean): void {
    const attributes: ObjectValue = made.resource
      ? { ...made.attributes, tags_all: made.resource.tags }
      : made.attributes;
    instance.module.context.attributes.set(instance.address, attributes);
    this.parts.state.instances.set(instance.address, {
      ...partsOf(instance),
      attributes,
      dependencies: [...dependenciesOf(instance)].filter((address) => !/(?:^|\.)data\./.test(address)).toSorted(),
      tainted,
    });
  }

  private isOutOfPatience(resource: AwsResource, code: string, startedAt: number): boolean {
    const patience = code === 'DependencyViolation' ? (DELETE_PATIENCE_SECONDS[resource.type] ?? 0) : 0;
    return this.now() - startedAt >= patience * 1000;
  }

  private defaultTagsOf(instance: ResourceInstance): ObjectValue {
    const defaults = this.providerOf(instance)['default_tags'];
    const first: unknown = Array.isArray(defaults) ? defaults[0] : defaults;
    const tags = (first as ObjectValue | undefined)?.['tags'];
    return isObject(tags) ? tags : {};
  }

  /** The configuration of a resource's provider; modules inherit those of the root. */
  private providerOf({ block }: ResourceInstance): ObjectValue {
    const { root } = this.parts;
    const reference = typeof block.body['provider'] === 'string' ? block.body['provider'] : '';
    const [name = '', alias] = (/[\w-]+(?:\.[\w-]+)?/.exec(reference)?.[0] ?? block.type.split('_')[0]!).split('.');
    const provider = root.configuration.providers.find((one) => one.name === name && one.alias === alias);
    const value = root.evaluate(provider?.body ?? {});
    return isObject(value) ? value : {};
  }

  private diagnosticOf({ block, address, module }: ResourceInstance, message: string): Diagnostic {
    // The provider points at the brace that opens the block.
    const brace = new RegExp(`(?<=^[ \\t]*resource[ \\t]+"${block.type}"[ \\t]+"${block.name}"[ \\t]*)\\{`);
    const source = findSource(module.configuration.sources, brace);
    return { severity: 'error', summary: message, detail: '', address, ...source };
  }

  private now(): number {
    return this.parts.world.clock.now().getTime();
  }

  private secondsSince(startedAt: number): number {
    return Math.round((this.now() - startedAt) / 1000);
  }
}

/** The provider's words for a refused deletion, as provider 5.100.0 gives those of EC2. */
function deletionError(
  { chance }: SimulatedAccount,
  resource: AwsResource,
  terraformType: string,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  const [service = '', kind = ''] = resource.type.split(':');
  const names: Readonly<Record<string, string>> = {
    vpc: 'EC2 VPC',
    subnet: 'EC2 Subnet',
    'security-group': 'Security Group',
  };
  const operation = `Delete${kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`;
  return (
    `deleting ${names[kind] ?? terraformType} (${resource.id}): operation error ${service.toUpperCase()}: ${operation}, ` +
    `https response error StatusCode: 400, RequestID: ${uuidOf(chance, `refused ${resource.arn}`)}, api error ${code}: ${message}`
  );
}

function partsOf({ module, block, key }: ResourceInstance): Pick<InstanceState, 'module' | 'type' | 'name' | 'key'> {
  return { module: module.path, type: block.type, name: block.name, key };
}
