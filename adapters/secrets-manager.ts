import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { isTransient, messageOf } from '../domain/errors';
import type { Secrets } from '../domain/ports/secrets';

/** The secrets of the account and region of the client. */
export class SecretsManager implements Secrets {
  constructor(private readonly client: SecretsManagerClient) {}

  async value(name: string): Promise<string> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`secret "${name}" is binary; store the token as text`);
    return SecretString;
  }

  async obstacle(name: string): Promise<string | undefined> {
    try {
      // Only reading the value proves that the key which encrypts it may be used too.
      await this.client.send(new GetSecretValueCommand({ SecretId: name }));
      return undefined;
    } catch (error) {
      if (isTransient(error)) throw error;
      return messageOf(error);
    }
  }
}
