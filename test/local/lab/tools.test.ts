import { findTools, type Machine } from '../../../local/lab/tools';

/** A machine with everything in its place, but for what is said. */
function machine(parts: { programs?: string[]; version?: string; mirror?: string; providers?: string[] }): Machine {
  const {
    programs = ['terraform', 'moto_server'],
    version = '1.11.4',
    mirror = '/mirror',
    providers = ['5.100.0'],
  } = parts;
  return {
    environment: { PATH: '/empty:/bin', LAB_PROVIDER_MIRROR: mirror },
    exists: (path) => programs.some((program) => path === `/bin/${program}`),
    list: (folder) => (folder === '/mirror/registry.terraform.io/hashicorp/aws' ? providers : []),
    output: (program) => (program === '/bin/terraform' ? JSON.stringify({ terraform_version: version }) : undefined),
  };
}

function missing(parts: Parameters<typeof machine>[0]): readonly string[] {
  const found = findTools(machine(parts), '5.100.0');
  return 'missing' in found ? found.missing : [];
}

test('finds Terraform, the mirror and moto', () => {
  expect(findTools(machine({}), '5.100.0')).toEqual({
    tools: { terraform: '/bin/terraform', terraformVersion: '1.11.4', providerMirror: '/mirror' },
  });
});

test('takes a mirror of archives, as "terraform providers mirror" makes it', () => {
  expect(missing({ providers: ['index.json', 'terraform-provider-aws_5.100.0_linux_amd64.zip'] })).toEqual([]);
});

test.each([
  ['no Terraform', { programs: ['moto_server'] }, /^Terraform is not on PATH\. Install/],
  ['a Terraform without the lock file in S3', { version: '1.10.5' }, /^Terraform 1\.10\.5 is too old/],
  ['another version of the provider', { providers: ['5.99.0'] }, /hashicorp\/aws 5\.100\.0 is in no folder/],
  ['no moto', { programs: ['terraform'] }, /^moto is not on PATH\. Install/],
])('%s is told with the way to get it', (_what, parts, sentence) => {
  expect(missing(parts)).toEqual([expect.stringMatching(sentence)]);
});

test('everything that is missing is told at once', () => {
  expect(missing({ programs: [], providers: [] })).toHaveLength(3);
});
