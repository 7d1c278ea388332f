import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { STSClient } from '@aws-sdk/client-sts';
import { isTransient, messageOf } from '../domain/errors';
import type { Inventory, InventoryItem, InventoryScope } from '../domain/ports/inventory';
import { isOlder } from '../domain/sweep';
import { callerIdentity } from './caller-identity';
import { ClassicElbClient } from './classic-elb-client';
import { COMPUTE_KINDS } from './inventory/ec2-compute';
import { Ec2Part } from './inventory/ec2-kind';
import { NETWORK_KINDS } from './inventory/ec2-network';
import { ClassicLoadBalancingPart } from './inventory/classic-load-balancing';
import { EksPart } from './inventory/eks';
import { IamPart } from './inventory/iam';
import { KmsPart } from './inventory/kms';
import { LoadBalancingPart } from './inventory/load-balancing';
import { LogsPart } from './inventory/logs';
import { ownVpcs } from './inventory/own-vpcs';
import { MustWaitError, type ArnScope, type InventoryPart } from './inventory/part';
import { taggedDrills } from './inventory/tagged-drills';
import { taggedResources } from './inventory/tagged-resources';

export interface InventoryClients {
  readonly sts: STSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  /** Default: with the credentials and the endpoint of `elb`. */
  readonly classicElb?: Pick<ClassicElbClient, 'loadBalancers' | 'tags' | 'remove'>;
  readonly eks: EKSClient;
  readonly logs: CloudWatchLogsClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
}

/** Error codes by which the services say that a resource does not exist. */
const NOT_FOUND = /NotFound|NoSuchEntity|NoSuchKey|DoesNotExist/;

/**
 * The inventory of one account and region. The tagging API gives the candidates, each service confirms its own and adds
 * what it ties to the drill by other means. Services are asked one after another: an inventory takes a few seconds and
 * must not throttle the teardown beside it.
 */
export class AwsInventory implements Inventory {
  private readonly parts: readonly InventoryPart[];
  private arnScope: Promise<ArnScope> | undefined;

  constructor(private readonly clients: InventoryClients) {
    const arnScope = (): Promise<ArnScope> => this.locate();
    this.parts = [
      new EksPart(clients.eks),
      new LoadBalancingPart(clients.elb),
      new ClassicLoadBalancingPart(clients.classicElb ?? new ClassicElbClient(clients.elb), arnScope),
      new Ec2Part(clients.ec2, [...COMPUTE_KINDS, ...NETWORK_KINDS], arnScope),
      new LogsPart(clients.logs, arnScope),
      new IamPart(clients.iam),
      new KmsPart(clients.kms),
    ];
  }

  async account(): Promise<string> {
    return (await this.locate()).account;
  }

  async find(scope: InventoryScope): Promise<readonly InventoryItem[]> {
    const candidates = await taggedResources(this.clients.tagging, scope);
    const partScope = { ...scope, vpcIds: await ownVpcs(this.clients.ec2, scope) };
    const items: InventoryItem[] = [];
    for (const part of this.parts) {
      const own = candidates.filter(({ type }) => part.types.includes(type));
      items.push(...(await part.find(partScope, own)));
    }
    for (const item of candidates) {
      if (this.parts.some(({ types }) => types.includes(item.type))) continue;
      // Nothing here can confirm it: better a leak too many in the report than one that nobody sees.
      items.push({ ...item, reason: `${item.reason} (not confirmed by its service)` });
    }
    // What is older than the drill existed before it; two ARNs of one thing are one leak.
    const { since } = scope;
    const own = items.filter((item) => since === undefined || !isOlder(item, { openedAt: since }));
    return [...new Map(own.map((item) => [item.arn, item])).values()];
  }

  taggedDrills(): Promise<readonly string[]> {
    return taggedDrills(this.clients.tagging);
  }

  async remove(item: InventoryItem): Promise<string | undefined> {
    const part = this.parts.find(({ types }) => types.includes(item.type));
    if (!part) return `cluster-drill cannot delete resources of type ${item.type}; delete it by hand`;
    try {
      await part.remove(item);
      return undefined;
    } catch (error) {
      if (error instanceof Error && NOT_FOUND.test(error.name)) return undefined;
      if (error instanceof MustWaitError) return error.message;
      if (isTransient(error)) throw error;
      const name = error instanceof Error ? `${error.name}: ` : '';
      return `AWS refuses to delete it: ${name}${messageOf(error)}`;
    }
  }

  private locate(): Promise<ArnScope> {
    this.arnScope ??= this.readArnScope();
    return this.arnScope;
  }

  private async readArnScope(): Promise<ArnScope> {
    const region = await this.clients.ec2.config.region();
    return { ...(await callerIdentity(this.clients.sts)), region };
  }
}
