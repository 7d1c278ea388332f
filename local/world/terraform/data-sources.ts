import { createHash } from 'node:crypto';
import { isList, isObject, isUnknown, textOf, toJson, UNKNOWN } from './hcl/value';
import type { ObjectValue, Value } from './hcl/value';
import { callerRoleArn, textAttribute } from '../simulated-account';
import type { SimulatedAccount } from '../simulated-account';

export type DataSourceContext = SimulatedAccount;

/**
 * The attributes of a data source. Those that Terraform files for EKS lean on are computed; of any other, the arguments
 * are known and the rest is not.
 */
export function readDataSource(type: string, given: ObjectValue, context: DataSourceContext): Value {
  const attributes = DATA_SOURCES[type]?.(given, context) ?? {};
  const value = { ...given, ...attributes };
  const id = createHash('sha256')
    .update(JSON.stringify(toJson(value)))
    .digest()
    .readUInt32BE(0);
  return { id: String(id), ...value };
}

const DATA_SOURCES: Readonly<Record<string, (given: ObjectValue, context: DataSourceContext) => ObjectValue>> = {
  aws_availability_zones: (_, { region }) => ({
    names: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    zone_ids: ['1', '2', '3'].map((zone) => `${region}-az${zone}`),
  }),
  aws_caller_identity: (_, { account }) => ({
    account_id: account,
    arn: callerRoleArn(account),
    user_id: 'AROALOCAL:local',
  }),
  aws_iam_session_context: (_, { account }) => ({ issuer_arn: callerRoleArn(account) }),
  aws_region: (_, { region }) => ({ name: region, region, description: region }),
  aws_partition: () => ({ partition: 'aws', dns_suffix: 'amazonaws.com', reverse_dns_prefix: 'com.amazonaws' }),
  aws_iam_policy_document: (given) => ({ json: policyJson(given) }),
  aws_eks_cluster: (given, context) => clusterAttributes(textOf(given['name']) ?? '', context),
  tls_certificate: (given) => ({ certificates: [{ sha1_fingerprint: fingerprint(given) }] }),
};

function fingerprint(given: ObjectValue): string {
  return createHash('sha1')
    .update(textOf(given['url']) ?? '')
    .digest('hex');
}

function clusterAttributes(name: string, { aws }: DataSourceContext): ObjectValue {
  const cluster = aws.find('eks:cluster', name);
  if (!cluster) return {};
  return {
    arn: cluster.arn,
    endpoint: textAttribute(cluster, 'endpoint'),
    version: textAttribute(cluster, 'version'),
    certificate_authority: [{ data: textAttribute(cluster, 'certificateAuthority') }],
  };
}

/** The policy document that the provider's `aws_iam_policy_document` writes. */
function policyJson(given: ObjectValue): Value {
  const statements = (isList(given['statement']) ? given['statement'] : []).filter(isObject);
  if (isUnknown(statements)) return UNKNOWN;
  const policy = {
    Version: textOf(given['version']) ?? '2012-10-17',
    // JSON leaves out what is undefined.
    Statement: statements.map((statement) => ({
      Sid: statement['sid'],
      Effect: textOf(statement['effect']) ?? 'Allow',
      Action: statement['actions'],
      Resource: statement['resources'],
      Principal: principalsOf(statement),
    })),
  };
  return JSON.stringify(policy, undefined, 2);
}

function principalsOf(statement: ObjectValue): unknown {
  const principals = (isList(statement['principals']) ? statement['principals'] : []).filter(isObject);
  if (principals.length === 0) return undefined;
  return Object.fromEntries(
    principals.map((principal) => [textOf(principal['type']) ?? '', toJson(principal['identifiers'] ?? null)]),
  );
}
