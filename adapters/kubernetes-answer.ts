import { KubernetesRequestError, KubernetesUnavailableError } from '../domain/ports/kubernetes';

/** An answer of an API server: its status and its text, whatever that is. */
export interface KubernetesAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * The Status object that most refusals are. Not every error is one: an API group that is not installed, an aggregated
 * API that is down and a throttled request are answered in plain text.
 */
export interface Status {
  readonly kind: 'Status';
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly name?: string; readonly causes?: readonly { readonly reason?: string }[] };
}

function statusOf(answer: KubernetesAnswer): Status | undefined {
  try {
    const body = JSON.parse(answer.text) as { kind?: unknown } | null;
    return body?.kind === 'Status' ? (body as Status) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a 404 is about the type and not about one object: plain text where the API group is unknown, a Status without
 * a name where the group is known but its version or resource is not. Both Statuses say reason NotFound.
 */
export function isTypeNotServed(answer: KubernetesAnswer): boolean {
  return answer.status === 404 && statusOf(answer)?.details?.name === undefined;
}

/**
 * What a refusal means, in one sentence with the request.
 * @param request such as `GET /api/v1/nodes`.
 */
export function refusal(answer: KubernetesAnswer, request: string): Error {
  const status = statusOf(answer);
  const words = status?.message ?? (answer.text.trim() || 'no explanation');
  const sentence = `the API server answered ${request} with ${answer.status}: ${words}`;
  if (answer.status === 401 || answer.status === 403) return new KubernetesUnavailableError('unauthorized', sentence);
  if (answer.status === 429 && !isDisruptionBudget(status))
    return new KubernetesUnavailableError('throttled', sentence);
  if (answer.status >= 500) return new KubernetesUnavailableError('unreachable', sentence);
  return new KubernetesRequestError(answer.status, status?.reason ?? '', sentence);
}

/** An eviction that a PodDisruptionBudget forbids is a 429 too; asking again soon is of no use. */
function isDisruptionBudget(status: Status | undefined): boolean {
  return status?.details?.causes?.some(({ reason }) => reason === 'DisruptionBudget') ?? false;
}
