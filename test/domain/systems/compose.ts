import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { changed, recorded } from '../health/recording';

/**
 * Composes the objects of a system from recorded ones: status, conditions and spec are those that a real API server and
 * its controllers wrote, names and labels those that the system's chart writes. The README beside this file says what
 * comes from where.
 */

/** How a workload and its pods are. */
export type WorkloadState =
  /** All pods available. */
  | 'ready'
  /** Pods are there, their containers are being made. */
  | 'starting'
  /** Pods cannot pull their image. */
  | 'pulling'
  /** Pods have crashed for ten minutes; a Deployment has given up by its own deadline. */
  | 'crashing'
  /** Pods have crashed for some minutes. */
  | 'crashing-lately'
  /** Pods are on no node, because their volume is not there. */
  | 'waiting-for-volume'
  /** Pods run and their readiness probe fails. */
  | 'unready';

export interface WorkloadShape {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  readonly namespace: string;
  readonly name: string;
  /** Labels of the workload; those of `selector` are on its pods too. */
  readonly labels: Readonly<Record<string, string>>;
  /** By default `labels` without the chart and its version. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Labels that only pods have, such as those that Vault gives its own. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly container: string;
  readonly image: string;
  readonly replicas?: number;
}

const POD: Readonly<Record<WorkloadState, string>> = {
  ready: 'pod-healthy',
  starting: 'pod-container-creating',
  pulling: 'pod-imagepull',
  crashing: 'pod-crashloop',
  'crashing-lately': 'pod-crashloop',
  'waiting-for-volume': 'pod-waits-for-pvc',
  unready: 'pod-never-ready',
};

const DEPLOYMENT: Readonly<Record<WorkloadState, string>> = {
  ready: 'deployment-healthy',
  starting: 'deployment-progressing',
  pulling: 'deployment-image-pull-backoff',
  crashing: 'deployment-crashloop',
  'crashing-lately': 'deployment-progressing',
  'waiting-for-volume': 'deployment-progressing',
  unready: 'deployment-progressing',
};

/** A workload in a state, with one of its pods. */
export function workload(shape: WorkloadShape, state: WorkloadState): KubernetesObject[] {
  const selector = shape.selector ?? withoutChart(shape.labels);
  const made = { Deployment: deploymentIn, StatefulSet: statefulSetIn, DaemonSet: daemonSetIn }[shape.kind](
    shape,
    state,
  );
  const template = { labels: { ...selector, ...shape.podLabels } };
  const object = changed(identified(made, shape), {
    'metadata.labels': shape.labels,
    'spec.selector.matchLabels': selector,
    'spec.template.metadata': template,
    'spec.template.spec.containers': [container(shape, made)],
  });
  return [object, podOf(shape, object, selector, state)];
}

function deploymentIn({ name, replicas = 1 }: WorkloadShape, state: WorkloadState): KubernetesObject {
  const ready = state === 'ready';
  const made = recorded('kubernetes', DEPLOYMENT[state]);
  const renamed = JSON.parse(
    JSON.stringify(made).replaceAll(`\\"${made.metadata.name}-`, `\\"${name}-`),
  ) as KubernetesObject;
  return changed(renamed, {
    'metadata.annotations': { 'deployment.kubernetes.io/revision': '1' },
    'spec.replicas': replicas,
    'status.replicas': replicas,
    'status.updatedReplicas': replicas,
    'status.readyReplicas': ready ? replicas : undefined,
    'status.availableReplicas': ready ? replicas : undefined,
    'status.unavailableReplicas': ready ? undefined : replicas,
  });
}

function statefulSetIn({ name, replicas = 1 }: WorkloadShape, state: WorkloadState): KubernetesObject {
  const ready = state === 'ready';
  const revision = `${name}-${hashOf(name).slice(0, 10)}`;
  return changed(recorded('kubernetes', ready ? 'statefulset-healthy' : 'statefulset-ordinal-stuck'), {
    'metadata.annotations': {},
    'spec.replicas': replicas,
    'spec.serviceName': name,
    'spec.podManagementPolicy': 'Parallel',
    'status.replicas': replicas,
    'status.currentReplicas': replicas,
    'status.updatedReplicas': replicas,
    'status.readyReplicas': ready ? replicas : undefined,
    'status.availableReplicas': ready ? replicas : 0,
    'status.currentRevision': revision,
    'status.updateRevision': revision,
  });
}

function daemonSetIn(_: WorkloadShape, state: WorkloadState): KubernetesObject {
  const made = recorded('kubernetes', state === 'ready' ? 'daemonset-healthy' : 'daemonset-partial');
  return changed(made, { 'metadata.annotations': { 'deprecated.daemonset.template.generation': '1' } });
}

function container({ container: name, image }: WorkloadShape, made: KubernetesObject): object {
  const { template } = made.spec as { template: { spec: { containers: object[] } } };
  return { ...template.spec.containers[0], name, image };
}

/** The pod carries the words of the recorded one, about a container of the shape's name. */
function podOf(
  shape: WorkloadShape,
  owner: KubernetesObject,
  selector: Readonly<Record<string, string>>,
  state: WorkloadState,
): KubernetesObject {
  const pod = recorded('kubernetes', POD[state]);
  const [first] = (pod.spec as { containers: { name: string; image: string }[] }).containers;
  const suffix =
    shape.kind === 'StatefulSet' ? '0' : `${hashOf(shape.name).slice(0, 9)}-${hashOf(shape.name).slice(9, 14)}`;
  const name = `${shape.name}-${suffix}`;
  const renamed = JSON.parse(
    JSON.stringify(changed(pod, { 'metadata.managedFields': undefined, 'metadata.annotations': undefined }))
      .replaceAll(`[${first!.name}]`, `[${shape.container}]`)
      .replaceAll(`"name":"${first!.name}"`, `"name":"${shape.container}"`)
      .replaceAll(`container=${first!.name} `, `container=${shape.container} `)
      .replaceAll(first!.image, shape.image)
      .replaceAll(pod.metadata.uid!, uidOf(`Pod ${shape.namespace}/${name}`))
      .replaceAll('claim \\"nope\\"', `claim \\"data-${name}\\"`)
      .replaceAll(`pod=${pod.metadata.name}_`, `pod=${name}_`)
      .replaceAll(`_${pod.metadata.namespace}(`, `_${shape.namespace}(`),
  ) as KubernetesObject;
  const status = renamed.status as { containerStatuses?: readonly object[] };
  // The recorded loop is some minutes old; ten minutes of it are seven restarts.
  const crashed = status.containerStatuses?.map(
    (each) =>
      JSON.parse(JSON.stringify({ ...each, restartCount: 7 }).replace('back-off 1m20s', 'back-off 5m0s')) as object,
  );
  return changed(renamed, {
    ...(state === 'crashing' && { 'status.containerStatuses': crashed }),
    'metadata.name': name,
    'metadata.namespace': shape.namespace,
    'metadata.labels': { ...selector, ...shape.podLabels },
    'metadata.ownerReferences': [
      { kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, controller: true },
    ],
  });
}

/** A Service of type LoadBalancer, with its hostname or waiting for it. */
export function loadBalancer(
  { namespace, name, labels }: Pick<WorkloadShape, 'namespace' | 'name' | 'labels'>,
  state: 'addressed' | 'pending',
): KubernetesObject {
  const made = recorded('kubernetes', `service-loadbalancer-${state === 'pending' ? 'pending' : 'assigned'}`);
  return changed(identified(made, { kind: 'Service', namespace, name }), {
    'metadata.labels': labels,
    'metadata.annotations': undefined,
    'spec.selector': withoutChart(labels),
    ...(state === 'addressed' && {
      'status.loadBalancer.ingress': [
        { hostname: `k8s-${namespace}-${name}-0a1b2c3d4e.elb.eu-central-1.amazonaws.com` },
      ],
    }),
  });
}

export interface CustomShape {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly generation?: number;
  readonly spec?: object;
  readonly status?: object;
  readonly [key: string]: unknown;
}

const CREATED = '2026-11-23T06:50:21Z';

/** An object of a kind that no recorded controller wrote: its status follows the types of its API. */
export function custom({
  apiVersion,
  kind,
  name,
  namespace,
  labels,
  generation = 1,
  ...rest
}: CustomShape): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: {
      creationTimestamp: CREATED,
      generation,
      ...(labels && { labels }),
      name,
      ...(namespace !== undefined && { namespace }),
      resourceVersion: String(2000 + (Number.parseInt(hashOf(name).slice(0, 4), 16) % 1000)),
      uid: uidOf(`${kind} ${namespace ?? ''}/${name}`),
    },
    ...rest,
  };
}

/** A condition as controllers write it. */
export function condition(type: string, status: string, reason: string, message: string, more: object = {}): object {
  return { lastTransitionTime: '2026-11-23T06:51:04Z', message, reason, status, type, ...more };
}

/** The labels that Helm charts put on everything, beside those that select. */
export function chartLabels(chart: string, version: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/version': version, 'helm.sh/chart': chart };
}

function withoutChart(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const {
    'helm.sh/chart': _chart,
    'app.kubernetes.io/managed-by': _by,
    'app.kubernetes.io/version': _version,
    ...rest
  } = labels;
  return rest;
}

function identified(
  object: KubernetesObject,
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string },
): KubernetesObject {
  return changed(object, {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.uid': uidOf(`${kind} ${namespace}/${name}`),
    'metadata.managedFields': undefined,
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function uidOf(text: string): string {
  const digits = hashOf(text);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}
