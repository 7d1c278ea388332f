import type { InventoryItem } from '../../domain/ports/inventory';
import { deletionObstacle } from '../../domain/sweep';
import { minute, sampleRecord } from '../support/story';

const record = sampleRecord();
const facts = { account: '000000000000', lease: undefined, now: minute(100), vpcIds: ['vpc-1'], volumeIds: ['vol-7'] };
const item = (changes: Partial<InventoryItem>): InventoryItem => ({
  arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1',
  type: 'ec2:volume',
  tags: {},
  reason: '',
  ...changes,
});
const lease = {
  target: 'example',
  drillId: record.drillId,
  executionArn: '',
  takenAt: minute(0),
  heartbeatAt: minute(0),
  expiresAt: minute(200),
};

describe('deleting needs three proofs', () => {
  test.each([
    ["the drill's tag", item({ tags: { 'cluster-drill': record.drillId } })],
    [
      "a controller's tag with the cluster's name",
      item({ tags: { [`kubernetes.io/cluster/${record.clusterName}`]: 'owned' } }),
    ],
    ["Karpenter's tag", item({ tags: { 'karpenter.k8s.aws/cluster': record.clusterName } })],
    ["the load balancer controller's tag", item({ tags: { 'elbv2.k8s.aws/cluster': record.clusterName } })],
    [
      "being the log group of the drill's cluster",
      item({
        type: 'logs:log-group',
        arn: `arn:aws:logs:eu-central-1:000000000000:log-group:/aws/eks/${record.clusterName}/cluster`,
      }),
    ],
    ["standing in the drill's VPC", item({ vpcId: 'vpc-1' })],
    [
      "being a volume of one of the drill's claims",
      item({ arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-7' }),
    ],
  ])('%s is a proof', (_, proven) => {
    expect(deletionObstacle(proven, record, facts)).toBeUndefined();
  });

  test('a resource without any proof is never deleted', () => {
    expect(deletionObstacle(item({ tags: { Name: 'drill-a1b2c3' } }), record, facts)).toBe(
      `nothing proves that it belongs to drill ${record.drillId}`,
    );
  });

  test('being shared with the cluster proves nothing', () => {
    const shared = item({ tags: { [`kubernetes.io/cluster/${record.clusterName}`]: 'shared' } });
    expect(deletionObstacle(shared, record, facts)).toContain('nothing proves');
  });

  test("another cluster's tag proves nothing", () => {
    expect(deletionObstacle(item({ tags: { 'elbv2.k8s.aws/cluster': 'production' } }), record, facts)).toContain(
      'nothing proves',
    );
  });

  test("another drill's tag forbids it, even in this drill's VPC", () => {
    expect(deletionObstacle(item({ vpcId: 'vpc-1', tags: { 'cluster-drill': 'other' } }), record, facts)).toBe(
      'its tag cluster-drill names another drill, other',
    );
  });

  test('an account that the target does not allow forbids it', () => {
    const tagged = item({ tags: { 'cluster-drill': record.drillId } });
    expect(deletionObstacle(tagged, record, { ...facts, account: '111111111111' })).toContain(
      'the target allows only 000000000000',
    );
  });

  test("another drill's live lease forbids it, an expired or own one does not", () => {
    const tagged = item({ tags: { 'cluster-drill': record.drillId } });
    const others = { ...lease, drillId: 'example-other' };
    expect(deletionObstacle(tagged, record, { ...facts, lease: others })).toBe(
      'drill example-other holds the lease of target example',
    );
    expect(deletionObstacle(tagged, record, { ...facts, lease: { ...others, expiresAt: minute(50) } })).toBeUndefined();
    expect(deletionObstacle(tagged, record, { ...facts, lease })).toBeUndefined();
  });
});
