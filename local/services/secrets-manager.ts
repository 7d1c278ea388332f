import { AwsError, jsonService } from '../service';
import type { Service } from '../service';

/** Secrets Manager over given secrets, by name. A secret is found by its name or by its ARN. */
export function createSecretsManager(parts: {
  readonly region: string;
  readonly account: string;
  readonly secrets: Readonly<Record<string, string>>;
}): Service {
  const arnOf = (name: string): string =>
    `arn:aws:secretsmanager:${parts.region}:${parts.account}:secret:${name}-local0`;
  const find = (id: string): { Name: string; ARN: string; value: string } => {
    for (const [name, value] of Object.entries(parts.secrets)) {
      if (id === name || id === arnOf(name)) return { Name: name, ARN: arnOf(name), value };
    }
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  return jsonService('Secrets Manager', {
    GetSecretValue: (input: { SecretId: string }) => {
      const { value, ...secret } = find(input.SecretId);
      return { ...secret, SecretString: value, VersionStages: ['AWSCURRENT'] };
    },
    DescribeSecret: (input: { SecretId: string }) => {
      const { Name, ARN } = find(input.SecretId);
      return { Name, ARN };
    },
  });
}
