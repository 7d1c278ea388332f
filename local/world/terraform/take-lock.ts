import { hostname } from 'node:os';
import { uuidOf } from '../simulated-account';
import { acquireLock } from './backend';
import type { Backend, LockInfo } from './backend';
import { secondsOption } from './command-line';
import type { Session } from './session';

/** Takes the lock of the state as the user and machine that the program runs on. @throws TerraformError naming who holds it. */
export async function takeLock(
  { parts, line, output, version, call }: Session,
  backend: Backend,
  command: string,
): Promise<void> {
  const { clock, chance } = parts.world;
  const now = clock.now().toISOString();
  const operation = command === 'plan' ? 'Plan' : 'Apply';
  const info: Omit<LockInfo, 'Path'> = {
    ID: uuidOf(chance, `lock ${backend.name} ${now}`),
    Operation: `OperationType${operation}`,
    Info: '',
    Who: `root@${hostname()}`,
    Version: version,
    Created: now,
  };
  const timeoutSeconds = secondsOption(line, 'lock-timeout');
  await acquireLock(backend, info, { timeoutSeconds, clock, output, signal: call.signal });
}
