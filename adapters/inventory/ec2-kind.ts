import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import { TAG } from '../../domain/names';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { ArnScope, InventoryPart, PartScope } from './part';
import { layerOf } from './tagged-resources';

/** What an EC2 Describe says of one resource, as far as the inventory needs it. */
export interface Ec2Found {
  readonly id: string;
  /** False for what is as good as gone (a terminated instance) or goes with something else (a main route table). */
  readonly counts: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt?: Date | undefined;
  readonly vpcId?: string | undefined;
  readonly size?: string | undefined;
  /** The instance that it is attached to. */
  readonly instanceId?: string | undefined;
  /** It goes by itself with that instance. */
  readonly endsWithInstance?: boolean;
}

/** How one kind of EC2 resource is described and deleted. */
export interface Ec2Kind {
  /** As in its ARN: `volume`, `natgateway`, `elastic-ip`. */
  readonly kind: string;
  /** Filter that selects by id. Ids that do not exist simply give nothing, where an id parameter would be an error. */
  readonly idFilter: string;
  /** Filter that selects by VPC, where the kind lives in one; what lives in none is also asked for by the drill's tag. */
  readonly vpcFilter?: string;
  /** What the scope itself names, and why that is the drill's. */
  readonly named?: { ids(scope: InventoryScope): readonly string[]; readonly reason: string };
  /** A controller's tag with the cluster's name that it is asked for beside the drill's; where it stands in no VPC. */
  readonly clusterTag?: string;
  /** Filter that selects by the instance that it is attached to, and why that makes it the drill's. */
  readonly attached?: { readonly filter: string; readonly reason: string };
  describe(client: EC2Client, filters: Filter[]): Promise<readonly Ec2Found[]>;
  remove(client: EC2Client, id: string): Promise<unknown>;
}

/** The EC2 resources of a drill: tagged ones that exist, those in its VPC, and volumes known by their id. */
export class Ec2Part implements InventoryPart {
  readonly types: readonly string[];

  constructor(
    private readonly client: EC2Client,
    private readonly kinds: readonly Ec2Kind[],
    private readonly arnScope: () => Promise<ArnScope>,
  ) {
    this.types = kinds.map(({ kind }) => `ec2:${kind}`);
  }

  async find(scope: PartScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for (const kind of this.kinds) {
      const instances = items.filter(({ type }) => type === 'ec2:instance').map(({ arn }) => idOf(arn));
      items.push(...(await this.findKind(kind, scope, candidates, instances)));
    }
    return items;
  }

  async remove(item: InventoryItem): Promise<void> {
    const kind = this.kinds.find((each) => item.type === `ec2:${each.kind}`)!;
    await kind.remove(this.client, idOf(item.arn));
  }

  private async findKind(
    kind: Ec2Kind,
    scope: PartScope,
    candidates: readonly InventoryItem[],
    instances: readonly string[],
  ): Promise<readonly InventoryItem[]> {
    const type = `ec2:${kind.kind}`;
    const known = new Map(candidates.filter((item) => item.type === type).map((item) => [idOf(item.arn), item]));
    const { partition, region, account } = await this.arnScope();
    const found = new Map<string, InventoryItem>();
    for (const { filter, reason } of questionsOf(kind, scope, [...known.keys()], instances)) {
      for (const each of await kind.describe(this.client, [filter])) {
        if (!each.counts || found.has(each.id)) continue;
        if (filter.Name === kind.attached?.filter && each.endsWithInstance) continue;
        const arn = `arn:${partition}:ec2:${region}:${account}:${kind.kind}/${each.id}`;
        found.set(each.id, itemOf(arn, type, reason, each, known.get(each.id)));
      }
    }
    return [...found.values()];
  }
}

/**
 * What EC2 is asked: which of the remembered ids exist, which of those that the scope names, and, whatever the tagging
 * API says (it lags by minutes), what hangs on the drill's instances, and what stands in its VPC or, of kinds that stand in none, carries its tag.
 */
function questionsOf(
  { idFilter, named, attached, clusterTag, vpcFilter }: Ec2Kind,
  scope: PartScope,
  ids: readonly string[],
  instances: readonly string[],
): readonly { readonly filter: Filter; readonly reason: string }[] {
  const { drillId, clusterName, vpcIds } = scope;
  const byTag = { filter: { Name: `tag:${TAG.drill}`, Values: [drillId] }, reason: `tag ${TAG.drill}=${drillId}` };
  return [
    { filter: { Name: idFilter, Values: [...ids] }, reason: byTag.reason },
    { filter: { Name: idFilter, Values: [...(named?.ids(scope) ?? [])] }, reason: named?.reason ?? '' },
    {
      filter: { Name: attached?.filter ?? '', Values: attached ? [...instances] : [] },
      reason: attached?.reason ?? '',
    },
    {
      filter: { Name: `tag:${clusterTag}`, Values: clusterTag === undefined ? [] : [clusterName] },
      reason: `tag ${clusterTag}=${clusterName}`,
    },
    vpcFilter === undefined
      ? byTag
      : { filter: { Name: vpcFilter, Values: [...vpcIds] }, reason: `VPC ${vpcIds.join(', ')}` },
  ].filter(({ filter }) => filter.Values.length > 0);
}

/** What was found, with the tagging API's tags and reason where it knew the resource. */
function itemOf(
  arn: string,
  type: string,
  reason: string,
  { tags, createdAt, vpcId, size, instanceId, endsWithInstance }: Ec2Found,
  candidate: InventoryItem | undefined,
): InventoryItem {
  return {
    arn,
    type,
    tags,
    reason,
    ...layerOf(tags),
    ...candidate,
    ...(createdAt && { createdAt: createdAt.toISOString() }),
    ...(vpcId !== undefined && { vpcId }),
    ...(size !== undefined && { size }),
    ...(instanceId !== undefined && !endsWithInstance && { instanceId }),
  };
}
