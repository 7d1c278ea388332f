import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The file in which the processes of builds read the drill's time (local/programs/clock-preload.cjs): epoch milliseconds
 * as one little-endian double. It is read at every `Date.now()`, so it must cost microseconds.
 */
export function clockFile(path: string): { write(now: Date): void; close(): void } {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  const bytes = Buffer.alloc(8);
  return {
    write: (now) => {
      bytes.writeDoubleLE(now.getTime());
      writeSync(file, bytes, 0, bytes.length, 0);
    },
    close: () => closeSync(file),
  };
}
