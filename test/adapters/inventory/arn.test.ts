import { idOf, typeOf } from '../../../adapters/inventory/arn';

const HEAD = 'eu-central-1:000000000000';

test.each([
  [`arn:aws:ec2:${HEAD}:volume/vol-1`, 'ec2:volume', 'vol-1'],
  [`arn:aws:ec2:${HEAD}:elastic-ip/eipalloc-1`, 'ec2:elastic-ip', 'eipalloc-1'],
  [`arn:aws:eks:${HEAD}:nodegroup/drill/default/1`, 'eks:nodegroup', 'drill/default/1'],
  [`arn:aws:logs:${HEAD}:log-group:/aws/eks/drill/cluster`, 'logs:log-group', '/aws/eks/drill/cluster'],
  [`arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/app/k8s/1`, 'elasticloadbalancing:loadbalancer', 'app/k8s/1'],
  [`arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/old`, 'elasticloadbalancing:classic-loadbalancer', 'old'],
  ['arn:aws:iam::000000000000:oidc-provider/oidc.example.com/id/1', 'iam:oidc-provider', 'oidc.example.com/id/1'],
  ['arn:aws:s3:::bucket', 's3', 'bucket'],
])('%s is of type %s', (arn, type, id) => {
  expect(typeOf(arn)).toBe(type);
  expect(idOf(arn)).toBe(id);
});
