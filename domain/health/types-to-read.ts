import { CUSTOM_TYPES } from '../catalogue/custom-types';
import { probesOf, selectorsOf } from '../catalogue/probes';
import type { GitopsLayer } from '../layers';
import type { Kind, ResourceType } from '../ports/kubernetes';
import type { Settings } from '../settings';
import type { ClusterSnapshot, ObjectIdentity } from './cluster-snapshot';
import { gitopsView } from './gitops-view';
import { engineProbes } from './engine';
import { groupOf } from './judge-object';
import { customKindsOf } from './made-kinds';
import { RELEASED, RESOURCE, engineTypes, typeKey, typeOf } from './resource-types';
import { unitsOf } from './units-of-layer';

/** What every reading needs: pods and nodes tell why a workload is not ready. */
const ALWAYS: readonly ResourceType[] = [RESOURCE.node, RESOURCE.pod];

/**
 * What is judged when a unit of the layer makes it. CustomResourceDefinitions are left out: they are megabytes in a real
 * cluster, Argo CD and Flux wait for them themselves, and a kind whose definition is missing is not served.
 */
const WHEN_MADE: readonly ResourceType[] = [
  RESOURCE.namespace,
  RESOURCE.service,
  RESOURCE.claim,
  RESOURCE.volume,
  RESOURCE.deployment,
  RESOURCE.statefulSet,
  RESOURCE.daemonSet,
  RESOURCE.replicaSet,
  RESOURCE.job,
  RESOURCE.cronJob,
  RESOURCE.ingress,
  RESOURCE.autoscaler,
  RESOURCE.disruptionBudget,
  RESOURCE.apiService,
  ...CUSTOM_TYPES,
];

/**
 * What to list beside the engine's own objects to judge a layer: each kind in all namespaces, and only the kinds that
 * the layer's units make or its components must have, so that a poll of a small layer is few requests. A kind that is no
 * type yet is looked up in the API.
 * @param engine the engine's objects, read already.
 */
export function typesToRead(
  layer: GitopsLayer,
  settings: Settings,
  engine: ClusterSnapshot,
): readonly (Kind | ResourceType)[] {
  const { components } = settings.layers[layer];
  const view = gitopsView(settings.gitops.engine, engine, { commit: '', now: new Date(engine.readAt) });
  const made = unitsOf(layer, settings, view).flatMap(({ makes = [] }) => makes);
  const isKnown = (identity: ObjectIdentity): boolean =>
    [...WHEN_MADE, ...engineTypes(settings)].some((type) => isOf(type, identity));
  const kinds: (Kind | ResourceType)[] = [
    ...ALWAYS,
    ...WHEN_MADE.filter((type) => made.some((identity) => isOf(type, identity))),
    ...(made.some((identity) => isOf(RESOURCE.helmRelease, identity)) ? RELEASED : []),
    ...[...engineProbes(settings), ...components.flatMap(probesOf)].flatMap(selectorsOf).map(typeOf),
    ...customKindsOf(made.filter((identity) => !isKnown(identity))),
  ];
  // Whether a claim may wait for its first pod is written in its storage class.
  if (kinds.includes(RESOURCE.claim)) kinds.push(RESOURCE.storageClass);
  const byKey = new Map(kinds.map((kind) => [typeKey(kind), kind]));
  for (const type of engineTypes(settings)) byKey.delete(typeKey(type));
  return [...byKey.values()];
}

function isOf(type: ResourceType, { kind, group }: ObjectIdentity): boolean {
  return type.kind === kind && groupOf(type.apiVersion) === group;
}
