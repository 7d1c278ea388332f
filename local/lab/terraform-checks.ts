import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsHost } from '../../adapters/aws-host';
import { Terraform, type TerraformHost } from '../../buildspecs/terraform';
import { stateBucketOf, TERRAFORM_VARIABLE } from '../../domain/names';
import type { CommandResult } from '../../domain/ports/command-runner';
import type { DrillRecord } from '../../domain/record';
import { git } from '../repository/git';
import { check, type Check } from './check';
import type { Lab } from './lab';

/**
 * What Terraform itself says of the repository at a drill's commit while the drill's cluster stands: `fmt -check`,
 * `validate`, and a second plan with the drill's own state and variables, which must find nothing to change.
 */
export async function terraformChecks({ commands, repository }: Lab, record: DrillRecord): Promise<Check[]> {
  const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-plan-'));
  try {
    git(directory, ['clone', '--quiet', '--', repository, 'repository']);
    git(join(directory, 'repository'), ['checkout', '--quiet', record.commit!]);
    const { account, region, terraform } = record.settings;
    const cwd = join(directory, 'repository', terraform.directory);
    const host: TerraformHost = Object.assign(awsHost({}, { commands }), {
      directory,
      signal: new AbortController().signal,
    });
    const drills = new Terraform(host, record, cwd, { bucket: stateBucketOf(account, region) });
    const env = { [`TF_VAR_${TERRAFORM_VARIABLE.commit}`]: record.commit! };
    const run = (...args: string[]): Promise<CommandResult> => commands.run('terraform', args, { cwd, env });

    const formatted = await run('fmt', '-check', '-recursive');
    await drills.init();
    const validated = await run('validate', '-no-color');
    const variables = `-var-file=${join(directory, 'cluster-drill.tfvars.json')}`;
    const planned = await run('plan', '-detailed-exitcode', '-input=false', '-lock=false', '-no-color', variables);
    return [
      check('terraform fmt -check', formatted.exitCode === 0, formatted.stdout.trim() || 'nothing to format'),
      check('terraform validate', validated.exitCode === 0, (validated.stdout || validated.stderr).trim()),
      check('terraform plan -detailed-exitcode', planned.exitCode === 0, `${planned.exitCode} ${changesOf(planned)}`),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The lines that say what a plan would change, or its error. */
function changesOf({ exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode === 0) return '(no changes)';
  const lines =
    exitCode === 2 ? stdout.split('\n').filter((line) => /^\s*(# |-\/\+|[~+-] )/.test(line)) : [stderr.trim()];
  return lines.map((line) => line.trim()).join('; ');
}
