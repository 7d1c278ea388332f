import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initialiseBackend, lockText, openBackend } from './backend';
import { hasFlag } from './command-line';
import { takeLock } from './take-lock';
import { failure, TerraformError } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import type { Session } from './session';
import { parseState, serialise } from './state';
import type { State } from './state';

/** Downloading a provider takes a few seconds. */
const INIT_SECONDS = 8;

/** `terraform init`: chooses the backend, and finds what it cannot work with. */
export async function init(session: Session): Promise<number> {
  const { output, parts, call, line } = session;
  output.text('\nInitializing the backend...\n');
  const configuration = await session.configuration().catch((error: unknown) => {
    if (!(error instanceof TerraformError)) throw error;
    // For a person what follows is announced; the event stream gives the first cause first.
    if (!output.json) throw new TerraformError([initialisationProblem(), ...error.diagnostics]);
    throw new TerraformError([...error.diagnostics, initialisationProblem()]);
  });
  if (configuration.sources.size === 0) {
    output.text(
      '\nTerraform initialized in an empty directory!\n\nThe directory has no Terraform configuration files. You may begin working\nwith Terraform immediately by creating Terraform configuration files.\n',
    );
    return 0;
  }
  const { errors } = await session.module(configuration, new Map());
  const fatal = errors.filter(({ summary }) => summary === 'Unsupported Terraform Core version');
  if (fatal.length > 0) throw new TerraformError(fatal);
  initialiseBackend(configuration, line.options['backend-config'] ?? []);
  await openBackend(configuration, parts.objects).read();
  output.text('Initializing provider plugins...\n');
  await parts.world.clock.sleep(parts.world.chance.milliseconds('terraform init', INIT_SECONDS), call.signal);
  output.text('\nTerraform has been successfully initialized!\n');
  return 0;
}

function initialisationProblem(): Diagnostic {
  return failure(
    'Terraform encountered problems during initialisation, including problems with the configuration, described below.',
    'The Terraform configuration must be valid before initialization so that Terraform can determine which modules and providers need to be installed.',
  );
}

/** `terraform validate`. */
export async function validateCommand(session: Session): Promise<number> {
  const { output, call } = session;
  const diagnostics = await diagnosticsOf(session);
  if (output.json) {
    const errorCount = diagnostics.filter(({ severity }) => severity === 'error').length;
    const report = {
      format_version: '1.0',
      valid: errorCount === 0,
      error_count: errorCount,
      warning_count: diagnostics.length - errorCount,
      diagnostics,
    };
    call.stdout(`${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    for (const diagnostic of diagnostics) output.diagnostic(diagnostic);
    if (diagnostics.length === 0) output.text('Success! The configuration is valid.\n\n');
  }
  return diagnostics.length === 0 ? 0 : 1;
}

async function diagnosticsOf(session: Session): Promise<readonly Diagnostic[]> {
  try {
    return (await session.module(await session.configuration(), new Map())).errors;
  } catch (error) {
    if (error instanceof TerraformError) return error.diagnostics;
    throw error;
  }
}

/** `terraform output [-json] [-raw] [NAME]`. */
export async function outputCommand(session: Session): Promise<number> {
  const { call, line, output } = session;
  const { outputs } = await readState(session);
  const [name] = line.positional;
  if (name === undefined) {
    if (output.json) call.stdout(`${JSON.stringify(sorted(outputs), undefined, 2)}\n`);
    else for (const [key, { value }] of Object.entries(outputs)) call.stdout(`${key} = ${JSON.stringify(value)}\n`);
    return 0;
  }
  const found = outputs[name];
  if (!found) {
    const detail = `The output variable requested could not be found in the state file. If you recently added this to your configuration, be sure to run \`terraform apply\`, since the state won't be updated with new output variables until that command is run.`;
    throw new TerraformError([failure(`Output "${name}" not found`, detail)]);
  }
  call.stdout(hasFlag(line, 'raw') ? String(found.value) : `${JSON.stringify(found.value)}\n`);
  return 0;
}

/** Keys in the order of `terraform output -json`: `sensitive`, `type`, `value`. */
function sorted(outputs: State['outputs']): Record<string, unknown> {
  const entries = Object.entries(outputs).toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([name, { sensitive, type, value }]) => [name, { sensitive, type, value }]));
}

/** `terraform state list`. */
export async function stateList(session: Session): Promise<number> {
  const backend = await session.backend();
  const text = await backend.read();
  if (text === undefined) {
    session.call.stderr(
      'No state file was found!\n\nState management commands require a state file. Run this command\nin a directory where Terraform has been run or use the -state flag\nto point the command to a specific state location.\n',
    );
    return 1;
  }
  for (const address of [...parseState(text, '').instances.keys()].toSorted()) session.call.stdout(`${address}\n`);
  return 0;
}

/** `terraform state pull`. */
export async function statePull(session: Session): Promise<number> {
  const text = await (await session.backend()).read();
  session.call.stdout(text ?? serialise(parseState(undefined, ''), session.version));
  return 0;
}

/** `terraform state push FILE`: refuses what is of another lineage, or older than what is there. */
export async function statePush(session: Session): Promise<number> {
  const { call, line, version } = session;
  const pushed = parseState(await readFile(join(line.directory, line.positional[0] ?? ''), 'utf8'), '');
  const backend = await session.backend();
  await takeLock(session, backend, 'state push');
  try {
    const text = await backend.read();
    const there = text === undefined ? undefined : parseState(text, '');
    if (there && there.lineage !== pushed.lineage)
      return refuse(
        `cannot import state with lineage "${pushed.lineage}" over unrelated state with lineage "${there.lineage}"`,
      );
    if (there && there.serial > pushed.serial)
      return refuse(`cannot import state with serial ${pushed.serial} over newer state with serial ${there.serial}`);
    await backend.write(serialise(pushed, version));
    return 0;
  } finally {
    await backend.unlock();
  }

  function refuse(reason: string): number {
    call.stderr(`Failed to write state: ${reason}\n`);
    return 1;
  }
}

/** `terraform show -json`. */
export async function show(session: Session): Promise<number> {
  const state = await readState(session);
  const resources = [...state.instances].map(([address, { type, name, key, attributes, tainted }]) => ({
    address,
    mode: 'managed',
    type,
    name,
    // JSON leaves out what is undefined.
    index: key,
    values: attributes,
    tainted: tainted || undefined,
  }));
  const values = { outputs: sorted(state.outputs), root_module: { resources } };
  const report =
    resources.length === 0
      ? { format_version: '1.0' }
      : { format_version: '1.0', terraform_version: session.version, values };
  session.call.stdout(`${JSON.stringify(report)}\n`);
  return 0;
}

/** `terraform force-unlock -force ID`. */
export async function forceUnlock(session: Session): Promise<number> {
  const { call, line } = session;
  const backend = await session.backend();
  const [id = ''] = line.positional;
  const holder = await backend.readLock();
  if (!holder) {
    call.stderr(
      `Failed to unlock state: unable to retrieve file from S3 with key '${backend.name}.tflock': NoSuchKey\n`,
    );
    return 1;
  }
  if (holder.ID !== id) {
    call.stderr(
      `Failed to unlock state: lock ID '${id}' does not match the existing lock ID '${holder.ID}'\n${lockText(holder)}`,
    );
    return 1;
  }
  await backend.unlock();
  call.stdout(
    'Terraform state has been successfully unlocked!\n\nThe state has been unlocked, and Terraform commands should now be able to\nobtain a new lock on the remote state.\n',
  );
  return 0;
}

/** `terraform version [-json]`. */
export function versionCommand({ call, output, version }: Session): Promise<number> {
  const report = {
    terraform_version: version,
    platform: 'linux_amd64',
    provider_selections: {},
    terraform_outdated: false,
  };
  call.stdout(output.json ? `${JSON.stringify(report, undefined, 2)}\n` : `Terraform v${version}\non linux_amd64\n`);
  return Promise.resolve(0);
}

async function readState(session: Session): Promise<State> {
  return parseState(await (await session.backend()).read(), '');
}
