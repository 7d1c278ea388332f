import { type Layer, isLayer } from './layers';
import { FIELD_MANAGER, LABEL } from './names';
import type { KubernetesObject, ManagedFields } from './ports/kubernetes';
import type { ManualStep } from './record';
import type { ArgoApplication } from './health/argo-shape';

/** Where undeclared manual steps are looked for. */
export interface DetectionScope {
  /** The layer that a step is booked to when its object names none. */
  readonly layer: Layer;
  /** Begin of the drill; what was done before is not its affair. */
  readonly since: string;
}

/**
 * Syncs of Argo CD Applications that a person started: an operation is `automated` or names a `username`. The
 * operation that runs or ran last is read as well as the history, because a failed one leaves no history.
 */
export function manualSyncs(applications: readonly KubernetesObject[], scope: DetectionScope): ManualStep[] {
  return applications.flatMap((object) => {
    const { operationState, history = [] } = (object as ArgoApplication).status ?? {};
    const syncs = [
      { initiatedBy: operationState?.operation?.initiatedBy, at: operationState?.startedAt },
      ...history.map(({ initiatedBy, deployStartedAt, deployedAt }) => ({
        initiatedBy,
        at: deployStartedAt ?? deployedAt,
      })),
    ];
    const users = new Map<string, string | undefined>();
    for (const { initiatedBy, at } of syncs) {
      if (!initiatedBy?.username || initiatedBy.automated || !isWithin(at, scope)) continue;
      if (!users.has(initiatedBy.username)) users.set(initiatedBy.username, at);
    }
    return [...users].map(([user, at]) =>
      detected({
        name: `sync-${object.metadata.name}-${user}`,
        layer: layerOf(object, scope),
        description: `${user} synced ${object.metadata.name} by hand`,
        evidence: `${identityOf(object)}: synced by ${user}${at ? ` at ${at}` : ''}`,
      }),
    );
  });
}

/**
 * Field managers that a person's tool writes. Argo CD and Flux have names of their own, so `kubectl…` is a person or a
 * job that runs kubectl; a person may also choose another name (`--field-manager`), and a deletion leaves no trace.
 */
const PERSONAL_TOOLS = /^(kubectl|k9s|lens|openlens|headlamp|curl|Mozilla|dashboard)/i;

/**
 * Changes by hand, from the field managers of objects. Flux erases managers named `kubectl…` at its next reconcile, so
 * this must be read while the layer comes up. An entry of `kubectl scale` has no time; the cluster is as old as the
 * drill, so it counts.
 */
export function manualChanges(objects: readonly KubernetesObject[], scope: DetectionScope): ManualStep[] {
  return objects.flatMap((object) => {
    const managers = new Map<string, ManagedFields>();
    for (const entry of object.metadata.managedFields ?? []) {
      if (isByHand(entry) && isWithin(entry.time, scope)) managers.set(actionOf(entry), entry);
    }
    return [...managers].map(([action, { manager, time }]) =>
      detected({
        name: `${action}-${object.kind}-${object.metadata.namespace ?? 'cluster'}-${object.metadata.name}`,
        layer: layerOf(object, scope),
        description: `${object.kind} ${object.metadata.name} was changed by hand (${action.replace('-', ' ')})`,
        evidence: `${identityOf(object)}: managedFields name ${manager}${time ? ` at ${time}` : ''}`,
      }),
    );
  });
}

function isByHand({ manager, subresource }: ManagedFields): boolean {
  // kubectl-last-applied only keeps an annotation for the apply that is listed beside it.
  if (manager === FIELD_MANAGER || manager === 'kubectl-last-applied') return false;
  return subresource !== 'status' && PERSONAL_TOOLS.test(manager);
}

/** `kubectl-patch`; `kubectl scale` writes manager `kubectl` with subresource `scale`. */
function actionOf({ manager, subresource, operation }: ManagedFields): string {
  if (subresource) return `${manager}-${subresource}`;
  return manager === 'kubectl' && operation === 'Apply' ? 'kubectl-apply' : manager;
}

/** A management event of CloudTrail, as `LookupEvents` gives it (`CloudTrailEvent` is this as JSON text). */
export interface AuditEvent {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventTime: string;
  readonly readOnly?: boolean;
  readonly userAgent?: string;
  readonly sessionCredentialFromConsole?: string | boolean;
  readonly userIdentity?: {
    readonly type?: string;
    readonly arn?: string;
    readonly invokedBy?: string;
    readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
  };
  readonly requestParameters?: unknown;
  readonly resources?: unknown;
}

export interface AuditScope extends DetectionScope {
  /** Roles that act for the drill; service-linked roles are known anyway. */
  readonly roleArns: readonly string[];
  /** Names by which an event shows that it concerns this drill: cluster name, drill id. */
  readonly names: readonly string[];
}

/**
 * What people did to the drill's AWS resources, from CloudTrail's management events. CloudTrail lags by minutes, so an
 * empty answer means "none seen", not "none".
 */
export function manualApiCalls(events: readonly AuditEvent[], scope: AuditScope): ManualStep[] {
  const steps = new Map<string, ManualStep>();
  for (const event of events) {
    if (event.readOnly || !isWithin(event.eventTime, scope) || isByMachine(event, scope) || !concerns(event, scope))
      continue;
    const who = event.userIdentity?.arn ?? event.userIdentity?.type ?? 'somebody';
    const from = isFromConsole(event) ? ' in the console' : '';
    const step = detected({
      name: `${event.eventName}-${who.split(/[/:]/).at(-1) ?? who}`,
      layer: scope.layer,
      description: `${who.split('/').at(-1)} called ${event.eventName} of ${event.eventSource}${from}`,
      evidence: `CloudTrail event ${event.eventID}: ${event.eventName} by ${who} at ${event.eventTime}`,
    });
    if (!steps.has(step.name)) steps.set(step.name, step);
  }
  return [...steps.values()];
}

function isByMachine({ userIdentity = {} }: AuditEvent, { roleArns }: AuditScope): boolean {
  const { type, invokedBy, sessionContext } = userIdentity;
  if (type === 'AWSService' || invokedBy?.endsWith('.amazonaws.com')) return true;
  const issuer = sessionContext?.sessionIssuer?.arn ?? '';
  return issuer.includes(':role/aws-service-role/') || roleArns.includes(issuer);
}

function isFromConsole({ sessionCredentialFromConsole, userAgent = '' }: AuditEvent): boolean {
  return (
    String(sessionCredentialFromConsole) === 'true' || /console\.amazonaws\.com|signin\.amazonaws\.com/.test(userAgent)
  );
}

function concerns({ requestParameters, resources }: AuditEvent, { names }: AuditScope): boolean {
  const text = JSON.stringify([requestParameters, resources]);
  return names.some((name) => text.includes(name));
}

function isWithin(at: string | undefined, { since }: DetectionScope): boolean {
  return at === undefined || Date.parse(at) >= Date.parse(since);
}

function layerOf({ metadata }: KubernetesObject, { layer }: DetectionScope): Layer {
  const label = metadata.labels?.[LABEL.layer] ?? '';
  return isLayer(label) ? label : layer;
}

function identityOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** A detected step; its name is unique within the drill and the same on every read. */
function detected(step: {
  readonly name: string;
  readonly layer: Layer;
  readonly description: string;
  readonly evidence: string;
}): ManualStep {
  const { layer, description, evidence } = step;
  const name = step.name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return { name, source: 'detected', layer, description, evidence, status: 'detected' };
}
