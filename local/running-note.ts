import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a local drill that runs can be reached. */
export interface RunningNote {
  /** Of its local endpoint, on loopback. */
  readonly url: string;
  readonly pid: number;
}

const FILE = 'running.json';

/** Leaves word in the state folder for commands in another terminal. @returns a function that takes it away. */
export function leaveRunningNote(directory: string, url: string): () => void {
  const file = join(directory, FILE);
  const note: RunningNote = { url, pid: process.pid };
  writeFileSync(file, JSON.stringify(note), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The drill that runs in the folder; undefined when none does, also when one was killed and left its note behind. */
export async function runningDrill(directory: string): Promise<RunningNote | undefined> {
  const note = readNote(join(directory, FILE));
  return note && (await answers(note.url)) ? note : undefined;
}

function readNote(file: string): RunningNote | undefined {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as RunningNote;
    return /^http:\/\/127\.0\.0\.1:\d+$/.test(note.url) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** A port may belong to another program by now: only a local endpoint refuses a request without signature this way. */
async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return (await answer.text()).includes('the local endpoint cannot tell its service');
  } catch {
    return false;
  }
}
