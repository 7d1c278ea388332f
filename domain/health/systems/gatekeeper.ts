import type { KubernetesObject } from '../../ports/kubernetes';
import { type Rule, type Shaped, deletion, reading } from '../object-reading';

/** What one pod of Gatekeeper says of a template or constraint. */
interface PodStatus {
  readonly id?: string;
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
  readonly enforced?: boolean;
  readonly observedGeneration?: number;
}

/**
 * A ConstraintTemplate: the kind of its constraints is made (`status.created`) once its Rego compiles on the pods.
 * Source: open-policy-agent/gatekeeper, charts/gatekeeper/crds/constrainttemplate-customresourcedefinition.yaml.
 */
export const judgeConstraintTemplate: Rule = (object) => {
  const { created, byPod = [] } =
    (object as Shaped<object, { created: boolean; byPod: readonly PodStatus[] }>).status ?? {};
  return (
    deletion(object) ??
    errorOf(object, byPod) ??
    behindOf(object, byPod) ??
    (created
      ? reading(object, 'healthy', `status.created is true, ${byPod.length} pods know it`)
      : reading(object, 'progressing', 'status.created is not true yet'))
  );
};

/** A constraint, of whatever kind its template made: every pod must enforce it, without an error. */
export const judgeConstraint: Rule = (object) => {
  const { byPod = [] } = (object as Shaped<object, { byPod: readonly PodStatus[] }>).status ?? {};
  const idle = byPod.find(({ enforced }) => !enforced);
  return (
    deletion(object) ??
    errorOf(object, byPod) ??
    behindOf(object, byPod) ??
    (byPod.length === 0 || idle
      ? reading(object, 'progressing', `no pod enforces it yet${idle?.id ? ` (${idle.id})` : ''}`)
      : reading(object, 'healthy', `${byPod.length} pods enforce it`))
  );
};

/**
 * What one pod says of one constraint: the same as an entry of the constraint's `status.byPod`, but of one kind for all
 * constraints, so that they can be listed without knowing their templates.
 * Source: open-policy-agent/gatekeeper, apis/status/v1beta1/constraintpodstatus_types.go.
 */
export const judgeConstraintPodStatus: Rule = (object) => {
  const status = (object as Shaped<object, PodStatus>).status ?? {};
  const labels = object.metadata.labels ?? {};
  const constraint = `${labels['internal.gatekeeper.sh/constraint-kind']} ${labels['internal.gatekeeper.sh/constraint-name']}`;
  return (
    deletion(object) ??
    errorOf(object, [status], `${constraint}: `) ??
    (status.enforced
      ? reading(object, 'healthy', `${constraint} is enforced by pod ${status.id}`)
      : reading(object, 'progressing', `${constraint} is not enforced by pod ${status.id} yet`))
  );
};

function errorOf(object: KubernetesObject, byPod: readonly PodStatus[], about = '') {
  const pod = byPod.find(({ errors = [] }) => errors.length > 0);
  const error = pod?.errors?.[0];
  return error && reading(object, 'degraded', `${about}pod ${pod.id} says ${error.code}: ${error.message}`);
}

function behindOf(object: KubernetesObject, byPod: readonly PodStatus[]) {
  const { generation = 0 } = object.metadata;
  const behind = byPod.find(({ observedGeneration = generation }) => observedGeneration < generation);
  return (
    behind &&
    reading(object, 'progressing', `pod ${behind.id} knows generation ${behind.observedGeneration} of ${generation}`)
  );
}
