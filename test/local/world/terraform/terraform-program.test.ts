import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../../../local/scenarios';
import { BACKEND, standIn } from './stand-in';
import type { Ran, StandIn } from './stand-in';

const EXAMPLE = join(__dirname, '../../../../examples/bootstrap/terraform');
const STATE = 'states/production/d1/terraform.tfstate';
const LOCK = `${STATE}.tflock`;
const CHANGE = ['-json', '-auto-approve', '-input=false', '-lock-timeout=60s', '-var-file=drill.tfvars.json'];

async function example(faults: readonly Fault[] = []): Promise<StandIn> {
  const names = readdirSync(EXAMPLE).filter((name) => name.endsWith('.tf'));
  const files = names.map((name) => [name, readFileSync(join(EXAMPLE, name), 'utf8')] as const);
  const variables = { cluster_name: 'drill-abc123', region: 'eu-central-1', tags: { 'cluster-drill': 'd1' } };
  const terraform = standIn(
    {
      ...Object.fromEntries(files),
      'cluster-drill_override.tf.json': BACKEND,
      'drill.tfvars.json': JSON.stringify(variables),
    },
    faults,
  );
  await terraform.run(['init', '-input=false', '-no-color']);
  return terraform;
}

function errorsOf({ events }: Ran): readonly string[] {
  return events.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic.summary] : []));
}

function completed({ events }: Ran): readonly string[] {
  return events.flatMap(({ type, hook }) =>
    type === 'apply_complete' && hook && hook.action !== 'read' ? [hook.resource.addr] : [],
  );
}

function leaveLoadBalancer({ world }: StandIn): string {
  const now = world.clock.now().toISOString();
  const arn = 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:loadbalancer/net/web/0123456789abcdef';
  world.aws.put({
    arn,
    type: 'elasticloadbalancing:loadbalancer',
    id: 'web',
    region: 'eu-central-1',
    tags: { 'elbv2.k8s.aws/cluster': 'drill-abc123' },
    madeBy: 'kubernetes',
    createdAt: now,
    activeAt: now,
    attributes: { vpcId: world.aws.list('ec2:vpc')[0]!.id, scheme: 'internet-facing' },
  });
  return arn;
}

async function stoppedAfter(seconds: number, reason?: string): Promise<{ terraform: StandIn; ran: Ran }> {
  const terraform = await example();
  const stop = new AbortController();
  terraform.clock.after(seconds, () => stop.abort(reason));
  return { terraform, ran: await terraform.run(['apply', ...CHANGE], { signal: stop.signal }) };
}

describe('the example repository', () => {
  test('is applied within the time that EKS takes, and every taggable resource carries the tags of the drill', async () => {
    const terraform = await example();
    const start = terraform.clock.now().getTime();
    const { exitCode, events } = await terraform.run(['apply', ...CHANGE], { env: { TF_VAR_commit: 'c0ffee' } });
    const minutes = (terraform.clock.now().getTime() - start) / 60_000;
    expect(exitCode).toBe(0);
    expect(events.at(-2)?.['@message']).toBe('Apply complete! Resources: 44 added, 0 changed, 0 destroyed.');
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(18);
    const made = terraform.world.aws.list().filter(({ madeBy }) => madeBy === 'terraform');
    expect(made).toHaveLength(29);
    expect(made.filter(({ tags }) => tags['cluster-drill'] !== 'd1')).toEqual([]);
  });

  test('gives the Kubernetes side a cluster, its nodes and add-ons', async () => {
    const terraform = await example();
    await terraform.run(['apply', ...CHANGE], { env: { TF_VAR_commit: 'c0ffee' } });
    const { aws } = terraform.world;
    const [vpc] = aws.list('ec2:vpc');
    expect(aws.find('eks:cluster', 'drill-abc123')).toMatchObject({
      arn: 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-abc123',
      tags: { commit: 'c0ffee' },
      attributes: {
        name: 'drill-abc123',
        version: '1.35',
        vpcId: vpc?.id,
        endpoint: 'https://drill-abc123.example.com',
        certificateAuthority: 'Q0E=',
        authenticationMode: 'API',
        accessEntries: { 'arn:aws:iam::000000000000:role/cluster-drill-local': ['AmazonEKSClusterAdminPolicy'] },
      },
    });
    expect(aws.list('eks:nodegroup')[0]?.attributes).toMatchObject({
      clusterName: 'drill-abc123',
      nodegroupName: 'default',
      desiredSize: 3,
      instanceTypes: ['m7g.large'],
    });
    expect(aws.list('eks:addon').map(({ attributes }) => attributes['addonName'])).toContain('coredns');
    // Instances are tagged by the launch template, not by the provider's default tags.
    expect(aws.list('ec2:instance').map(({ tags }) => tags['cluster-drill'])).toEqual(['d1', 'd1', 'd1']);
  });

  test('is applied in the order of its references', async () => {
    const ran = await (await example()).run(['apply', ...CHANGE]);
    const order = completed(ran);
    const position = (address: string): number => order.indexOf(address);
    for (const [first, then] of [
      ['aws_vpc.this', 'aws_subnet.private[2]'],
      ['aws_iam_role_policy_attachment.cluster', 'aws_eks_cluster.this'],
      ['aws_subnet.public[0]', 'aws_eks_cluster.this'],
      ['aws_eks_addon.vpc_cni[0]', 'aws_eks_node_group.this'],
      ['aws_nat_gateway.this', 'aws_eks_node_group.this'],
      ['aws_eks_node_group.this', 'aws_eks_addon.coredns'],
      ['aws_cloudwatch_log_group.cluster', 'aws_eks_cluster.this'],
    ] as const) {
      expect(position(first)).toBeGreaterThanOrEqual(0);
      expect(position(first)).toBeLessThan(position(then));
    }
  });

  test('leaves the VPC CNI out, and encrypts secrets with a key of the account, when asked to', async () => {
    const ran = await (await example()).run(['apply', ...CHANGE, '-var=cni=other', '-var=encrypt_secrets=true']);
    expect(completed(ran)).not.toContain('aws_eks_addon.vpc_cni[0]');
    expect(completed(ran)).toContain('aws_kms_key.secrets[0]');
    expect(completed(ran)).toContain('aws_eks_node_group.this');
  });

  test('is destroyed in the reverse order, and nothing is left', async () => {
    const terraform = await example();
    await terraform.run(['apply', ...CHANGE]);
    const ran = await terraform.run(['destroy', ...CHANGE]);
    expect(ran.exitCode).toBe(0);
    expect(ran.events.at(-1)?.['@message']).toBe('Destroy complete! Resources: 44 destroyed.');
    expect(completed(ran).at(-1)).toBe('aws_vpc.this');
    expect(terraform.world.aws.list()).toEqual([]);
    expect(terraform.objects.has(LOCK)).toBe(false);
    expect((await terraform.run(['state', 'list'])).stdout).toBe('');
  });

  test('takes the same time to the millisecond with the same seed', async () => {
    const [one, other] = await Promise.all([example(), example()]);
    const first = await one.run(['apply', ...CHANGE]);
    expect((await other.run(['apply', ...CHANGE])).stdout).toBe(first.stdout);
  });

  test('gives its outputs and has nothing to change afterwards', async () => {
    const terraform = await example();
    await terraform.run(['apply', ...CHANGE]);
    const outputs = JSON.parse((await terraform.run(['output', '-json'])).stdout) as Record<string, unknown>;
    expect(outputs['cluster_name']).toEqual({ sensitive: false, type: 'string', value: 'drill-abc123' });
    expect(outputs['vpc_id']).toMatchObject({ value: terraform.world.aws.list('ec2:vpc')[0]?.id });
    expect((await terraform.run(['output', '-raw', 'region'])).stdout).toBe('eu-central-1');
    const plan = ['plan', '-detailed-exitcode', '-var-file=drill.tfvars.json'];
    expect((await terraform.run(plan)).exitCode).toBe(0);
    const addon = terraform.world.aws.list('eks:addon')[0]!;
    terraform.world.aws.remove(addon.arn, 0);
    const drifted = await terraform.run(plan);
    expect(drifted.exitCode).toBe(2);
    expect(drifted.stdout).toContain('Plan: 1 to add, 0 to change, 0 to destroy.');
  });
});

describe('a resource that fails', () => {
  const fault: Fault = {
    kind: 'resource-fails',
    resourceType: 'aws_eks_node_group',
    message: 'waiting for EKS Node Group (drill-abc123:default) create: unexpected state CREATE_FAILED',
  };

  test('ends the apply red after the rest is done, and leaves a failed node group that destroy takes away', async () => {
    const terraform = await example([fault]);
    const ran = await terraform.run(['apply', ...CHANGE]);
    expect(ran.exitCode).toBe(1);
    expect(errorsOf(ran)).toEqual([fault.message]);
    expect(completed(ran)).not.toContain('aws_eks_addon.coredns');
    expect(terraform.world.aws.list('eks:nodegroup')[0]?.attributes['status']).toBe('CREATE_FAILED');
    expect(terraform.objects.has(LOCK)).toBe(false);
    expect((await terraform.run(['destroy', ...CHANGE])).exitCode).toBe(0);
    expect(terraform.world.aws.list()).toEqual([]);
  });

  test('is made anew by the next apply', async () => {
    const terraform = await example([{ ...fault, resourceType: 'aws_vpc' } as Fault]);
    expect((await terraform.run(['apply', ...CHANGE])).exitCode).toBe(1);
    expect(terraform.world.aws.list('ec2:vpc')).toEqual([]);
    const again = await terraform.run(['state', 'list']);
    expect(again.stdout).not.toContain('aws_vpc.this');
  });
});

describe('what Kubernetes made and left in the VPC', () => {
  test('keeps destroy waiting for twenty minutes and then fails it with DependencyViolation', async () => {
    const terraform = await example();
    await terraform.run(['apply', ...CHANGE]);
    leaveLoadBalancer(terraform);
    const ran = await terraform.run(['destroy', ...CHANGE]);
    expect(ran.exitCode).toBe(1);
    expect(errorsOf(ran).filter((error) => error.includes('DependencyViolation'))).toHaveLength(7);
    const errored = ran.events.find(({ type }) => type === 'apply_errored');
    expect(errored?.hook?.elapsed_seconds).toBe(1200);
    expect((await terraform.run(['state', 'list'])).stdout).toContain('aws_vpc.this\n');
  });

  test('does not fail it when it goes in time', async () => {
    const terraform = await example();
    await terraform.run(['apply', ...CHANGE]);
    const arn = leaveLoadBalancer(terraform);
    terraform.clock.after(900, () => terraform.world.aws.remove(arn, 0));
    expect((await terraform.run(['destroy', ...CHANGE])).exitCode).toBe(0);
  });
});

describe('the state lock', () => {
  const holder = { ID: 'f00d', Operation: 'OperationTypeApply', Info: '', Who: 'root@other', Version: '1.11.4' };

  test('of somebody else refuses an apply, which names who holds it', async () => {
    const terraform = await example();
    terraform.objects.set(LOCK, JSON.stringify({ ...holder, Created: '2026-10-05T05:00:00Z', Path: STATE }));
    const ran = await terraform.run(['apply', ...CHANGE]);
    expect(ran.exitCode).toBe(1);
    expect(ran.events.map(({ type }) => type)).toEqual(['version', 'state_lock_acquire', 'diagnostic']);
    expect(ran.events.at(-1)?.diagnostic?.detail).toContain('ID:        f00d');
  });

  test('is waited for as long as -lock-timeout says', async () => {
    const terraform = await example();
    terraform.objects.set(LOCK, JSON.stringify({ ...holder, Created: '2026-10-05T05:00:00Z', Path: STATE }));
    terraform.clock.after(30, () => terraform.objects.delete(LOCK));
    expect((await terraform.run(['apply', ...CHANGE])).exitCode).toBe(0);
  });

  test('is released by force-unlock with its id only', async () => {
    const terraform = await example();
    expect((await terraform.run(['force-unlock', '-force', 'f00d'])).exitCode).toBe(1);
    terraform.objects.set(LOCK, JSON.stringify({ ...holder, Created: '2026-10-05T05:00:00Z', Path: STATE }));
    expect((await terraform.run(['force-unlock', '-force', 'beef'])).stderr).toContain('does not match');
    expect((await terraform.run(['force-unlock', '-force', 'f00d'])).exitCode).toBe(0);
    expect(terraform.objects.has(LOCK)).toBe(false);
  });
});

test('a state is pushed unless a newer one, or one of another lineage, is there', async () => {
  const terraform = await example();
  const push = (serial: number, lineage = 'a') => {
    const state = { version: 4, serial, lineage, outputs: {}, resources: [] };
    writeFileSync(join(terraform.directory, 'errored.tfstate'), JSON.stringify(state));
    return terraform.run(['state', 'push', '-lock-timeout=60s', 'errored.tfstate']);
  };
  expect((await push(3)).exitCode).toBe(0);
  expect((await push(2)).stderr).toContain('newer state with serial 3');
  expect((await push(9, 'b')).stderr).toContain('unrelated state');
  expect((await push(4)).exitCode).toBe(0);
  expect(JSON.parse(terraform.objects.get(STATE)!)).toMatchObject({ serial: 4, lineage: 'a' });
  expect(terraform.objects.has(LOCK)).toBe(false);
});

describe('an apply that is stopped', () => {
  test('by SIGTERM gives up what waits, keeps the state, releases the lock, and destroy finds everything', async () => {
    const { terraform, ran } = await stoppedAfter(300);
    expect(ran.exitCode).toBe(1);
    expect(errorsOf(ran)).toEqual([
      'waiting for aws_eks_cluster (drill-abc123) create: context canceled',
      'execution halted',
    ]);
    expect(terraform.objects.has(LOCK)).toBe(false);
    expect((await terraform.run(['state', 'list'])).stdout).toContain('aws_eks_cluster.this');
    expect((await terraform.run(['destroy', ...CHANGE])).exitCode).toBe(0);
    expect(terraform.world.aws.list()).toEqual([]);
  });

  test('by SIGTERM while it waits for a provider or for the lock ends without a word', async () => {
    const terraform = await example();
    terraform.objects.set(LOCK, JSON.stringify({ ID: 'f00d', Created: '2026-10-05T05:00:00Z' }));
    for (const args of [['init'], ['apply', ...CHANGE]]) {
      const stop = new AbortController();
      terraform.clock.after(3, () => stop.abort());
      expect((await terraform.run(args, { signal: stop.signal })).exitCode).toBe(1);
    }
    expect(terraform.objects.has(LOCK)).toBe(true);
  });

  test('by SIGTERM while it plans makes nothing', async () => {
    const { terraform, ran } = await stoppedAfter(1);
    expect(ran.exitCode).toBe(1);
    expect(terraform.world.aws.list()).toEqual([]);
    expect(terraform.objects.has(LOCK)).toBe(false);
  });

  test('by SIGKILL in its first seconds leaves the lock and the resources, and no state', async () => {
    const { terraform, ran } = await stoppedAfter(14, 'SIGKILL');
    expect(ran.exitCode).toBe(137);
    expect(terraform.objects.has(LOCK)).toBe(true);
    expect(terraform.world.aws.list('ec2:vpc')).toHaveLength(1);
    expect((await terraform.run(['state', 'list'])).stderr).toContain('No state file was found!');
  });

  test('by SIGKILL later leaves the last snapshot of the state, without what was under way', async () => {
    const { terraform } = await stoppedAfter(300, 'SIGKILL');
    const list = (await terraform.run(['state', 'list'])).stdout;
    expect(list).toContain('aws_nat_gateway.this');
    expect(list).not.toContain('aws_eks_cluster.this');
    expect(terraform.world.aws.list('eks:cluster')).toHaveLength(1);
    terraform.objects.delete(LOCK);
    // The cluster is nobody's now, and holds the subnets with its interfaces.
    expect(errorsOf(await terraform.run(['destroy', ...CHANGE])).join('\n')).toContain('DependencyViolation');
  });
});
