import { BACKEND, standIn } from './stand-in';

const CHANGE = ['-json', '-auto-approve', '-input=false'];
const VPC = 'resource "aws_vpc" "this" {\n  cidr_block = "10.0.0.0/16"\n}\n';

interface Report {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly detail: string;
    readonly range?: { readonly filename: string; readonly start: object; readonly end: object };
    readonly snippet?: object;
  }[];
}

async function validated(files: Readonly<Record<string, string>>): Promise<Report> {
  const { stdout } = await standIn(files).run(['validate', '-json']);
  return JSON.parse(stdout) as Report;
}

test('a syntax error is what Terraform 1.11.4 makes of it, to the byte', async () => {
  const { valid, diagnostics } = await validated({ 'bad.tf': '\nresource "aws_vpc" "x" {\n  cidr_block = \n}\n' });
  expect(valid).toBe(false);
  expect(diagnostics).toEqual([
    {
      severity: 'error',
      summary: 'Invalid expression',
      detail: 'Expected the start of an expression, but found an invalid expression token.',
      range: { filename: 'bad.tf', start: { line: 3, column: 16, byte: 41 }, end: { line: 4, column: 1, byte: 42 } },
      snippet: {
        context: 'resource "aws_vpc" "x"',
        code: '  cidr_block = \n}',
        start_line: 3,
        highlight_start_offset: 15,
        highlight_end_offset: 16,
        values: [],
      },
    },
  ]);
});

test('a syntax error stops init with the place for a person, and apply with a diagnostic', async () => {
  const terraform = standIn({ 'bad.tf': 'resource "aws_vpc" "x" {\n  cidr_block = "1"\n' });
  const init = await terraform.run(['init', '-no-color']);
  expect(init.exitCode).toBe(1);
  expect(init.stderr).toContain(
    'Error: Unclosed configuration block\n\n  on bad.tf line 1, in resource "aws_vpc" "x":\n',
  );
  expect(init.stderr).toContain('   1: resource "aws_vpc" "x" {');
  const apply = await terraform.run(['apply', ...CHANGE]);
  expect(apply.exitCode).toBe(1);
  expect(apply.events.at(-1)?.['@message']).toBe('Error: Unclosed configuration block');
});

test('every syntax error of every file is told', async () => {
  const { diagnostics } = await validated({
    'a.tf': 'resource "aws_vpc" "x" {\n  cidr_block = "${foo"\n}\n',
    'b.tf': 'a = 1\na = 2\n',
  });
  expect(diagnostics.map(({ summary }) => summary)).toEqual([
    'Invalid multi-line string',
    'Invalid multi-line string',
    'Unclosed template interpolation sequence',
    'Attribute redefined',
  ]);
});

test('references to what is not declared are told with their places', async () => {
  const { diagnostics } = await validated({
    'bad.tf':
      '\nresource "aws_vpc" "x" {\n  cidr_block = aws_vpc.nonesuch.id\n}\noutput "q" { value = var.zzz }\noutput "z" { value = local.nn }\n',
  });
  expect(diagnostics.map(({ summary, range }) => [summary, range])).toEqual([
    [
      'Reference to undeclared resource',
      { filename: 'bad.tf', start: { line: 3, column: 16, byte: 41 }, end: { line: 3, column: 32, byte: 57 } },
    ],
    [
      'Reference to undeclared input variable',
      { filename: 'bad.tf', start: { line: 5, column: 22, byte: 84 }, end: { line: 5, column: 29, byte: 91 } },
    ],
    ['Reference to undeclared local value', expect.objectContaining({ filename: 'bad.tf' })],
  ]);
});

test.each<[string, Record<string, string>, string]>([
  ['a resource that stands twice', { 'a.tf': VPC, 'b.tf': VPC }, 'Duplicate resource "aws_vpc" configuration'],
  [
    'a version that is not this one',
    { 'a.tf': 'terraform {\n  required_version = ">= 99.0"\n}\n' },
    'Unsupported Terraform Core version',
  ],
  [
    'a missing argument',
    { 'a.tf': 'resource "aws_eks_cluster" "c" {\n  name = "c"\n  vpc_config {}\n}\n' },
    'Missing required argument',
  ],
  [
    'a module that must be downloaded',
    { 'a.tf': 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n' },
    'Failed to download module',
  ],
])('%s is refused', async (_, files, summary) => {
  expect((await validated(files)).diagnostics.map((one) => one.summary)).toEqual([summary]);
});

test('a cycle is refused before anything is made', async () => {
  const terraform = standIn({
    'a.tf':
      'resource "null_resource" "a" {\n  triggers = { b = null_resource.b.id }\n}\nresource "null_resource" "b" {\n  triggers = { a = null_resource.a.id }\n}\n',
  });
  const { exitCode, events } = await terraform.run(['apply', ...CHANGE]);
  expect(exitCode).toBe(1);
  expect(events.at(-1)?.['@message']).toBe('Error: Cycle: null_resource.a, null_resource.b');
});

describe('variables', () => {
  const DECLARED = `
variable "cluster_name" {
  type = string
  validation {
    condition     = length(var.cluster_name) <= 5
    error_message = "Too long."
  }
}
variable "tags" {
  type    = map(string)
  default = {}
}
variable "nodes" {
  type    = number
  default = 3
}
output "nodes" { value = var.nodes }
output "tags" { value = var.tags }
`;

  async function summaries(
    args: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    const { events } = await standIn({ 'a.tf': DECLARED, ...files }).run(['apply', ...CHANGE, ...args]);
    return events.flatMap(({ diagnostic }) => (diagnostic ? [diagnostic.summary] : []));
  }

  test('a required one without a value is an error', async () => {
    expect(await summaries([])).toEqual(['No value for required variable']);
  });

  test('one of the var-file that is not declared is a warning', async () => {
    const files = { 'v.tfvars.json': '{"cluster_name":"a","nonesuch":1}' };
    expect(await summaries(['-var-file=v.tfvars.json'], files)).toEqual(['Value for undeclared variable']);
  });

  test('a value of another type is an error', async () => {
    const files = { 'v.tfvars.json': '{"cluster_name":"a","tags":"x"}' };
    expect(await summaries(['-var-file', 'v.tfvars.json'], files)).toEqual(['Invalid value for input variable']);
  });

  test('a failed validation is an error', async () => {
    expect(await summaries(['-var', 'cluster_name=far-too-long'])).toEqual(['Invalid value for variable']);
  });

  test('the command line wins over files, files over the environment', async () => {
    const terraform = standIn({
      'a.tf': DECLARED,
      'terraform.tfvars': 'cluster_name = "a"\nnodes = 4\n',
      'v.tfvars': 'tags = { from = "file" }\n',
    });
    const env = { TF_VAR_nodes: '9', TF_VAR_tags: '{ from = "environment" }' };
    await terraform.run(['apply', ...CHANGE, '-var-file=v.tfvars', '-var=nodes=5'], { env });
    const outputs = JSON.parse((await terraform.run(['output', '-json'])).stdout) as Record<string, { value: unknown }>;
    expect(outputs['nodes']?.value).toBe(5);
    expect(outputs['tags']?.value).toEqual({ from: 'file' });
  });
});

describe('tags', () => {
  const BLOCKS = 'variable "tags" {\n  type = map(string)\n}\n';
  const variables = { 'v.tfvars.json': '{"tags":{"cluster-drill":"d1"}}' };

  async function tagsOfVpc(
    files: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    const terraform = standIn({ ...variables, ...files });
    await terraform.run(['apply', ...CHANGE, '-var-file=v.tfvars.json']);
    return terraform.world.aws.list('ec2:vpc')[0]?.tags;
  }

  test('of the resource win over those of the provider', async () => {
    const provider = 'provider "aws" {\n  default_tags {\n    tags = var.tags\n  }\n}\n';
    const vpc = 'resource "aws_vpc" "this" {\n  cidr_block = "10.0.0.0/16"\n  tags = { Name = "x" }\n}\n';
    expect(await tagsOfVpc({ 'a.tf': BLOCKS + provider + vpc })).toEqual({ 'cluster-drill': 'd1', Name: 'x' });
  });

  test('come from the aliased provider that the resource names', async () => {
    const provider =
      'provider "aws" {\n  alias = "west"\n  region = "eu-west-1"\n  default_tags {\n    tags = { via = "alias" }\n  }\n}\n';
    const vpc = 'resource "aws_vpc" "this" {\n  provider = aws.west\n  cidr_block = "10.0.0.0/16"\n}\n';
    expect(await tagsOfVpc({ 'a.tf': BLOCKS + provider + vpc })).toEqual({ via: 'alias' });
  });

  test('of the drill are missing where the files do not use them', async () => {
    expect(await tagsOfVpc({ 'a.tf': BLOCKS + VPC })).toEqual({});
  });
});

describe('directories', () => {
  test('an empty one can be initialised but not applied', async () => {
    const terraform = standIn({});
    expect((await terraform.run(['init'])).stdout).toContain('Terraform initialized in an empty directory!');
    const { exitCode, events } = await terraform.run(['apply', ...CHANGE]);
    expect(exitCode).toBe(1);
    expect(events.at(-1)?.diagnostic?.summary).toBe('No configuration files');
  });

  test('one with a backend must be initialised first', async () => {
    const { exitCode, events } = await standIn({ 'a.tf': VPC, 'backend_override.tf.json': BACKEND }).run([
      'apply',
      ...CHANGE,
    ]);
    expect(exitCode).toBe(1);
    expect(events.at(-1)?.diagnostic?.summary).toBe('Backend initialization required, please run "terraform init"');
  });

  test('override files replace arguments and the backend, whatever their syntax', async () => {
    const terraform = standIn({
      'a.tf': `${VPC}terraform {\n  backend "s3" {\n    bucket = "wrong"\n  }\n}\noutput "cidr" { value = aws_vpc.this.cidr_block }\n`,
      'b_override.tf': 'resource "aws_vpc" "this" {\n  cidr_block = "10.1.0.0/16"\n}\n',
      'c_override.tf.json': BACKEND,
    });
    await terraform.run(['init']);
    await terraform.run(['apply', ...CHANGE]);
    expect([...terraform.objects.keys()]).toEqual(['states/production/d1/terraform.tfstate']);
    expect((await terraform.run(['output', '-raw', 'cidr'])).stdout).toBe('10.1.0.0/16');
  });

  test('-chdir and -backend-config are followed', async () => {
    const terraform = standIn({ 'infra/a.tf': `${VPC}terraform {\n  backend "s3" {}\n}\n` });
    await terraform.run(['-chdir=infra', 'init', '-backend-config=bucket=b', '-backend-config', 'key=k']);
    expect((await terraform.run(['-chdir=infra', 'apply', ...CHANGE])).exitCode).toBe(0);
    expect([...terraform.objects.keys()]).toEqual(['b/k']);
  });

  test('local modules are applied with their inputs, and their outputs reach the root', async () => {
    const terraform = standIn({
      'main.tf': `
module "network" {
  for_each = { a = "10.0.0.0/16", b = "10.1.0.0/16" }
  source   = "./network"
  cidr     = each.value
}
resource "null_resource" "after" {
  triggers = { vpc = module.network["b"].vpc_id }
}
output "vpc" { value = module.network["b"].vpc_id }
`,
      'network/main.tf': `
variable "cidr" {}
resource "aws_vpc" "this" {
  cidr_block = var.cidr
}
resource "aws_subnet" "this" {
  count      = 2
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 4, count.index)
}
output "vpc_id" { value = aws_vpc.this.id }
`,
    });
    expect((await terraform.run(['apply', ...CHANGE])).exitCode).toBe(0);
    const list = (await terraform.run(['state', 'list'])).stdout.split('\n');
    expect(list).toContain('module.network["b"].aws_subnet.this[1]');
    expect(terraform.world.aws.list('ec2:subnet')).toHaveLength(4);
    const vpc = terraform.world.aws.list('ec2:vpc').find(({ attributes }) => attributes['cidrBlock'] === '10.1.0.0/16');
    expect((await terraform.run(['output', '-raw', 'vpc'])).stdout).toBe(vpc?.id);
    expect((await terraform.run(['destroy', ...CHANGE])).exitCode).toBe(0);
    expect(terraform.world.aws.list()).toEqual([]);
  });
});

test('prevent_destroy keeps destroy from doing anything', async () => {
  const terraform = standIn({
    'a.tf':
      'resource "aws_vpc" "this" {\n  cidr_block = "10.0.0.0/16"\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
  });
  await terraform.run(['apply', ...CHANGE]);
  const { exitCode, events } = await terraform.run(['destroy', ...CHANGE]);
  expect(exitCode).toBe(1);
  expect(events.at(-1)?.diagnostic?.summary).toBe('Instance cannot be destroyed');
  expect(terraform.world.aws.list('ec2:vpc')).toHaveLength(1);
});

test('resources of other providers are made too, and time_sleep takes its time', async () => {
  const terraform = standIn({
    'a.tf':
      'resource "random_id" "this" {\n  byte_length = 4\n}\nresource "time_sleep" "wait" {\n  create_duration = "90s"\n  depends_on = [random_id.this]\n}\noutput "hex" { value = random_id.this.hex }\n',
  });
  const { events } = await terraform.run(['apply', ...CHANGE]);
  const slept = events.find(({ type, hook }) => type === 'apply_complete' && hook?.resource.addr === 'time_sleep.wait');
  expect(slept?.hook?.elapsed_seconds).toBe(90);
  expect((await terraform.run(['output', '-raw', 'hex'])).stdout).toMatch(/^[0-9a-f]{8}$/);
});

test('a command that there is not is refused', async () => {
  const { exitCode, stderr } = await standIn({}).run(['aply']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Terraform has no command named "aply".');
});

test('the version is that which the build installed', async () => {
  const { stdout } = await standIn({}).run(['version', '-json'], { env: { TERRAFORM_VERSION: '1.12.0' } });
  expect(JSON.parse(stdout)).toMatchObject({ terraform_version: '1.12.0' });
});
