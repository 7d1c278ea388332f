import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BUILDS } from '../../domain/names';

interface Buildspec {
  readonly version: number;
  readonly env: { readonly shell: string };
  readonly phases: Readonly<Record<string, { readonly commands: readonly string[]; readonly 'on-failure'?: string }>>;
}

const read = (build: string): Buildspec =>
  parse(readFileSync(join(__dirname, '../../buildspecs', build, 'buildspec.yml'), 'utf8')) as Buildspec;

it.each(BUILDS)('the buildspec of %s runs its step in bash, and no phase is ever retried', (build) => {
  const { version, env, phases } = read(build);
  expect(version).toBe(0.2);
  expect(env.shell).toBe('bash');
  expect(phases['build']?.commands).toEqual(['node step.cjs']);
  expect(Object.values(phases).every((phase) => phase['on-failure'] === undefined)).toBe(true);
});

it('installs Terraform for what runs Terraform and Helm for what runs Helm', () => {
  const installs = BUILDS.map((build) => [build, read(build).phases['install']?.commands.join()]);
  expect(Object.fromEntries(installs)).toEqual({
    'check-readiness': 'bash install-tools.sh terraform helm || true',
    'provision-cluster': 'bash install-tools.sh terraform',
    'install-gitops': 'bash install-tools.sh helm',
    'drain-cluster': undefined,
    'destroy-cluster': 'bash install-tools.sh terraform',
  });
});
