import { DescribeAddressesCommand, paginateDescribeVpcs, type EC2Client } from '@aws-sdk/client-ec2';
import { paginateListClusters, type EKSClient } from '@aws-sdk/client-eks';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetIdentityVerificationAttributesCommand, type SESClient } from '@aws-sdk/client-ses';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AccountChecks } from '../domain/ports/readiness';
import { callerIdentity } from './caller-identity';

export interface AccountCheckClients {
  readonly sts: STSClient;
  readonly quotas: ServiceQuotasClient;
  readonly eks: EKSClient;
  readonly ec2: EC2Client;
  readonly ses: SESClient;
}

/** What the account of the credentials has and allows, in the region of the clients. */
export class AwsAccountChecks implements AccountChecks {
  constructor(private readonly clients: AccountCheckClients) {}

  async account(): Promise<string> {
    return (await callerIdentity(this.clients.sts)).account;
  }

  async quota(service: string, code: string): Promise<number | undefined> {
    const input = { ServiceCode: service, QuotaCode: code };
    // A quota that was never changed in this account may have no applied value, only AWS's default.
    const applied = await unlessMissing(this.clients.quotas.send(new GetServiceQuotaCommand(input)));
    if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
    const standard = await unlessMissing(this.clients.quotas.send(new GetAWSDefaultServiceQuotaCommand(input)));
    return standard?.Quota?.Value;
  }

  async inUse(what: 'eks-clusters' | 'vpcs' | 'elastic-ips'): Promise<number> {
    const { eks, ec2 } = this.clients;
    let count = 0;
    switch (what) {
      case 'eks-clusters':
        for await (const page of paginateListClusters({ client: eks }, {})) count += page.clusters?.length ?? 0;
        return count;
      case 'vpcs':
        for await (const page of paginateDescribeVpcs({ client: ec2 }, {})) count += page.Vpcs?.length ?? 0;
        return count;
      case 'elastic-ips':
        return (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
    }
  }

  async senderVerified(address: string): Promise<boolean> {
    const { VerificationAttributes } = await this.clients.ses.send(
      new GetIdentityVerificationAttributesCommand({ Identities: identitiesFor(address) }),
    );
    return Object.values(VerificationAttributes ?? {}).some((identity) => identity.VerificationStatus === 'Success');
  }
}

/**
 * The identities any of which lets SES send from an address: the address, its domain and the domains above (a verified
 * domain covers its subdomains). `Drill <drill@mail.example.com>` gives the address, mail.example.com, example.com.
 */
function identitiesFor(sender: string): string[] {
  const address = /<([^>]+)>\s*$/.exec(sender)?.[1] ?? sender.trim();
  const labels = (address.split('@')[1] ?? '').split('.');
  const domains = labels.map((_, index) => labels.slice(index).join('.')).filter((domain) => domain.includes('.'));
  return [address, ...domains];
}

async function unlessMissing<Output>(sent: Promise<Output>): Promise<Output | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof NoSuchResourceException) return undefined;
    throw error;
  }
}
