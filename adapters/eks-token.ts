import type { EKSClient } from '@aws-sdk/client-eks';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../domain/clock';

/** EKS accepts a token for 15 minutes, whatever the URL in it says; 60 s is what `aws eks get-token` signs for. */
const EXPIRES_SECONDS = 60;

/**
 * Mints a bearer token for the API server of an EKS cluster: `k8s-aws-v1.` and, as unpadded base64url, a presigned URL
 * of STS GetCallerIdentity that binds the cluster by a signed header. EKS calls the URL to learn who is asking. This
 * is the method of `aws eks get-token` and aws-iam-authenticator; there is no helper for it in the SDK. Region,
 * credentials and hash are the client's own.
 * @param now when it is minted.
 */
export async function eksToken(eks: EKSClient, cluster: string, now: Date): Promise<string> {
  const region = await eks.config.region();
  const host = `sts.${region}.amazonaws.com`;
  const { credentials, sha256 } = eks.config;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256 });
  const { query } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host, 'x-k8s-aws-id': cluster },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    },
    { expiresIn: EXPIRES_SECONDS, signingDate: now },
  );
  // Percent-encoded exactly once: the signer leaves the values as they are.
  const text = Object.entries(query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${text}`).toString('base64url')}`;
}

/** Far below the 15 minutes for which EKS accepts a token, and long enough for the dozen requests of one health read. */
const KEEP_MS = 60_000;

/** Mints a token and keeps it for a minute: signing costs more than sending a request. */
export function keptToken(mint: (now: Date) => Promise<string>, clock: Pick<Clock, 'now'>): () => Promise<string> {
  let kept: { readonly token: Promise<string>; readonly until: number } | undefined;
  return () => {
    const now = clock.now();
    if (kept && now.getTime() < kept.until) return kept.token;
    const token = mint(now);
    kept = { token, until: now.getTime() + KEEP_MS };
    // What could not be minted is not kept.
    token.catch(() => (kept = undefined));
    return token;
  };
}
