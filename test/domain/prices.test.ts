import { monthlyCostOf } from '../../domain/prices';

test.each([
  ['eks:cluster', undefined, 73],
  ['ec2:natgateway', undefined, 32.85],
  ['ec2:volume', '20', 1.6],
  ['ec2:instance', 'm5.large', 70.08],
  ['elasticloadbalancing:loadbalancer', undefined, 16.43],
  ['elasticloadbalancing:classic-loadbalancer', undefined, 18.25],
  ['ec2:instance', 't3.medium', 30.37],
  ['ec2:instance', 'm7g.2xlarge', 238.27],
  ['kms:key', undefined, 1],
])('a forgotten %s of size %s costs a known sum a month', (type, size, dollars) => {
  expect(monthlyCostOf({ type, ...(size !== undefined && { size }) })).toBe(dollars);
});

test.each([
  ['ec2:vpc', undefined],
  ['ec2:volume', undefined],
  ['ec2:instance', 'p5.48xlarge'],
  ['ec2:instance', 'm5.metal'],
  ['ec2:instance', undefined],
])('%s of size %s has no price', (type, size) => {
  expect(monthlyCostOf({ type, ...(size !== undefined && { size }) })).toBeUndefined();
});
