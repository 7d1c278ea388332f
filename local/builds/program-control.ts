import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import type { ControlHandler } from '../endpoint';
import type { Program } from '../program';
import type { OpenCalls } from './open-calls';

/** The first line of a call. */
interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The endpoint's side of the stand-in programs, at `/_programs/<name>`. The request stays open while the program runs:
 * its first line is the call, a later one `{"signal":"SIGTERM"}`; the answer is lines of `{"stdout"}`, `{"stderr"}` and
 * at last `{"exit"}`. When the caller is gone without a word, it was killed: the program's signal says SIGKILL.
 */
export function programControl(
  programs: Readonly<Record<string, Program>>,
  calls: OpenCalls,
): Readonly<Record<string, ControlHandler>> {
  return Object.fromEntries(
    Object.entries(programs).map(([name, program]) => [
      `/_programs/${name}`,
      (request: IncomingMessage, response: ServerResponse) => serve(program, calls, request, response),
    ]),
  );
}

async function serve(
  program: Program,
  calls: OpenCalls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const stop = new AbortController();
  const lines = createInterface({ input: request });
  const call = await new Promise<Call>((resolve, reject) => {
    // Also after the first line: a caller that is killed breaks off its request.
    lines.on('error', reject);
    lines.once('line', (first) => {
      // Later lines may be in the same packet, so they are listened for before anything else happens.
      lines.on('line', (line) => stop.abort((JSON.parse(line) as { readonly signal: string }).signal));
      resolve(JSON.parse(first) as Call);
    });
  });
  response.once('close', () => stop.abort('SIGKILL'));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const send = (line: object): void => void response.write(`${JSON.stringify(line)}\n`);
  const running = program({
    ...call,
    stdout: (text) => send({ stdout: text }),
    stderr: (text) => send({ stderr: text }),
    signal: stop.signal,
  });
  // The signal that the stand-in forwards takes real time to come, in which drill time must not pass.
  const interrupt = async (): Promise<void> => stop.abort('SIGTERM');
  try {
    send({ exit: await calls.track(call.env['CODEBUILD_BUILD_ID'] ?? '', running, interrupt) });
  } catch (error) {
    send({ stderr: `the stand-in program failed: ${error instanceof Error ? error.stack : String(error)}\n` });
    send({ exit: 70 });
  }
  response.end();
}
