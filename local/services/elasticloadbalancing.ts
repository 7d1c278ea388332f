import { AwsError, queryService } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval } from '../world/removal';
import { lifecycleOf, listAttribute, textAttribute } from '../world/simulated-account';
import type { SimulatedAccount } from '../world/simulated-account';

const LOAD_BALANCER = 'elasticloadbalancing:loadbalancer';
const CLASSIC_LOAD_BALANCER = 'elasticloadbalancing:classic-loadbalancer';
const TARGET_GROUP = 'elasticloadbalancing:targetgroup';

/** Elastic Load Balancing, version 2, over the simulated account. */
export function createElasticLoadBalancing(world: SimulatedAccount): Service {
  return queryService('Elastic Load Balancing', {
    DescribeLoadBalancers: (form) =>
      isClassic(form)
        ? classicLoadBalancers(world)
        : {
            LoadBalancers: selected(world, LOAD_BALANCER, form, 'LoadBalancerArns').map((one) =>
              loadBalancer(world, one),
            ),
          },
    DescribeTargetGroups: (form) => {
      const owner = form.get('LoadBalancerArn');
      const groups = selected(world, TARGET_GROUP, form, 'TargetGroupArns');
      return {
        TargetGroups: groups
          .filter((group) => owner === null || listAttribute(group, 'loadBalancerArns').includes(owner))
          .map(targetGroup),
      };
    },
    DescribeTags: (form) =>
      isClassic(form)
        ? classicTags(world, form)
        : {
            TagDescriptions: members(form, 'ResourceArns').map((arn) => ({
              ResourceArn: arn,
              Tags: Object.entries(existing(world, arn).tags).map(([Key, Value]) => ({ Key, Value })),
            })),
          },
    DeleteLoadBalancer: (form) => {
      const classic = isClassic(form) ? classicOf(world, form.get('LoadBalancerName') ?? '')?.arn : undefined;
      return remove(world, classic ?? form.get('LoadBalancerArn') ?? '');
    },
    DeleteTargetGroup: (form) => remove(world, form.get('TargetGroupArn') ?? ''),
  });
}

/** The older API shares endpoint and operation names; the version tells it apart. */
function isClassic(form: URLSearchParams): boolean {
  return form.get('Version') === '2012-06-01';
}

function classicOf({ aws }: SimulatedAccount, name: string): AwsResource | undefined {
  return aws.find(CLASSIC_LOAD_BALANCER, name);
}

function classicLoadBalancers({ aws }: SimulatedAccount): Record<string, unknown> {
  return {
    LoadBalancerDescriptions: aws.list(CLASSIC_LOAD_BALANCER).map((resource) => ({
      LoadBalancerName: resource.id,
      VPCId: textAttribute(resource, 'vpcId'),
      Subnets: listAttribute(resource, 'subnetIds'),
      CreatedTime: resource.createdAt,
    })),
  };
}

function classicTags(world: SimulatedAccount, form: URLSearchParams): Record<string, unknown> {
  return {
    TagDescriptions: members(form, 'LoadBalancerNames').map((LoadBalancerName) => ({
      LoadBalancerName,
      Tags: Object.entries(classicOf(world, LoadBalancerName)?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

function loadBalancer({ clock }: SimulatedAccount, resource: AwsResource): Record<string, unknown> {
  const provisioning = lifecycleOf(resource, clock.now()) === 'CREATING';
  return {
    LoadBalancerArn: resource.arn,
    LoadBalancerName: nameOf(resource),
    DNSName: textAttribute(resource, 'dnsName'),
    Scheme: textAttribute(resource, 'scheme') || 'internet-facing',
    Type: textAttribute(resource, 'type') || 'network',
    VpcId: textAttribute(resource, 'vpcId'),
    SecurityGroups: listAttribute(resource, 'securityGroups'),
    State: { Code: provisioning ? 'provisioning' : 'active' },
    CreatedTime: resource.createdAt,
  };
}

function targetGroup(resource: AwsResource): Record<string, unknown> {
  return {
    TargetGroupArn: resource.arn,
    TargetGroupName: nameOf(resource),
    VpcId: textAttribute(resource, 'vpcId'),
    LoadBalancerArns: listAttribute(resource, 'loadBalancerArns'),
  };
}

/** The name in `…:loadbalancer/net/<name>/<hash>` and `…:targetgroup/<name>/<hash>`. */
function nameOf({ arn, id }: AwsResource): string {
  return arn.split('/').at(-2) ?? id;
}

function selected(world: SimulatedAccount, type: string, form: URLSearchParams, arns: string): readonly AwsResource[] {
  const wanted = members(form, arns);
  if (wanted.length > 0) return wanted.map((arn) => existing(world, arn));
  const names = members(form, 'Names');
  return world.aws.list(type).filter((resource) => names.length === 0 || names.includes(nameOf(resource)));
}

function existing({ aws }: SimulatedAccount, arn: string): AwsResource {
  const resource = aws.get(arn);
  // A load balancer is gone from the API as soon as its deletion was accepted, long before its interfaces are.
  if (resource && !resource.goneAt) return resource;
  throw arn.includes(':targetgroup/')
    ? new AwsError('TargetGroupNotFound', 'One or more target groups not found')
    : new AwsError('LoadBalancerNotFound', 'One or more load balancers not found');
}

/** Deleting what does not exist succeeds. */
function remove(world: SimulatedAccount, arn: string): Record<string, never> {
  const resource = world.aws.get(arn);
  if (resource?.undeletable) throw new AwsError(resource.undeletable.code, resource.undeletable.message);
  if (resource && !resource.goneAt) beginRemoval(world, resource);
  return {};
}

/** `Name.member.1`, `Name.member.2`, … */
function members(form: URLSearchParams, name: string): readonly string[] {
  const found: string[] = [];
  for (let index = 1; form.has(`${name}.member.${index}`); index += 1) found.push(form.get(`${name}.member.${index}`)!);
  return found;
}
