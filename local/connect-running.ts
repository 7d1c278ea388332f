import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../cli/connection';
import { systemClock } from '../adapters/system-clock';
import type { Clock } from '../domain/clock';
import type { Settings } from '../domain/settings';
import { connectionTo, pointSdkAt } from './connect-local';
import { runningDrill } from './running-note';

/**
 * Connects to a drill that runs on this machine in another process, by the note that it left in the state folder;
 * undefined when none runs.
 */
export async function connectRunning(
  directory: string,
  { account, region }: Settings,
): Promise<Connection | undefined> {
  const note = await runningDrill(directory);
  if (!note) return undefined;
  pointSdkAt(note.url, region);
  return connectionTo({ account, region }, drillTimeOf(directory));
}

/** The drill's own time, which its process keeps in a file (local/builds/clock-file.ts). */
function drillTimeOf(directory: string): Clock {
  const file = join(directory, 'clock');
  const now = (): Date => {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    return bytes.length < 8 ? systemClock.now() : new Date(bytes.readDoubleLE(0));
  };
  return { now, sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal) };
}
