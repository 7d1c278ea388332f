import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { SecretsManager } from '../../adapters/secrets-manager';

const client = mockClient(SecretsManagerClient);
const secrets = new SecretsManager(new SecretsManagerClient());

beforeEach(() => client.reset());

test('a secret that cannot be read says why, a throttled answer is thrown', async () => {
  client.on(GetSecretValueCommand, { SecretId: 'token' }).resolves({ SecretString: 's3cret' });
  client
    .on(GetSecretValueCommand, { SecretId: 'key' })
    .rejects(Object.assign(new Error('Access to KMS is not allowed'), { name: 'AccessDeniedException' }));
  client
    .on(GetSecretValueCommand, { SecretId: 'busy' })
    .rejects(Object.assign(new Error('slow'), { name: 'ThrottlingException' }));
  expect(await secrets.obstacle('token')).toBeUndefined();
  expect(await secrets.obstacle('key')).toBe('Access to KMS is not allowed');
  await expect(secrets.obstacle('busy')).rejects.toThrow('slow');
});

test('a secret is its text, and a binary one is refused', async () => {
  client.on(GetSecretValueCommand, { SecretId: 'token' }).resolves({ SecretString: 's3cret' });
  client.on(GetSecretValueCommand, { SecretId: 'binary' }).resolves({ SecretBinary: new Uint8Array([1]) });
  expect(await secrets.value('token')).toBe('s3cret');
  await expect(secrets.value('binary')).rejects.toThrow('secret "binary" is binary; store the token as text');
});
