import { latest, secondsBetween } from '../clock';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { severityOfComparisonError } from './argo-comparison-error';
import {
  type Pin,
  comparedRevisions,
  deployedRevisions,
  expectedRevisions,
  floatingSource,
  isPartial,
  short,
  wrongRevision,
} from './argo-revisions';
import type { ArgoApplication } from './argo-shape';
import { deletion, reading } from './object-reading';

/**
 * How old `status.reconciledAt` may be. Argo CD compares every 2 to 3 minutes (120 s and up to 60 s of jitter), the
 * Argo CD that EKS runs every 6. Ten minutes are one missed comparison of the slower; a status that is older is not
 * refreshed (a dead repo-server writes nothing for minutes, and everything still looks Synced).
 */
const FRESH_SECONDS = 600;

/** What is wrong with an Application, or undefined; the checks run in order and the first answer counts. */
type Check = (application: ArgoApplication, context: Context) => Flaw | undefined;
type Flaw = readonly [status: ObjectReading['status'], reason: string];
interface Context {
  readonly pin: Pin;
  readonly now?: Date | undefined;
}

/** No repository is the drill's, so only what an Application itself asks for counts. */
const NOTHING_PINNED: Pin = { commit: '', repository: '' };

/**
 * How an Argo CD Application stands. "Synced, Healthy, Succeeded" is not enough: it is said of the revision that was
 * compared, before the newest spec was looked at, while an operation runs, while a retry waits, and minutes after the
 * repo-server died.
 * @param pin what the drill pinned; the revision that each source must be at follows from it
 * @param now without it, the age of the status is not looked at
 */
export function judgeApplication(object: KubernetesObject, pin: Pin = NOTHING_PINNED, now?: Date): ObjectReading {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const application = object as ArgoApplication;
  for (const check of CHECKS) {
    const flaw = check(application, { pin, now });
    if (flaw) return reading(object, ...flaw);
  }
  const revisions = comparedRevisions(application).map(short).join(', ');
  return reading(object, 'healthy', `Synced to ${revisions}, Healthy, operation Succeeded`, healthySince(application));
}

/**
 * `health.lastTransitionTime` moves when the value changes, which may be long after the operation ended or before it.
 * A later self-heal does not count: it puts right what was deployed by the last whole sync.
 */
function healthySince({ status = {} }: ArgoApplication): string | undefined {
  const deployedAt = isPartial(status.operationState)
    ? status.history?.at(-1)?.deployedAt
    : status.operationState?.finishedAt;
  return latest([status.health?.lastTransitionTime, deployedAt]);
}

const specIsValid: Check = ({ status }) => {
  const invalid = status?.conditions?.find(({ type }) => type === 'InvalidSpecError');
  // A project or a destination that is missing may come with another component.
  return invalid && ['degraded', `InvalidSpecError: ${invalid.message}`];
};

const isComparable: Check = ({ status }) => {
  const error = status?.conditions?.find(({ type }) => type === 'ComparisonError');
  return error && [severityOfComparisonError(error.message ?? ''), `ComparisonError: ${error.message}`];
};

const hasBeenSeen: Check = ({ status }) =>
  status?.sync?.status ? undefined : ['progressing', 'status.sync.status is empty: not compared yet'];

const nothingRuns: Check = ({ operation, status }) => {
  const state = status?.operationState;
  // While a retry is pending the phase is Running and finishedAt is set: the end of the last attempt.
  if (state?.phase === 'Running' && state.finishedAt && (state.retryCount ?? 0) > 0) {
    return ['progressing', `sync attempt failed, retry ${state.retryCount} is pending: ${state.message ?? ''}`];
  }
  if (state?.phase === 'Running' || state?.phase === 'Terminating') {
    return ['progressing', `operation is ${state.phase}${state.message ? `: ${state.message}` : ''}`];
  }
  return operation === undefined ? undefined : ['progressing', 'operation is requested and has not begun'];
};

const wasComparedToItsSpec: Check = ({ spec = {}, status }) => {
  const { source, sources, destination = {} } = status?.sync?.comparedTo ?? {};
  const same =
    (spec.sources?.length ? sameContent(sources, spec.sources) : sameContent(source, spec.source)) &&
    Object.entries(spec.destination ?? {}).every(([key, value]) => destination[key] === value);
  // There is no observedGeneration, and the generation grows with every write of the status.
  return same
    ? undefined
    : ['progressing', 'status.sync.comparedTo differs from spec: the newest spec was not compared'];
};

const operationSucceeded: Check = (application, { pin }) => {
  const { spec, status = {} } = application;
  const { operationState: state, sync } = status;
  if (state === undefined) return neverSynced(application);
  if (state.phase === 'Succeeded') return undefined;
  const elsewhere = wrongRevision(
    deployedRevisions(application),
    expectedRevisions(application as KubernetesObject, pin),
  );
  const willTryAgain = elsewhere !== undefined && sync?.status === 'OutOfSync' && isAutomated(spec);
  const verdict = `operation ${state.phase}${state.retryCount ? ` after ${state.retryCount} retries` : ''}`;
  // Argo CD does not sync a revision again that failed, so a failure at the pinned revision is for good.
  return [willTryAgain ? 'progressing' : 'failed', `${verdict}: ${state.message ?? 'no message'}`];
};

function neverSynced({ spec, status }: ArgoApplication): Flaw {
  if (status?.sync?.status === 'Synced' && !status.resources?.length) {
    return ['degraded', 'status.resources is empty: its source makes nothing'];
  }
  return isAutomated(spec)
    ? ['progressing', 'status.operationState is absent: no sync has begun']
    : ['degraded', 'spec.syncPolicy.automated is not set and nothing was synced: it waits for somebody to sync it'];
}

const isSynced: Check = (application) => {
  const { spec, status = {} } = application;
  const { sync, resources = [] } = status;
  if (sync?.status === 'Synced') return undefined;
  const differing = resources.filter((resource) => resource.status !== 'Synced');
  const names = differing.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const reason = `status.sync.status is ${sync?.status}${names ? `: ${names}` : ''}`;
  if (sync?.status === 'Unknown') return ['progressing', reason];

  const automated = isAutomated(spec) ? spec?.syncPolicy?.automated : undefined;
  const newRevision = comparedRevisions(application).join() !== deployedRevisions(application).join();
  const mends =
    automated && (newRevision || automated.selfHeal) && differing.every((r) => !r.requiresPruning || automated.prune);
  return mends ? ['progressing', reason] : ['degraded', `${reason}; spec.syncPolicy.automated does not put this right`];
};

const isAtTheRevision: Check = (application, { pin }) => {
  const object = application as KubernetesObject;
  const expected = expectedRevisions(object, pin);
  const compared = wrongRevision(comparedRevisions(application), expected);
  if (compared) {
    const floating = floatingSource(object, pin);
    const reason = `status.sync.revision is ${short(compared.actual)}, not ${short(compared.expected)}`;
    return floating ? ['failed', `${reason}: ${floating}`] : ['degraded', reason];
  }
  const deployed = wrongRevision(deployedRevisions(application), expected);
  return (
    deployed && [
      'degraded',
      `deployed is ${short(deployed.actual)} (operationState.syncResult), only compared is ${short(deployed.expected)}`,
    ]
  );
};

const makesSomething: Check = ({ status }) =>
  status?.resources?.length ? undefined : ['degraded', 'status.resources is empty: its source makes nothing'];

const isHealthy: Check = ({ status }) => {
  const { status: health, message } = status?.health ?? {};
  const reason = `status.health.status is ${health ?? 'absent'}${message ? `: ${message}` : ''}`;
  switch (health) {
    case 'Healthy':
      return undefined;
    case 'Degraded':
      return ['degraded', reason];
    case 'Suspended':
      return ['suspended', `${reason}: a paused or suspended resource waits for somebody`];
    default:
      return ['progressing', reason];
  }
};

const isFresh: Check = ({ status }, { now }) => {
  if (now === undefined) return undefined;
  const age = status?.reconciledAt === undefined ? Infinity : secondsBetween(status.reconciledAt, now);
  return age <= FRESH_SECONDS
    ? undefined
    : ['progressing', `status.reconciledAt is ${status?.reconciledAt ?? 'absent'}: the status is no longer refreshed`];
};

const CHECKS: readonly Check[] = [
  specIsValid,
  isComparable,
  nothingRuns,
  hasBeenSeen,
  wasComparedToItsSpec,
  operationSucceeded,
  isSynced,
  isAtTheRevision,
  makesSomething,
  isHealthy,
  isFresh,
];

function isAutomated(spec: ArgoApplication['spec']): boolean {
  const automated = spec?.syncPolicy?.automated;
  return automated !== undefined && automated.enabled !== false;
}

/** Equality of what is written: the controller drops empty fields that a manifest may spell out, and sorts keys. */
function sameContent(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(canonical) : undefined;
  if (typeof value !== 'object' || value === null) return value || undefined;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, canonical(item)] as const)
    .filter(([, item]) => item !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
