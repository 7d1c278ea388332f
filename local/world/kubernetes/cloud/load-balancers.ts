import { keyOf, labelsOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { SECONDS } from '../durations';
import { wakeOwners } from '../gitops/ownership';
import type { Fields } from '../manifest';
import { arnOf, ec2Id, endResource, hexOf, iso, resourceAt, vpcIdOf } from './aws-names';

/** How often the controller looks whether a load balancer is gone. */
const RELEASE_LOOK_MS = 5000;

/**
 * Load balancers of Services and of Ingresses of class `alb`, made and tagged as the AWS Load Balancer Controller does
 * (`pkg/deploy/tracking/provider.go`). The simulated control plane always has one, as EKS Auto Mode has.
 */
export function reconcileBalancer(cluster: Cluster, key: string): void {
  const owner = cluster.byKey(key);
  if (!owner) return;
  if (owner.object.metadata.deletionTimestamp) {
    releaseBalancer(cluster, owner);
    return;
  }
  if (!wantsBalancer(owner) || owner.address) return;
  const { metadata, kind } = owner.object;
  const short = `k8s-${clip(metadata.namespace)}-${clip(metadata.name)}-${hexOf(cluster, key, 10)}`;
  const network = kind === 'Service';
  const namedAt = cluster.at + cluster.around.chance.milliseconds(`address of ${key}`, SECONDS.loadBalancerNamed);
  const id = hexOf(cluster, `balancer ${key}`, 16);
  const hostname = network
    ? `${short}-${id}.elb.${cluster.eks.region}.amazonaws.com`
    : `${short}-${id.slice(0, 9)}.${cluster.eks.region}.elb.amazonaws.com`;
  owner.address = { at: namedAt, hostname };
  owner.aws = putResources(cluster, owner, short, id, hostname, network);
  cluster.bump(owner);
  cluster.schedule(namedAt, 'settled', key);
}

export function wantsBalancer({ object }: Stored): boolean {
  if (object.kind === 'Service') return object.spec?.['type'] === 'LoadBalancer';
  return object.kind === 'Ingress' && ingressClassOf(object.spec, object.metadata.annotations) === 'alb';
}

function ingressClassOf(spec: Fields | undefined, annotations: Record<string, string> = {}): string {
  return String(spec?.['ingressClassName'] ?? annotations['kubernetes.io/ingress.class'] ?? '');
}

function clip(name = ''): string {
  return name.replaceAll(/[^a-z0-9]/g, '').slice(0, 8);
}

function putResources(
  cluster: Cluster,
  owner: Stored,
  name: string,
  id: string,
  dnsName: string,
  network: boolean,
): string[] {
  const { namespace, name: ownerName } = owner.object.metadata;
  const stack = `${namespace}/${ownerName}`;
  const flavour = network ? 'service' : 'ingress';
  const vpcId = vpcIdOf(cluster);
  const group = ec2Id(cluster, 'sg', `balancer ${stack}`);
  const target = `targetgroup/${name.slice(0, 32)}/${hexOf(cluster, `target ${stack}`, 16)}`;
  const balancer = `loadbalancer/${network ? 'net' : 'app'}/${name}/${id}`;
  const arn = arnOf(cluster, 'elasticloadbalancing', balancer);
  const parts: [type: string, arn: string, id: string, resource: string, attributes: Fields][] = [
    [
      'ec2:security-group',
      arnOf(cluster, 'ec2', `security-group/${group}`),
      group,
      'ManagedLBSecurityGroup',
      { groupName: name, vpcId },
    ],
    [
      'elasticloadbalancing:targetgroup',
      arnOf(cluster, 'elasticloadbalancing', target),
      name.slice(0, 32),
      `${stack}:80`,
      { name: name.slice(0, 32), vpcId, protocol: 'TCP', port: 80, loadBalancerArns: [arn] },
    ],
    [
      'elasticloadbalancing:loadbalancer',
      arn,
      name,
      'LoadBalancer',
      {
        name,
        dnsName,
        vpcId,
        scheme: 'internet-facing',
        type: network ? 'network' : 'application',
        securityGroups: [group],
      },
    ],
  ];
  return parts.map(([type, resourceArn, resourceId, resource, attributes]) => {
    cluster.around.aws.put({
      arn: resourceArn,
      type,
      id: resourceId,
      region: cluster.eks.region,
      tags: {
        'elbv2.k8s.aws/cluster': cluster.name,
        [`${flavour}.k8s.aws/stack`]: stack,
        [`${flavour}.k8s.aws/resource`]: resource,
      },
      madeBy: 'kubernetes',
      createdAt: iso(cluster.at + 3000),
      activeAt: iso(cluster.at + (type.endsWith('loadbalancer') ? SECONDS.loadBalancerActive * 1000 : 3000)),
      attributes,
    });
    return resourceArn;
  });
}

/** Deletes the load balancer first, then what it held; the Service is free when all of it is gone. */
function releaseBalancer(cluster: Cluster, owner: Stored): void {
  const arns = (owner.aws ?? []).toReversed();
  const states = arns.map((arn) => resourceAt(cluster, arn));
  if (states.every((state) => state === 'gone')) {
    cluster.dropFinalizer(owner, (name) => name.endsWith('k8s.aws/resources'));
    return;
  }
  arns.forEach((arn, index) => endResource(cluster, arn, (SECONDS.loadBalancerGone + index * 3) * 1000));
  cluster.after(RELEASE_LOOK_MS, 'balancer', keyOf(owner.object));
}

/**
 * An Ingress of an in-cluster controller gets the address of that controller's own Service, once the controller runs.
 * Without such a controller it stays without an address, and Argo CD calls it Progressing for ever.
 */
export function reconcileIngress(cluster: Cluster, key: string): void {
  const ingress = cluster.byKey(key);
  if (!ingress) return;
  if (wantsBalancer(ingress) || ingress.object.metadata.deletionTimestamp) {
    reconcileBalancer(cluster, key);
    return;
  }
  if (ingress.address) return;
  const className = ingressClassOf(ingress.object.spec, ingress.object.metadata.annotations);
  const service = cluster
    .all('', 'Service')
    .find(
      (candidate) => candidate.address && candidate.address.at <= cluster.at && names(candidate).includes(className),
    );
  if (!service?.address) return;
  ingress.address = { at: cluster.at + SECONDS.ingressNamed * 1000, hostname: service.address.hostname };
  cluster.bump(ingress);
  cluster.schedule(ingress.address.at, 'settled', key);
}

function names(service: Stored): string[] {
  const labels = labelsOf(service.object);
  const name = labels['app.kubernetes.io/name'] ?? '';
  // The class of ingress-nginx is called `nginx`.
  return [name, name.replace(/^ingress-/, ''), service.object.metadata.name];
}

/** A Service of an ingress controller got its address: Ingresses that wait for it are looked at again. */
export function wakeIngresses(cluster: Cluster, service: Stored): void {
  wakeOwners(cluster, service);
  for (const ingress of cluster.all('networking.k8s.io', 'Ingress')) {
    if (!ingress.address) cluster.after(1000, 'ingress', keyOf(ingress.object));
  }
}

/** `status` of a Service or Ingress. */
export function addressStatus(cluster: Cluster, owner: Stored): { status: Fields; until: number } {
  const { at = Infinity, hostname } = owner.address ?? {};
  if (at > cluster.at) return { status: { loadBalancer: {} }, until: at };
  return { status: { loadBalancer: { ingress: [{ hostname }] } }, until: Infinity };
}
