import type { ObjectReading } from '../record';

/**
 * What Argo CD says when the repository, at the pinned revision, does not hold what the Application asks for. The
 * revision cannot change under a drill, so waiting does not help.
 */
const FOR_GOOD = [
  /app path does not exist/i,
  /unable to resolve '.*' to a commit SHA|not our ref|reference is not a tree/i,
  /no (chart|such chart)|chart .*not found|chart version .*not found|not found in .*(repository|index)|: 404 Not Found/i,
  /improper constraint|constraint not found in|invalid (chart )?(semver|version)/i,
  /error unmarshaling JSON|failed to unmarshal|error converting YAML|yaml: line \d+|json: cannot unmarshal/i,
  /kustomize build .*failed|accumulating resources|helm template .*failed|execution error at \(/i,
];

/** What it says while a part of it, or of the network, does not answer. It goes away by itself, or the deadline comes. */
const PASSING = [
  /code = (Unavailable|DeadlineExceeded|Canceled|ResourceExhausted|Aborted)/,
  /connection (refused|reset)|i\/o timeout|TLS handshake timeout|context deadline exceeded|unexpected EOF/i,
  /failed to (discover|sync) (server resources|cluster)|failed to load (live|initial) state|error synchronizing cache/i,
];

/**
 * Whether a ComparisonError is for good, passing, or neither is known: `failed`, `progressing` or `degraded`. Missing
 * rights to a repository are `degraded`, because the credentials may arrive with another component, and so is a host
 * that DNS does not know.
 */
export function severityOfComparisonError(message: string): ObjectReading['status'] {
  if (PASSING.some((pattern) => pattern.test(message))) return 'progressing';
  return FOR_GOOD.some((pattern) => pattern.test(message)) ? 'failed' : 'degraded';
}
