/**
 * Puts a build's Node processes on the drill's clock, without their knowledge: `Date` reads the drill's time from a small
 * file, and sleeping by `timers/promises` (adapters/system-clock.ts) asks the drill to wake it. The global timers stay
 * real: the SDK measures its timeouts and retries with them.
 */
const { DRILL_CLOCK_FILE, DRILL_WORLD_URL, CODEBUILD_BUILD_ID = '' } = process.env;

if (DRILL_CLOCK_FILE && DRILL_WORLD_URL) {
  patchDate(DRILL_CLOCK_FILE);
  patchSleep(DRILL_WORLD_URL);
}

function patchDate(path) {
  const { openSync, readSync } = require('node:fs');
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(8);
  const now = () => {
    readSync(file, bytes, 0, 8, 0);
    return bytes.readDoubleLE();
  };
  const RealDate = Date;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, type) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], type === Date ? target : type),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = Date;
}

function patchSleep(world) {
  const timers = require('node:timers/promises');
  timers.setTimeout = (milliseconds = 1, value, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const aborted = () =>
        Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
          name: 'AbortError',
          code: 'ABORT_ERR',
        });
      if (signal?.aborted) return reject(aborted());
      // Loaded at the first sleep: most processes of a build never sleep.
      const { get } = require('node:http');
      const query = `ms=${milliseconds}&build=${encodeURIComponent(CODEBUILD_BUILD_ID)}${signal ? '&interruptible' : ''}`;
      const call = get(`${world}/_clock/sleep?${query}`, { agent: false }, (response) => {
        signal?.removeEventListener('abort', stop);
        response.resume().on('end', () => resolve(value));
      });
      const stop = () => {
        reject(aborted());
        call.destroy();
      };
      call.on('error', reject);
      signal?.addEventListener('abort', stop, { once: true });
    });
  // For ES modules that import the name.
  require('node:module').syncBuiltinESMExports();
}
