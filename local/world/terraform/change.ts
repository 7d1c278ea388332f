import { uuidOf } from '../simulated-account';
import type { Backend } from './backend';
import { hasFlag } from './command-line';
import { Deployment } from './deployment';
import { failure } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import { textOf, toJson } from './hcl/value';
import type { Module } from './module';
import { orderOf, planApply, planDestroy, refresh, removalAddress, showPlan } from './plan';
import type { Plan } from './plan';
import type { Session } from './session';
import { parseState, serialise, typeOf } from './state';
import type { OutputState, State } from './state';
import { takeLock } from './take-lock';
import { isKill, KILLED, walk } from './walk';

type Operation = 'plan' | 'apply' | 'destroy';

/** Refreshing and planning take a few seconds. */
const PLAN_SECONDS = 6;

/** Terraform keeps a snapshot of the state during an apply when the last one is this old (since 1.5). */
const SNAPSHOT_MILLISECONDS = 20_000;

/** `terraform plan`, `apply -auto-approve` and `destroy -auto-approve`. */
export async function change(session: Session): Promise<number> {
  const { command } = session.line;
  const operation: Operation =
    command === 'plan' ? 'plan' : command === 'destroy' || hasFlag(session.line, 'destroy') ? 'destroy' : 'apply';
  session.output.version(session.version);
  const { root, backend, warnings } = await session.prepare();
  await takeLock(session, backend, command);
  try {
    const result = await operate(session, operation, root, backend);
    if (isKill(session.call.signal)) return KILLED;
    for (const diagnostic of [...warnings, ...result.errors]) session.output.diagnostic(diagnostic);
    return result.exitCode;
  } finally {
    // A killed process releases nothing.
    if (!isKill(session.call.signal)) await backend.unlock();
  }
}

interface Outcome {
  readonly exitCode: number;
  readonly errors: readonly Diagnostic[];
}

async function operate(session: Session, operation: Operation, root: Module, backend: Backend): Promise<Outcome> {
  const { parts, line, output, call } = session;
  const { clock, chance, aws } = parts.world;
  const lineage = uuidOf(chance, `lineage ${backend.name} ${clock.now().toISOString()}`);
  const state = parseState(await backend.read(), lineage);
  try {
    await clock.sleep(chance.milliseconds(`plan ${backend.name}`, PLAN_SECONDS), call.signal);
  } catch (error) {
    if (!call.signal.aborted) throw error;
    stopping(session);
    return { exitCode: 1, errors: [halted()] };
  }
  refresh(state, root, aws, output);
  const targets = line.options['target'] ?? [];
  const destroys = operation === 'destroy' || hasFlag(line, 'destroy');
  const plan = destroys ? planDestroy(root, state, targets) : planApply(root, state, targets);
  const order = orderOf(plan);
  showPlan(plan, output);
  const before = state.outputs;
  showPlannedOutputs(session, root, before, destroys);
  if (operation === 'plan') {
    const changes = plan.creations.length + plan.removals.length > 0;
    return { exitCode: changes && hasFlag(line, 'detailed-exitcode') ? 2 : 0, errors: [] };
  }
  return carryOut(session, root, backend, { state, plan, order, destroys });
}

async function carryOut(
  session: Session,
  root: Module,
  backend: Backend,
  {
    state,
    plan,
    order,
    destroys,
  }: { state: State; plan: Plan; order: ReadonlyMap<string, ReadonlySet<string>>; destroys: boolean },
): Promise<Outcome> {
  const { parts, output, call, version } = session;
  const { clock } = parts.world;
  const write = async (): Promise<void> => {
    state.serial += 1;
    await backend.write(serialise(state, version));
  };
  let snapshotAt = clock.now().getTime();
  const changed = async (): Promise<void> => {
    if (clock.now().getTime() - snapshotAt < SNAPSHOT_MILLISECONDS) return;
    snapshotAt = clock.now().getTime();
    await write();
  };
  const deployment = new Deployment({
    world: parts.world,
    faults: parts.faults,
    clusterEndpoints: parts.clusterEndpoint,
    hooks: parts.hooks ?? {},
    root,
    state,
    stateName: backend.name,
    output,
    changed,
  });
  const none: ReadonlySet<string> = new Set();
  const jobs = [
    ...plan.removals.map(([address, instance]) => {
      const job = removalAddress(address);
      return deployment.removal(job, instance, address, order.get(job) ?? none);
    }),
    ...plan.creations.map((instance) => deployment.creation(instance, order.get(instance.address) ?? none)),
  ];
  const result = await walk(jobs, clock, call.signal, () => stopping(session));
  if (isKill(call.signal)) return { exitCode: KILLED, errors: [] };
  const outputs = destroys && state.instances.size === 0 ? {} : outputsOf(root);
  const differs = jobs.length > 0 || JSON.stringify(outputs) !== JSON.stringify(state.outputs);
  state.outputs = outputs;
  if (differs) await write();
  if (result.interrupted) return { exitCode: 1, errors: [...result.errors, halted()] };
  if (result.errors.length > 0) return { exitCode: 1, errors: result.errors };
  showResult(session, state, plan, destroys);
  return { exitCode: 0, errors: [] };
}

function stopping({ output }: Session): void {
  output.event(
    'log',
    '\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n',
  );
  output.event('log', 'Stopping operation...');
}

function halted(): Diagnostic {
  return failure('execution halted', '');
}

function outputsOf(root: Module): Record<string, OutputState> {
  const outputs: Record<string, OutputState> = {};
  for (const [name, body] of Object.entries(root.configuration.outputs).toSorted()) {
    const value = root.output(name);
    const json = toJson(value);
    // What is not known (a resource that was never made) is not an output yet.
    if (json !== null) outputs[name] = { value: json, type: typeOf(value), sensitive: body['sensitive'] === true };
  }
  return outputs;
}

function showPlannedOutputs(
  { output }: Session,
  root: Module,
  before: Readonly<Record<string, OutputState>>,
  destroys: boolean,
): void {
  const names = destroys ? Object.keys(before) : Object.keys(root.configuration.outputs).toSorted();
  if (names.length === 0 || !output.json) return;
  const actionOf = (name: string): string => (destroys ? 'delete' : before[name] ? 'noop' : 'create');
  const outputs = names.map((name) => {
    const sensitive = root.configuration.outputs[name]?.['sensitive'] === true;
    return [name, { sensitive, action: actionOf(name) }] as const;
  });
  output.event('outputs', `Outputs: ${names.length}`, { outputs: Object.fromEntries(outputs) });
}

function showResult({ output }: Session, state: State, { creations, removals }: Plan, destroys: boolean): void {
  const add = creations.length;
  const remove = removals.length;
  const changes = { add, change: 0, import: 0, remove, operation: destroys ? 'destroy' : 'apply' };
  const message = destroys
    ? `Destroy complete! Resources: ${remove} destroyed.`
    : `Apply complete! Resources: ${add} added, 0 changed, ${remove} destroyed.`;
  output.event('change_summary', message, { changes });
  const names = Object.keys(state.outputs);
  if (destroys || names.length === 0) return;
  const outputs = Object.entries(state.outputs).map(([name, { sensitive, type, value }]) => [
    name,
    sensitive ? { sensitive, type } : { sensitive, type, value },
  ]);
  if (output.json)
    output.event('outputs', `Outputs: ${names.length}`, { outputs: Object.fromEntries(outputs) as object });
  for (const [name, { sensitive, value }] of Object.entries(state.outputs)) {
    output.text(`${name} = ${sensitive ? '<sensitive>' : (textOf(value as string) ?? JSON.stringify(value))}\n`);
  }
}
