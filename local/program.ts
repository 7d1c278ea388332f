/**
 * A program on the build's PATH that the local drill stands in for (`terraform`, `helm`). The file on PATH only forwards
 * its call over the endpoint to the drill's own process, where the simulated world lives.
 */
export interface ProgramCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * Aborts when the program is sent SIGTERM or SIGINT: it then stops as the real one does (finishing what is under way).
   * The reason is the signal's name as text, also `SIGKILL` when its process is gone: then nothing more can be kept.
   */
  readonly signal: AbortSignal;
}

/** Runs the call to its end and returns the exit code. Time passes by the world's clock. */
export type Program = (call: ProgramCall) => Promise<number>;
