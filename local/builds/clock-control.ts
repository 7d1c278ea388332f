import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DrillClock } from '../clock';
import type { ControlHandler } from '../endpoint';
import type { OpenCalls } from './open-calls';

/**
 * Sleeping for the processes of builds, at `/_clock/sleep?ms=<milliseconds>&build=<id>`: the answer comes when the drill's
 * clock has passed that long. The build's own work is what sleeps; a caller that hangs up has stopped sleeping, which
 * one that says `&interruptible` does on SIGTERM.
 */
export function clockControl(clock: DrillClock, calls: OpenCalls): Readonly<Record<string, ControlHandler>> {
  return {
    '/_clock/sleep': async (request: IncomingMessage, response: ServerResponse) => {
      const query = new URL(request.url ?? '', 'http://127.0.0.1').searchParams;
      const hangUp = new AbortController();
      response.once('close', () => hangUp.abort(new Error('the sleeper has hung up')));
      const slept = clock.sleep(Number(query.get('ms')), hangUp.signal);
      try {
        await calls.track(query.get('build') ?? '', slept, query.has('interruptible') ? () => slept : undefined);
      } catch (error) {
        if (!hangUp.signal.aborted) throw error;
        return;
      }
      response.writeHead(204).end();
    },
  };
}
