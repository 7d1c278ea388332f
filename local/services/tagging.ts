import { AwsError } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import type { SimulatedAccount } from '../world/simulated-account';

interface GetResources {
  readonly TagFilters?: readonly { readonly Key: string; readonly Values?: readonly string[] }[];
  readonly ResourceTypeFilters?: readonly string[];
  readonly ResourceARNList?: readonly string[];
  readonly ResourcesPerPage?: number;
  readonly PaginationToken?: string;
}

/** It lists resources that "are or were tagged": what was deleted stays for a while. */
const REMEMBER_MILLISECONDS = 3_600_000;
const PAGE = 50;

/** The tagging API, in whose answers only tagged resources of the asked region are found, and some that are gone. */
export function createTagging(world: SimulatedAccount): Service {
  return async (request) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    const operation = (request.headers['x-amz-target'] ?? '').split('.').pop();
    if (operation !== 'GetResources') {
      const { code, message } = new AwsError('UnknownOperationException', `the tagging API has no "${operation}" here`);
      return { status: 400, headers, body: JSON.stringify({ __type: code, message }) };
    }
    const region = regionOf(request.headers['authorization']) ?? world.region;
    const input = JSON.parse(request.body.toString() || '{}') as GetResources;
    return { status: 200, headers, body: JSON.stringify(getResources(world, region, input)) };
  };
}

/** The region that a request is signed for. */
function regionOf(authorization: string | undefined): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization ?? '')?.[1];
}

function getResources(world: SimulatedAccount, region: string, input: GetResources): Record<string, unknown> {
  const found = world.aws
    .remembered()
    .filter((resource) => isListed(world, region, resource) && matches(resource, input))
    .toSorted((a, b) => a.arn.localeCompare(b.arn));
  const from = Number(input.PaginationToken || 0);
  const to = from + (input.ResourcesPerPage ?? PAGE);
  return {
    ResourceTagMappingList: found.slice(from, to).map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
    // The last page has an empty token, not none.
    PaginationToken: to < found.length ? String(to) : '',
  };
}

function isListed({ clock }: SimulatedAccount, region: string, resource: AwsResource): boolean {
  const now = clock.now().getTime();
  if (Object.keys(resource.tags).length === 0 || Date.parse(resource.createdAt) > now) return false;
  if (resource.goneAt !== undefined && Date.parse(resource.goneAt) + REMEMBER_MILLISECONDS < now) return false;
  // IAM is global: its resources are listed in us-east-1, and roles nowhere.
  if (resource.type.startsWith('iam:')) return region === 'us-east-1' && resource.type !== 'iam:role';
  return resource.region === region;
}

function matches(resource: AwsResource, { TagFilters, ResourceTypeFilters, ResourceARNList }: GetResources): boolean {
  if (ResourceARNList?.length && !ResourceARNList.includes(resource.arn)) return false;
  const byTag = (TagFilters ?? []).every(({ Key, Values = [] }) => {
    const value = resource.tags[Key];
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  });
  const types = ResourceTypeFilters ?? [];
  return (
    byTag &&
    (types.length === 0 || types.some((type) => resource.type === type || resource.type.startsWith(`${type}:`)))
  );
}
