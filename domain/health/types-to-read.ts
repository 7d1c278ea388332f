import { CUSTOM_TYPES } from '../catalogue/custom-types';
import { probesOf, selectorsOf } from '../catalogue/probes';
import type { GitopsLayer } from '../layers';
import type { ResourceType } from '../ports/kubernetes';
import type { Settings } from '../settings';
import type { ClusterSnapshot, ObjectIdentity } from './cluster-snapshot';
import { gitopsView } from './gitops-view';
import { groupOf } from './judge-object';
import { engineTypes, RESOURCE, typeKey, typeOf } from './resource-types';

/**
 * What every reading needs: pods and nodes tell why a workload is not ready, and an aggregated API that is down breaks
 * the others.
 */
const ALWAYS: readonly ResourceType[] = [RESOURCE.node, RESOURCE.pod, RESOURCE.apiService];

/**
 * What is judged when a unit of the layer makes it. CustomResourceDefinitions are left out: they are megabytes in a real
 * cluster, and Argo CD and Flux wait for them themselves.
 */
const WHEN_MADE: readonly ResourceType[] = [
  RESOURCE.service,
  RESOURCE.claim,
  RESOURCE.deployment,
  RESOURCE.statefulSet,
  RESOURCE.daemonSet,
  RESOURCE.job,
  RESOURCE.ingress,
  RESOURCE.autoscaler,
  ...CUSTOM_TYPES,
];

/** helm-controller keeps no list of what a release made, so whatever a chart usually makes is read. */
const RELEASED: readonly ResourceType[] = [
  RESOURCE.deployment,
  RESOURCE.statefulSet,
  RESOURCE.daemonSet,
  RESOURCE.service,
  RESOURCE.job,
];

/**
 * What to list beside the engine's own objects to judge a layer: each type in all namespaces, and only the types that
 * the layer's units make or its components must have, so that a poll of a small layer is few requests.
 * @param engine the engine's objects, read already.
 */
export function typesToRead(layer: GitopsLayer, settings: Settings, engine: ClusterSnapshot): readonly ResourceType[] {
  const { components } = settings.layers[layer];
  const { units } = gitopsView(settings.gitops.engine, engine, { commit: '', now: new Date(engine.readAt) });
  const own = units.filter(
    (unit) => unit.layer === layer || components.some(({ application }) => application === unit.name),
  );
  const made = own.flatMap(({ makes = [] }) => makes);
  const types = [
    ...ALWAYS,
    ...WHEN_MADE.filter((type) => made.some((identity) => isOf(type, identity))),
    ...(made.some((identity) => isOf(RESOURCE.helmRelease, identity)) ? RELEASED : []),
    ...components.flatMap(probesOf).flatMap(selectorsOf).map(typeOf),
  ];
  // Whether a claim may wait for its first pod is written in its storage class.
  if (types.includes(RESOURCE.claim)) types.push(RESOURCE.storageClass);
  const byKey = new Map(types.map((type) => [typeKey(type), type]));
  for (const type of engineTypes(settings)) byKey.delete(typeKey(type));
  return [...byKey.values()];
}

function isOf(type: ResourceType, { kind, group }: ObjectIdentity): boolean {
  return type.kind === kind && groupOf(type.apiVersion) === group;
}
