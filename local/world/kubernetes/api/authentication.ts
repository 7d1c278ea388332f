import type { AwsResource } from '../../aws-resources';
import { isFields } from '../manifest';
import { refuse } from './status-answers';

/** Who calls, and what EKS lets them do. */
export interface Caller {
  readonly user: string;
  readonly may: 'everything' | 'read' | 'nothing';
}

const ANONYMOUS: Caller = { user: 'system:anonymous', may: 'nothing' };
const PREFIX = 'k8s-aws-v1.';
const READ_POLICIES = new Set(['AmazonEKSViewPolicy', 'AmazonEKSAdminViewPolicy']);

/**
 * Reads the bearer token as EKS does: base64url of a presigned STS GetCallerIdentity URL whose signature covers
 * `x-k8s-aws-id`. The header itself is not part of the URL, so the cluster's name is proved by the signature, which the
 * local STS does not check; that the header is signed, the form of the token and its age are.
 * @throws StatusError 401 for anything else; a missing token is the anonymous user, whom nothing is allowed.
 */
export function authenticate(authorization: string | undefined, cluster: AwsResource, now: number): Caller {
  if (authorization === undefined) return ANONYMOUS;
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
  if (!token?.startsWith(PREFIX)) throw refuse.unauthorized();
  const text = token.slice(PREFIX.length);
  // EKS wants the unpadded base64url alphabet and nothing else.
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw refuse.unauthorized();
  const url = Buffer.from(text, 'base64url').toString();
  if (!URL.canParse(url)) throw refuse.unauthorized();
  const { protocol, hostname, searchParams } = new URL(url);
  const signed = (searchParams.get('X-Amz-SignedHeaders') ?? '').split(';');
  const isIdentityCall =
    protocol === 'https:' && hostname.startsWith('sts.') && searchParams.get('Action') === 'GetCallerIdentity';
  if (!isIdentityCall || !signed.includes('x-k8s-aws-id') || !searchParams.get('X-Amz-Signature'))
    throw refuse.unauthorized();
  if (isExpired(searchParams, now)) throw refuse.unauthorized();
  return callerOf(searchParams.get('X-Amz-Credential') ?? '', cluster);
}

/** EKS takes tokens up to 15 minutes old, whatever `X-Amz-Expires` says. */
const TOKEN_LIFE_MS = 15 * 60_000;

function isExpired(query: URLSearchParams, now: number): boolean {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  if (!year) return true;
  const signedAt = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return now - signedAt > TOKEN_LIFE_MS;
}

/**
 * Locally every caller has the same credentials, those of the cluster's creator, who is admin. An access key id that is
 * made of a role's name (`ASIA-role-<name>`) stands for a session of that role; it may do what its access entry says.
 */
function callerOf(credential: string, cluster: AwsResource): Caller {
  const role = /^ASIA-role-([^/]+)\//.exec(credential)?.[1];
  if (role === undefined) return { user: 'cluster-creator', may: 'everything' };
  const { accessEntries } = cluster.attributes;
  const entries = isFields(accessEntries) ? accessEntries : {};
  const arn = Object.keys(entries).find((key) => key.endsWith(`:role/${role}`));
  if (arn === undefined) throw refuse.unauthorized();
  const policies = Array.isArray(entries[arn])
    ? entries[arn].map((policy) => String(policy).split('/').pop() ?? '')
    : [];
  if (policies.some((policy) => policy.includes('Admin') && !READ_POLICIES.has(policy)))
    return { user: arn, may: 'everything' };
  return { user: arn, may: policies.some((policy) => READ_POLICIES.has(policy)) ? 'read' : 'nothing' };
}
