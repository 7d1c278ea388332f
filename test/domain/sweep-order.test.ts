import type { InventoryItem } from '../../domain/ports/inventory';
import { inSweepOrder } from '../../domain/sweep-order';

function item(type: string, arn = type): InventoryItem {
  return { arn, type, tags: {}, reason: 'test' };
}

test.each([
  ['eks:nodegroup', 'eks:cluster'],
  ['ec2:instance', 'ec2:volume'],
  ['ec2:natgateway', 'ec2:elastic-ip'],
  ['elasticloadbalancing:loadbalancer', 'elasticloadbalancing:targetgroup'],
  ['elasticloadbalancing:loadbalancer', 'ec2:security-group'],
  ['ec2:network-interface', 'ec2:security-group'],
  ['ec2:subnet', 'ec2:vpc'],
  ['ec2:security-group', 'ec2:vpc'],
  ['ec2:internet-gateway', 'ec2:vpc'],
  ['iam:instance-profile', 'iam:role'],
  ['eks:cluster', 'logs:log-group'],
])('%s goes before %s', (first, second) => {
  expect(inSweepOrder([item(second), item(first)]).map(({ type }) => type)).toEqual([first, second]);
});

test('types that are not known come last, and equal types stay as they were', () => {
  const items = [item('sqs', 'a'), item('ec2:vpc', 'b'), item('ec2:vpc', 'c')];
  expect(inSweepOrder(items).map(({ arn }) => arn)).toEqual(['b', 'c', 'a']);
});
