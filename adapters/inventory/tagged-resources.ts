import {
  paginateGetResources,
  type ResourceGroupsTaggingAPIClient,
  type TagFilter,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { CLUSTER_TAG_KEYS, ownedTagOf, TAG } from '../../domain/names';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { canonicalArn, typeOf } from './arn';

/** Tags that controllers put on what they make for a cluster. What has one was not made by Terraform. */
const CONTROLLER_TAG_KEYS: readonly string[] = [
  ...CLUSTER_TAG_KEYS,
  'ebs.csi.aws.com/cluster', // EBS CSI driver in any case, without saying which cluster
  'karpenter.sh/nodepool', // Karpenter: instances, volumes and interfaces, beside the cluster's own tag
];

/** Kinds that cannot outlive what they belong to, which is counted itself. */
const SUBORDINATE_TYPES = new Set([
  'elasticloadbalancing:listener',
  'elasticloadbalancing:listener-rule',
  'ec2:security-group-rule',
  'eks:addon',
  'eks:access-entry',
  'eks:podidentityassociation',
]);

/**
 * What carries a tag of the drill, as the Resource Groups Tagging API remembers it: also resources that are gone. One
 * question for each tag, as the filters of one question must all match.
 */
export async function taggedResources(
  client: ResourceGroupsTaggingAPIClient,
  scope: InventoryScope,
): Promise<readonly InventoryItem[]> {
  const items = new Map<string, InventoryItem>();
  for (const filter of filtersOf(scope)) {
    const reason = `tag ${filter.Key}=${filter.Values?.join()}`;
    for await (const page of paginateGetResources({ client }, { TagFilters: [filter] })) {
      for (const { ResourceARN, Tags } of page.ResourceTagMappingList ?? []) {
        const arn = canonicalArn(ResourceARN ?? '');
        if (arn === '' || items.has(arn) || SUBORDINATE_TYPES.has(typeOf(arn))) continue;
        items.set(arn, itemOf(arn, tagsOf(Tags), reason));
      }
    }
  }
  return [...items.values()];
}

function filtersOf({ drillId, clusterName }: InventoryScope): readonly TagFilter[] {
  return [
    { Key: TAG.drill, Values: [drillId] },
    // `shared` marks what the cluster may use and does not own, such as the subnets of a permanent VPC.
    { Key: ownedTagOf(clusterName), Values: ['owned'] },
    ...CLUSTER_TAG_KEYS.map((Key) => ({ Key, Values: [clusterName] })),
  ];
}

function itemOf(arn: string, tags: Readonly<Record<string, string>>, reason: string): InventoryItem {
  return { arn, type: typeOf(arn), tags, reason, ...layerOf(tags) };
}

/** Terraform tags what it makes with the drill; what carries a controller's tag was made from inside the cluster. */
export function layerOf(tags: Readonly<Record<string, string>>): Pick<InventoryItem, 'layer'> {
  const byController = CONTROLLER_TAG_KEYS.some((key) => key in tags);
  return TAG.drill in tags && !byController ? { layer: 'cluster' } : {};
}

/** Tags as most services give them, as a record. */
export function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
