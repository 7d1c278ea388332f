import { paginateGetResources, type ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { TAG } from '../../domain/names';

/**
 * The ids of all drills whose tag is on something in this account and region, sorted, as the Resource Groups Tagging API
 * remembers it: also of resources that are gone. It does not list IAM roles, nor anything of IAM outside us-east-1.
 */
export async function taggedDrills(client: ResourceGroupsTaggingAPIClient): Promise<readonly string[]> {
  const drills = new Set<string>();
  for await (const page of paginateGetResources({ client }, { TagFilters: [{ Key: TAG.drill }] })) {
    for (const { Tags } of page.ResourceTagMappingList ?? []) {
      const drillId = Tags?.find(({ Key }) => Key === TAG.drill)?.Value;
      if (drillId) drills.add(drillId);
    }
  }
  return [...drills].toSorted();
}
