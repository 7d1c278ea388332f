import type { InventoryItem } from './ports/inventory';
import type { DrillRecord, Readiness } from './record';

/** A resource that a drill uses one of, with the quota that limits it in a region. */
export interface Quota {
  readonly what: 'eks-clusters' | 'vpcs' | 'elastic-ips';
  readonly word: string;
  /** As in the Service Quotas console. */
  readonly service: string;
  readonly code: string;
}

export const QUOTAS: readonly Quota[] = [
  { what: 'eks-clusters', word: 'EKS clusters', service: 'eks', code: 'L-1194D53C' },
  { what: 'vpcs', word: 'VPCs', service: 'vpc', code: 'L-F678F1CE' },
  { what: 'elastic-ips', word: 'Elastic IP addresses', service: 'ec2', code: 'L-0263D0A3' },
];

/** Whether the credentials are those of the account (12 digits) that the target allows. */
export function judgeAccount(found: string, expected: string): Readiness {
  const name = 'account';
  return found === expected
    ? { name, status: 'passed', sentence: `The account is ${found}` }
    : {
        name,
        status: 'refused',
        sentence: `This is account ${found}, but drill.yaml allows the target only in ${expected}; deploy there, or correct account`,
      };
}

/** Whether there is room for one more. `limit` is undefined where Service Quotas has no value. */
export function judgeQuota({ what, word }: Quota, limit: number | undefined, used: number): Readiness {
  const name = `quota ${what}`;
  if (limit === undefined) {
    return { name, status: 'passed', sentence: `${used} ${word} are in use; Service Quotas names no limit` };
  }
  return used < limit
    ? { name, status: 'passed', sentence: `${used} of ${limit} ${word} are in use` }
    : {
        name,
        status: 'refused',
        sentence: `All ${limit} ${word} of the region are in use (${used}), and a drill needs one; remove one, or raise the quota`,
      };
}

/**
 * The inventory before anything is built: it must be empty, because what carries the drill's names now would count as
 * its own afterwards, and be swept. Ids and names are made anew for each drill, so this is a clash of names (the cluster's
 * has six hex digits) with what an older drill left.
 */
export function judgeInventoryBefore(
  items: readonly Pick<InventoryItem, 'arn'>[],
  { drillId, clusterName }: Pick<DrillRecord, 'drillId' | 'clusterName'>,
): Readiness {
  const name = 'inventory before';
  if (items.length === 0) {
    return {
      name,
      status: 'passed',
      sentence: `Nothing carries the tag of drill ${drillId} or the name ${clusterName} yet`,
    };
  }
  const some = items.slice(0, 3).map(({ arn }) => arn);
  const more = items.length > some.length ? ` and ${items.length - some.length} more` : '';
  return {
    name,
    status: 'refused',
    sentence: `${some.join(', ')}${more} existed before the drill and would count as its own by the name ${clusterName}; start a new drill, which gets another name, or delete them`,
  };
}

/** Virtual CPUs of the usual instance families that may run at once; a new account begins with 5. */
export const COMPUTE_QUOTA = { service: 'ec2', code: 'L-1216C47A' } as const;

/** Three nodes of two, as in examples/bootstrap: hardly a platform runs on less. */
const USUAL_CPUS = 6;

/** How many CPUs a repository takes is not known beforehand, so too few are a warning. */
export function judgeCompute(limit: number | undefined): Readiness {
  const name = 'quota cpus';
  if (limit === undefined) return { name, status: 'passed', sentence: 'Service Quotas names no limit of CPUs' };
  return limit >= USUAL_CPUS
    ? { name, status: 'passed', sentence: `Instances may have ${limit} CPUs together` }
    : {
        name,
        status: 'warned',
        sentence: `Instances may have only ${limit} CPUs together, so nodes may not come up; raise the quota ${COMPUTE_QUOTA.code} of EC2`,
      };
}

/** @param obstacle why the secret cannot be read, in AWS's words. */
export function judgeSecret(secret: string, obstacle: string | undefined): Readiness {
  const name = `secret ${secret}`;
  return obstacle === undefined
    ? { name, status: 'passed', sentence: `The secret ${secret} can be read` }
    : { name, status: 'refused', sentence: `The secret ${secret} cannot be read: ${obstacle}` };
}

/** A sender that is not verified only warns: the drill is worth its money without the mail, and its report is kept. */
export function judgeSender(address: string, verified: boolean): Readiness {
  const name = 'report sender';
  return verified
    ? { name, status: 'passed', sentence: `SES may send from ${address}` }
    : {
        name,
        status: 'warned',
        sentence: `SES may not send from ${address} yet, so the report will not be mailed; verify the address or its domain`,
      };
}

/** What `terraform version`, `helm version` or `git --version` said, held against the pinned version. */
export function judgeTool(tool: string, said: string | undefined, pinned?: string): Readiness {
  const name = `tool ${tool}`;
  const version = said && /\d+\.\d+\.\d+/.exec(said)?.[0];
  if (version === undefined || version === '') {
    const mend = pinned === undefined ? '' : `; pin a version that buildspecs/tool-checksums.txt lists`;
    const wanted = pinned === undefined ? tool : `${tool} ${pinned}`;
    return { name, status: 'refused', sentence: `${wanted} could not be installed (see the log of the build)${mend}` };
  }
  if (pinned !== undefined && version !== pinned.replace(/^v/, '')) {
    const mend = 'pin a version that buildspecs/tool-checksums.txt lists';
    return { name, status: 'refused', sentence: `${tool} is ${version}, but drill.yaml pins ${pinned}; ${mend}` };
  }
  return { name, status: 'passed', sentence: `${tool} is ${version}` };
}

/** A drill comes once a quarter, so what ends before the next one is worth a warning. */
const NOTICE_DAYS = 92;

/**
 * Whether EKS offers a Kubernetes version, and until when it supports it at no extra cost.
 * @param version as the repository gives it, such as `1.35`; undefined when that cannot be told.
 * @param offered what EKS says now.
 */
export function judgeKubernetesVersion(
  version: string | undefined,
  offered: readonly { readonly version: string; readonly endOfStandardSupport?: string }[],
  now: Date,
): Readiness {
  const name = 'kubernetes version';
  if (version === undefined) {
    return { name, status: 'passed', sentence: 'The repository does not say which Kubernetes version it takes' };
  }
  const found = offered.find((one) => one.version === version);
  if (!found) {
    const list = offered.map((one) => one.version).join(', ');
    return {
      name,
      status: 'refused',
      sentence: `EKS does not offer Kubernetes ${version}; set kubernetes_version to one of ${list}`,
    };
  }
  const end = found.endOfStandardSupport;
  const daysLeft = end === undefined ? Infinity : (Date.parse(end) - now.getTime()) / 86_400_000;
  if (daysLeft >= NOTICE_DAYS) {
    const until = end === undefined ? '' : ` until ${end.slice(0, 10)}`;
    return { name, status: 'passed', sentence: `EKS supports Kubernetes ${version}${until}` };
  }
  const verb = daysLeft < 0 ? 'ended' : 'ends';
  return {
    name,
    status: 'warned',
    sentence: `Standard support of Kubernetes ${version} ${verb} on ${end!.slice(0, 10)}, and extended support costs extra; move to a newer version`,
  };
}

/** One sentence of several refusals, and the cause that weighs most. */
export function refusalSentence(refused: readonly Readiness[]): string {
  const sentences = refused.map((check) => check.sentence);
  return sentences.length === 1
    ? sentences[0]!
    : `${sentences.length} checks refuse the drill: ${sentences.join(' | ')}`;
}
