import pc from 'picocolors';

/** Where a command writes. `live` is true on a terminal that can redraw. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly live: boolean;
  readonly columns: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

/** 128 + SIGPIPE. */
const SIGPIPE = 141;

/** The process's own terminal. Colours follow NO_COLOR and FORCE_COLOR; CI and pipes get plain lines. */
export function processTerminal(): Terminal {
  const live = process.stdout.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
  // A reader such as `head` may have seen enough: the process ends as the signal would end it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(SIGPIPE);
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live,
    // Read at each redraw: a window may be resized while a drill is shown.
    get columns() {
      return process.stdout.columns ?? 100;
    },
    colours: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  };
}
