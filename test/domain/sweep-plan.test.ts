import type { InventoryItem } from '../../domain/ports/inventory';
import { sweepPlan } from '../../domain/sweep-plan';
import { minute, sampleRecord } from '../support/story';

const record = sampleRecord();
const { drillId } = record;
const EC2 = 'arn:aws:ec2:eu-central-1:000000000000:';
const scope = { drillId, clusterName: record.clusterName, vpcId: 'vpc-shared', volumeIds: [] };
const facts = { account: '000000000000', lease: undefined, now: minute(100), scope };
const TAGGED = { 'cluster-drill': drillId };

function item(id: string, changes: Partial<InventoryItem> = {}): InventoryItem {
  return { arn: `${EC2}${id}`, type: `ec2:${id.split('/')[0]}`, tags: {}, reason: '', ...changes };
}

test('a plan has everything once, in the order of deleting, each with three proofs or its obstacle, and the price', () => {
  const plan = sweepPlan(
    [
      item('vpc/vpc-1', { vpcId: 'vpc-1', tags: TAGGED }),
      item('subnet/subnet-1', { vpcId: 'vpc-1' }),
      item('volume/vol-1', { tags: TAGGED, size: '20' }),
      item('volume/vol-2', { tags: { 'cluster-drill': 'another' } }),
    ],
    record,
    facts,
  );
  expect(
    plan.map(({ item: { arn }, proofs, obstacle, monthlyCost }) => [arn, proofs[1] ?? obstacle, monthlyCost]),
  ).toEqual([
    [`${EC2}volume/vol-1`, `tag cluster-drill=${drillId}`, 1.6],
    [`${EC2}volume/vol-2`, 'its tag cluster-drill names another drill, another', undefined],
    [`${EC2}subnet/subnet-1`, "place in the drill's VPC vpc-1", undefined],
    [`${EC2}vpc/vpc-1`, `tag cluster-drill=${drillId}`, undefined],
  ]);
  expect(plan[0]!.proofs).toEqual([
    "account 000000000000 is the target's",
    `tag cluster-drill=${drillId}`,
    'no other drill holds the lease of example',
  ]);
  expect(plan[1]!.proofs).toEqual([]);
});

test("a VPC that does not carry the drill's tag proves nothing, though Terraform's outputs name it", () => {
  const plan = sweepPlan(
    [item('vpc/vpc-shared', { vpcId: 'vpc-shared' }), item('instance/i-company', { vpcId: 'vpc-shared' })],
    record,
    facts,
  );
  expect(plan.map(({ obstacle }) => obstacle)).toEqual(
    Array<string>(2).fill(`nothing proves that it belongs to drill ${drillId}`),
  );
});

test('what is older than the drill is left alone, whatever its tags say', () => {
  const [step] = sweepPlan([item('volume/vol-1', { tags: TAGGED, createdAt: minute(-1) })], record, facts);
  expect(step).toMatchObject({ proofs: [], obstacle: `it was made at ${minute(-1)}, before the drill was opened` });
});
