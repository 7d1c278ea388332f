import { DescribeAddressesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetIdentityVerificationAttributesCommand, SESClient } from '@aws-sdk/client-ses';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { AwsAccountChecks } from '../../adapters/aws-account-checks';

const sts = mockClient(STSClient);
const quotas = mockClient(ServiceQuotasClient);
const eks = mockClient(EKSClient);
const ec2 = mockClient(EC2Client);
const ses = mockClient(SESClient);

const checks = new AwsAccountChecks({
  sts: new STSClient(),
  quotas: new ServiceQuotasClient(),
  eks: new EKSClient(),
  ec2: new EC2Client(),
  ses: new SESClient(),
});
const MISSING = new NoSuchResourceException({ message: 'none', $metadata: {} });

beforeEach(() => {
  for (const mock of [sts, quotas, eks, ec2, ses]) mock.reset();
});

test('the account is the one of the credentials', async () => {
  sts.on(GetCallerIdentityCommand).resolves({ Account: '000000000000' });
  expect(await checks.account()).toBe('000000000000');
});

test('a quota is the applied value', async () => {
  quotas
    .on(GetServiceQuotaCommand, { ServiceCode: 'eks', QuotaCode: 'L-1194D53C' })
    .resolves({ Quota: { Value: 250 } });
  expect(await checks.quota('eks', 'L-1194D53C')).toBe(250);
});

test('a quota that was never changed has the default of AWS, an unknown one has none', async () => {
  quotas.on(GetServiceQuotaCommand).rejects(MISSING);
  quotas.on(GetAWSDefaultServiceQuotaCommand, { QuotaCode: 'L-1' }).resolves({ Quota: { Value: 5 } });
  quotas.on(GetAWSDefaultServiceQuotaCommand, { QuotaCode: 'L-2' }).rejects(MISSING);
  expect(await checks.quota('vpc', 'L-1')).toBe(5);
  expect(await checks.quota('vpc', 'L-2')).toBeUndefined();
});

test('what is in use is counted over all pages', async () => {
  eks.on(ListClustersCommand, { nextToken: undefined }).resolves({ clusters: ['a', 'b'], nextToken: 'more' });
  eks.on(ListClustersCommand, { nextToken: 'more' }).resolves({ clusters: ['c'] });
  ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{}, {}] });
  ec2.on(DescribeAddressesCommand).resolves({ Addresses: [{}] });
  expect(await checks.inUse('eks-clusters')).toBe(3);
  expect(await checks.inUse('vpcs')).toBe(2);
  expect(await checks.inUse('elastic-ips')).toBe(1);
});

test.each([
  ['the address itself', 'drill@mail.example.com', true],
  ['its domain', 'mail.example.com', true],
  ['the domain above', 'example.com', true],
  ['another domain', 'example.org', false],
])('a sender may send when SES has verified %s', async (_, identity, verified) => {
  ses.on(GetIdentityVerificationAttributesCommand).callsFake(({ Identities }: { Identities: string[] }) => ({
    VerificationAttributes: Identities.includes(identity) ? { [identity]: { VerificationStatus: 'Success' } } : {},
  }));
  expect(await checks.senderVerified('Cluster drill <drill@mail.example.com>')).toBe(verified);
  expect(ses.call(0).args[0].input).toEqual({
    Identities: ['drill@mail.example.com', 'mail.example.com', 'example.com'],
  });
});

test('an identity whose verification is pending is not verified', async () => {
  ses
    .on(GetIdentityVerificationAttributesCommand)
    .resolves({ VerificationAttributes: { 'example.com': { VerificationStatus: 'Pending', VerificationToken: 't' } } });
  expect(await checks.senderVerified('drill@example.com')).toBe(false);
});
