import { EKSClient } from '@aws-sdk/client-eks';
import { eksToken, keptToken } from '../../adapters/eks-token';

const client = new EKSClient({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'a+b/c==' },
});

async function urlOf(cluster: string): Promise<{ text: string; url: URL }> {
  const token = await eksToken(client, cluster, new Date());
  expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  const text = Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString();
  return { text, url: new URL(text) };
}

test('a token is a presigned GetCallerIdentity of the region that binds the cluster by a signed header', async () => {
  const { url } = await urlOf('drill-a1b2c3');
  expect(url.origin + url.pathname).toBe('https://sts.eu-central-1.amazonaws.com/');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^AKIDEXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request$/);
});

test('values are percent-encoded exactly once', async () => {
  const { text, url } = await urlOf('drill-a1b2c3');
  expect(text).toContain('X-Amz-Security-Token=a%2Bb%2Fc%3D%3D');
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('a+b/c==');
});

test('tokens for two clusters differ in their signature', async () => {
  const [one, two] = [await urlOf('drill-a1b2c3'), await urlOf('drill-d4e5f6')];
  expect(one.url.searchParams.get('X-Amz-Signature')).not.toBe(two.url.searchParams.get('X-Amz-Signature'));
});

test('a token is kept for a minute, and one that could not be minted is not kept', async () => {
  let now = 0;
  let minted = 0;
  const token = keptToken(
    async () => {
      minted += 1;
      if (minted === 1) throw new Error('no credentials yet');
      return `token-${minted}`;
    },
    { now: () => new Date(now) },
  );
  await expect(token()).rejects.toThrow('no credentials yet');
  expect([await token(), await token()]).toEqual(['token-2', 'token-2']);
  now = 60_000;
  expect(await token()).toBe('token-3');
});
