import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformEvents, diagnosticSentence } from '../../domain/terraform-events';
import { isLocked } from '../../domain/terraform-lock';

/** A line as Terraform 1.11 writes it, with its local offset and microseconds. */
function line(second: number, type: string, rest: object = {}): string {
  const timestamp = `2026-11-23T09:00:${String(second).padStart(2, '0')}.275359+02:00`;
  return JSON.stringify({
    '@level': 'info',
    '@message': type,
    '@module': 'terraform.ui',
    '@timestamp': timestamp,
    type,
    ...rest,
  });
}

function hook(addr: string, action: string, elapsed?: number): object {
  const [resource_type, resource_name] = addr.split('.');
  return {
    hook: {
      resource: { addr, module: '', resource: addr, resource_type, resource_name, resource_key: null },
      action,
      ...(elapsed !== undefined && { elapsed_seconds: elapsed }),
    },
  };
}

const at = (second: number): string => `2026-11-23T07:00:${String(second).padStart(2, '0')}.275Z`;

describe('the events of Terraform', () => {
  test('become spans that begin and end with the resource', () => {
    const events = new TerraformEvents();
    expect(events.read(line(1, 'version', { terraform: '1.11.4', ui: '1.2' }))).toBeUndefined();
    expect(events.read(line(2, 'apply_start', hook('aws_vpc.this', 'create')))).toEqual({
      id: 'resource-create-aws_vpc.this',
      kind: 'resource',
      name: 'aws_vpc.this',
      layer: 'cluster',
      startedAt: at(2),
      outcome: 'running',
      detail: 'create',
    });
    expect(events.read(line(12, 'apply_progress', hook('aws_vpc.this', 'create', 10)))).toBeUndefined();
    expect(events.read(line(14, 'apply_complete', hook('aws_vpc.this', 'create', 12)))).toMatchObject({
      startedAt: at(2),
      finishedAt: at(14),
      outcome: 'succeeded',
    });
    expect(events.startedAt).toBe(at(1));
  });

  test('tell a replaced resource apart: its deletion and its creation are two spans', () => {
    const events = new TerraformEvents();
    events.read(line(1, 'apply_start', hook('aws_vpc.this', 'delete')));
    const deleted = events.read(line(2, 'apply_complete', hook('aws_vpc.this', 'delete', 1)));
    const created = events.read(line(3, 'apply_start', hook('aws_vpc.this', 'create')));
    expect(deleted?.id).not.toBe(created?.id);
  });

  test.each([
    ['a VPC that is deleted for longer', 'aws_vpc.this', 'delete', 'aws_vpc.this'],
    ['one in a module', 'module.net.aws_subnet.this[0]', 'delete', 'module.net.aws_subnet.this[0]'],
    ['what is being made', 'aws_vpc.this', 'create', undefined],
    ['what takes long by itself', 'aws_eks_cluster.this', 'delete', undefined],
  ])('tell what is held up: %s', (_what, address, action, held) => {
    const events = new TerraformEvents('teardown');
    expect(events.heldUp(10)).toBeUndefined();
    events.read(line(1, 'apply_start', hook(address, action)));
    events.read(line(11, 'apply_progress', hook(address, action, 10)));
    expect(events.heldUp(10)).toBeUndefined();
    events.read(line(12, 'apply_progress', hook(address, action, 11)));
    expect(events.heldUp(10)).toBe(held);
    events.read(line(13, 'apply_complete', hook(address, action, 12)));
    expect(events.heldUp(10)).toBeUndefined();
  });

  test('give an error with its place, address, summary and detail', () => {
    const events = new TerraformEvents();
    events.read(line(1, 'apply_start', hook('aws_eks_cluster.this', 'create')));
    expect(events.read(line(5, 'apply_errored', hook('aws_eks_cluster.this', 'create', 4)))).toMatchObject({
      finishedAt: at(5),
      outcome: 'failed',
    });
    events.read(
      line(6, 'diagnostic', {
        '@level': 'error',
        diagnostic: {
          severity: 'error',
          summary: 'creating EKS Cluster (drill-a1b2c3)',
          detail: 'UnsupportedAvailabilityZoneException:\n  not available',
          address: 'aws_eks_cluster.this',
          range: {
            filename: 'eks.tf',
            start: { line: 12, column: 3, byte: 240 },
            end: { line: 12, column: 9, byte: 246 },
          },
        },
      }),
    );
    events.read(
      line(7, 'diagnostic', { diagnostic: { severity: 'warning', summary: 'Argument is deprecated', detail: '' } }),
    );
    expect(events.diagnostics).toHaveLength(2);
    expect(events.errors.map(diagnosticSentence)).toEqual([
      'eks.tf:12, aws_eks_cluster.this: creating EKS Cluster (drill-a1b2c3): UnsupportedAvailabilityZoneException: not available',
    ]);
  });

  test('of a syntax error have a place and no address', () => {
    const events = new TerraformEvents();
    const diagnostic = {
      severity: 'error',
      summary: 'Unsupported block type',
      detail: 'Blocks of type "resorce" are not expected here.',
      range: { filename: 'main.tf', start: { line: 1 } },
    };
    events.read(line(1, 'diagnostic', { diagnostic }));
    expect(events.errors.map(diagnosticSentence)).toEqual([
      'main.tf:1: Unsupported block type: Blocks of type "resorce" are not expected here.',
    ]);
  });

  test('pass over what is no event', () => {
    const events = new TerraformEvents();
    const lines = [
      '',
      'Releasing state lock. This may take a few moments...',
      '{"half": ',
      '{"type":"apply_start"}',
      '[]',
      '{}',
    ];
    expect(lines.map((text) => events.read(text))).toEqual(lines.map(() => undefined));
    expect(events.startedAt).toBeUndefined();
  });

  test('end what still ran when Terraform was stopped', () => {
    const events = new TerraformEvents('teardown');
    events.read(line(1, 'apply_start', hook('aws_vpc.this', 'delete')));
    events.read(line(9, 'apply_progress', hook('aws_vpc.this', 'delete', 8)));
    expect(events.interrupt()).toMatchObject([
      {
        id: 'teardown-delete-aws_vpc.this',
        kind: 'teardown',
        finishedAt: at(9),
        outcome: 'failed',
        detail: 'delete; interrupted',
      },
    ]);
    expect(events.interrupt()).toEqual([]);
  });

  test('tell when a resource began whose first line was lost', () => {
    const events = new TerraformEvents();
    expect(events.read(line(30, 'apply_complete', hook('aws_vpc.this', 'create', 12)))).toMatchObject({
      startedAt: at(18),
      finishedAt: at(30),
    });
    expect(events.interrupt()).toEqual([]);
  });
});

/** What a recorded run came to. */
function replayed(name: string) {
  const events = new TerraformEvents();
  const ends: Record<string, number> = {};
  let heldUp: string | undefined;
  for (const each of readFileSync(join(__dirname, `../recorded/terraform/${name}.jsonl`), 'utf8').split('\n')) {
    const span = events.read(each);
    if (span && span.outcome !== 'running') ends[span.outcome] = (ends[span.outcome] ?? 0) + 1;
    heldUp ??= events.heldUp(600);
  }
  return { ends, heldUp, unended: events.interrupt().length, errors: events.errors };
}

describe('a recorded stream of Terraform', () => {
  test.each([
    ['apply', { succeeded: 7 }, []],
    ['destroy', { succeeded: 7 }, []],
    ['example-apply', { succeeded: 51 }, []],
    [
      'apply-resource-fails',
      { succeeded: 5, failed: 1 },
      ['main.tf:50, aws_iam_role_policy_attachment.cluster["AmazonEKSClusterPolicy"]: attaching IAM Policy'],
    ],
    [
      'apply-interrupted',
      { succeeded: 6, failed: 1 },
      ['main.tf:55, aws_eks_cluster.this: creating EKS Cluster', 'execution halted', 'execution halted'],
    ],
    ['apply-locked', {}, ['Error acquiring the state lock: Error message: operation error S3: PutObject']],
    ['destroy-dependency-violation', { succeeded: 5, failed: 1 }, ['deleting EC2 VPC']],
  ])('%s is read whole', (name, ends, sentences) => {
    const { errors, ...read } = replayed(name);
    expect(read).toMatchObject({ ends, unended: 0 });
    expect(errors.map(diagnosticSentence)).toEqual(sentences.map((begin) => expect.stringContaining(begin)));
  });

  test('of a lock that somebody else holds says so, and no other one does', () => {
    expect(replayed('apply-locked').errors.every(isLocked)).toBe(true);
    expect(replayed('apply-resource-fails').errors.some(isLocked)).toBe(false);
  });

  test('of a VPC that is held up names it before Terraform gives up, and no other one does', () => {
    expect(replayed('destroy-dependency-violation').heldUp).toBe('aws_vpc.this');
    expect(replayed('destroy').heldUp).toBeUndefined();
  });
});
