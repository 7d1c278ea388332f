import type { KubernetesObject } from '../../domain/ports/kubernetes';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import { ROOT_NAME } from '../../domain/names';
import type { DrillClock } from '../clock';
import type { Account } from './account';
import type { MemoryKubernetes } from './memory-kubernetes';
import {
  applicationObject,
  borrowedVolumeObject,
  ARGOCD_NAMESPACE,
  claimObject,
  COMPONENTS,
  deploymentObject,
  loadBalancerService,
  nodeObject,
  syncedStatus,
  volumeObject,
  type SimulatedComponent,
} from './platform-objects';

export interface ClusterIdentity {
  /** Name of the cluster. */
  readonly name: string;
  /** Id of the drill whose it is. */
  readonly drillId: string;
  readonly vpcArn: string;
  readonly vpcId: string;
  readonly subnetArn: string;
}

/** What may go wrong with a platform. */
export interface PlatformFaults {
  /** Component whose pods never become available. */
  readonly sick?: string;
  /** The controllers that clean up in AWS are gone: what they hold by a finalizer stays. */
  readonly controllersGone?: boolean;
  /** Id of a volume of somebody else that the platform mounts. */
  readonly borrowedVolume?: string;
  /** Volumes carry no tag of their cluster. */
  readonly untaggedVolumes?: boolean;
  /** Volumes are not deleted when their claim goes. */
  readonly volumesStay?: boolean;
}

/** How long after the root each component is healthy, in seconds, and how long an object takes to go. */
const READY_SECONDS: Readonly<Record<string, number>> = { entry: 20, metrics: 25, shop: 28 };
const GONE_SECONDS = 8;

/** Argo CD compares every two to three minutes. */
const RECONCILED_EVERY_MS = 150_000;

/**
 * The controllers of one drill cluster, as far as a drill meets them: Argo CD makes three Applications of the root, one
 * of them a load balancer in AWS and one a volume, and takes away what is deleted.
 */
export class Platform {
  faults: PlatformFaults = {};
  private readonly of: { readonly kubernetes: MemoryKubernetes; readonly account: Account; readonly clock: DrillClock };

  constructor(
    private readonly cluster: ClusterIdentity,
    parts: Platform['of'],
  ) {
    this.of = parts;
    const { kubernetes } = parts;
    kubernetes.serve(...SERVED);
    kubernetes.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
    kubernetes.controllers = {
      applied: (object) => this.applied(object),
      deleted: (object) => this.deleted(object),
    };
  }

  /** A node joins. */
  join(name: string): void {
    this.of.kubernetes.put(nodeObject(name, this.now()));
  }

  /** Argo CD is installed: its types are served. */
  installArgocd(): void {
    this.of.kubernetes.serve(RESOURCE.application, BUILD_RESOURCE.applicationSet);
  }

  /** Brings what changes with the time alone up to date: a controller that lives refreshes what it says. */
  refresh(): void {
    const { kubernetes, clock } = this.of;
    const reconciledAt = new Date(
      Math.floor(clock.now().getTime() / RECONCILED_EVERY_MS) * RECONCILED_EVERY_MS,
    ).toISOString();
    for (const application of kubernetes.all(RESOURCE.application)) {
      const status = application.status as { reconciledAt?: string } | undefined;
      if (status && status.reconciledAt !== reconciledAt)
        kubernetes.put({ ...application, status: { ...status, reconciledAt } });
    }
  }

  private applied(object: KubernetesObject): void {
    if (object.kind !== RESOURCE.application.kind || object.metadata.name !== ROOT_NAME) return;
    if (object.status !== undefined) return;
    const { source } = object.spec as { source: { repoURL: string; targetRevision: string } };
    const commit = source.targetRevision;
    this.setStatus(object, commit, COMPONENTS.map(rootMakes), 'Progressing');
    for (const component of COMPONENTS) {
      const { repoURL, targetRevision } = source;
      const own = { repoURL, targetRevision, path: `apps/${component.name}` };
      this.of.kubernetes.put(applicationObject(component, own));
      this.later(READY_SECONDS[component.name] ?? 30, () => this.sync(component, commit));
    }
  }

  /** Makes what a component consists of. */
  private sync(component: SimulatedComponent, commit: string): void {
    const { kubernetes } = this.of;
    const application = kubernetes.get(RESOURCE.application, component.name, ARGOCD_NAMESPACE);
    if (!application || application.metadata.deletionTimestamp !== undefined) return;
    const isAutomated = (application.spec as { syncPolicy?: { automated?: object } }).syncPolicy?.automated;
    if (!isAutomated) return;
    const runs = this.faults.sick !== component.name;
    const { borrowedVolume } = this.faults;
    if (borrowedVolume !== undefined && component.has === 'volume')
      kubernetes.put(borrowedVolumeObject(borrowedVolume));
    const made = [deploymentObject(component, this.now(), runs), ...this.extrasOf(component)];
    for (const object of made) kubernetes.put(object);
    this.setStatus(application, commit, made, runs ? 'Healthy' : 'Degraded');
    const root = kubernetes.get(RESOURCE.application, ROOT_NAME, ARGOCD_NAMESPACE);
    const isLast = component === COMPONENTS.at(-1);
    if (root && isLast) this.setStatus(root, commit, COMPONENTS.map(rootMakes), 'Healthy');
  }

  private extrasOf(component: SimulatedComponent): KubernetesObject[] {
    const { account } = this.of;
    const { name, drillId, vpcId, vpcArn, subnetArn } = this.cluster;
    if (component.has === 'load-balancer') {
      const id = `net/${component.name}/${name}`;
      const arn = account.arnOf('elasticloadbalancing:loadbalancer', id);
      const tags = { 'elbv2.k8s.aws/cluster': name };
      const uses = [vpcArn, subnetArn];
      const type = 'elasticloadbalancing:loadbalancer';
      account.create({ arn, type, id, tags, owner: drillId, vpcId, uses }, `controllers of ${name}`);
      return [loadBalancerService(component)];
    }
    if (component.has === 'volume') {
      const id = `vol-${name}`;
      const arn = account.arnOf('ec2:volume', id);
      // The add-on of EKS gives its driver the cluster's name; a driver that is installed by hand may have none.
      const tags = this.faults.untaggedVolumes ? {} : { [`kubernetes.io/cluster/${name}`]: 'owned' };
      account.create(
        { arn, type: 'ec2:volume', id, tags, owner: drillId, size: '10', uses: [] },
        `controllers of ${name}`,
      );
      this.of.kubernetes.put(volumeObject(component, id));
      return [claimObject(component)];
    }
    return [];
  }

  /** What a controller does about an object that was asked to go. */
  private deleted(object: KubernetesObject): void {
    if (object.kind === RESOURCE.application.kind) return this.deleteMadeBy(object);
    if (this.faults.controllersGone) return;
    const { name } = this.cluster;
    if (object.kind === RESOURCE.service.kind) {
      const id = `net/${object.metadata.name}/${name}`;
      this.later(GONE_SECONDS, () => this.release('elasticloadbalancing:loadbalancer', id, object));
    } else if (object.kind === RESOURCE.claim.kind) {
      const volume = this.of.kubernetes.get(BUILD_RESOURCE.volume, `pvc-${object.metadata.name}`);
      this.later(GONE_SECONDS, () => {
        this.of.kubernetes.remove(object);
        if (volume) this.of.kubernetes.delete(volume);
      });
    } else if (object.kind === BUILD_RESOURCE.volume.kind && !this.faults.volumesStay) {
      this.later(GONE_SECONDS, () => this.release('ec2:volume', `vol-${name}`, object));
    }
  }

  private deleteMadeBy(application: KubernetesObject): void {
    const { kubernetes } = this.of;
    const { resources = [] } = (application.status ?? {}) as { resources?: readonly MadeObject[] };
    for (const { group, version, kind, name, namespace } of resources) {
      const apiVersion = group === '' ? version : `${group}/${version}`;
      const made = kubernetes.get({ apiVersion, kind }, name, namespace);
      if (made && kind !== RESOURCE.application.kind) kubernetes.delete(made);
    }
    this.later(GONE_SECONDS, () => kubernetes.remove(application));
  }

  private release(type: string, id: string, object: KubernetesObject): void {
    const { account, kubernetes } = this.of;
    account.remove(account.arnOf(type, id), `controllers of ${this.cluster.name}`);
    kubernetes.remove(object);
  }

  private setStatus(
    application: KubernetesObject,
    commit: string,
    made: readonly KubernetesObject[],
    health: 'Healthy' | 'Progressing' | 'Degraded',
  ): void {
    const at = this.now();
    const status = { ...syncedStatus(application, commit, at, made, health), reconciledAt: at };
    this.of.kubernetes.put({ ...application, status });
  }

  /** Runs while the cluster lives: what its controllers have not done by its end stays undone. */
  private later(seconds: number, work: () => void): void {
    const { account, clock } = this.of;
    clock.alarm(new Date(clock.now().getTime() + seconds * 1000), () => {
      const cluster = account.find('eks:cluster', this.cluster.name);
      if (cluster?.goneAt === Infinity) work();
    });
  }

  private now(): string {
    return `${this.of.clock.now().toISOString().slice(0, 19)}Z`;
  }
}

interface MadeObject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function rootMakes(component: SimulatedComponent): KubernetesObject {
  return applicationObject(component, {});
}

/** What an API server serves before anything is installed. */
const SERVED = [
  ...Object.values(RESOURCE).filter(({ apiVersion }) => !/argoproj|fluxcd/.test(apiVersion)),
  BUILD_RESOURCE.namespace,
  BUILD_RESOURCE.secret,
  BUILD_RESOURCE.volume,
  BUILD_RESOURCE.validatingWebhooks,
  BUILD_RESOURCE.mutatingWebhooks,
];
