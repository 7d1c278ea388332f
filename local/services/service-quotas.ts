import { AwsError, jsonService, type Service } from '../service';

interface Quota {
  readonly ServiceCode: string;
  readonly QuotaCode: string;
  readonly QuotaName: string;
  readonly Value: number;
}

/** AWS's defaults of the quotas that a drill uses up; an account's own values are usually higher. */
const QUOTAS: readonly Quota[] = [
  { ServiceCode: 'eks', QuotaCode: 'L-1194D53C', QuotaName: 'Clusters', Value: 100 },
  { ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE', QuotaName: 'VPCs per Region', Value: 5 },
  { ServiceCode: 'ec2', QuotaCode: 'L-0263D0A3', QuotaName: 'EC2-VPC Elastic IPs', Value: 5 },
  {
    ServiceCode: 'ec2',
    QuotaCode: 'L-1216C47A',
    QuotaName: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    Value: 64,
  },
];

/** Service Quotas over a fixed list. */
export function createServiceQuotas(): Service {
  return jsonService('Service Quotas', { GetServiceQuota: quotaOf, GetAWSDefaultServiceQuota: quotaOf });
}

function quotaOf({ ServiceCode, QuotaCode }: { ServiceCode: string; QuotaCode: string }): { Quota: Quota } {
  const quota = QUOTAS.find((one) => one.ServiceCode === ServiceCode && one.QuotaCode === QuotaCode);
  if (!quota) throw new AwsError('NoSuchResourceException', `There is no quota ${QuotaCode} of ${ServiceCode}.`);
  return { Quota: quota };
}
