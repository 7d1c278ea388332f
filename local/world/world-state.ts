import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../../domain/errors';

/** How long a change may wait to be kept, in real milliseconds. */
const SAVE_EVERY_MS = 400;

/**
 * Everything that the simulated infrastructure remembers, as plain JSON: what is mid-way (a cluster that is being
 * created, a rollout) is kept as instants from which its state follows, never as timers or closures. So a killed drill
 * finds its infrastructure again, half-built as it was.
 */
export class WorldState {
  private sections: Record<string, unknown>;
  private scheduled = false;

  /** @param file where to keep it; without one it lives in memory only. */
  constructor(private readonly file?: string) {
    this.sections = file ? load(file) : {};
  }

  /** A section by name, made from `initial` the first time. Change it in place, then call `changed`. */
  section<Section extends object>(name: string, initial: () => Section): Section {
    return (this.sections[name] ??= initial()) as Section;
  }

  /**
   * Keeps the state soon. Writing it takes milliseconds and thousands of things change in a drill, so a killed process
   * may lose the last moment: what was made in it never existed.
   */
  changed(): void {
    if (!this.file || this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => this.save(), SAVE_EVERY_MS).unref();
  }

  /** Keeps the state now; the file is replaced as a whole, so a crash leaves the old or the new one. */
  save(): void {
    this.scheduled = false;
    if (!this.file) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(this.sections));
    renameSync(`${this.file}.new`, this.file);
  }
}

function load(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UserError(
      `${file} cannot be read (${messageOf(error)}); take its folder away, or name another with --state-dir.`,
    );
  }
}
