/**
 * Whether tests run that take long and need nothing else: whole drills as processes that are killed, every case of a
 * table of which `npm test` takes a part. `npm run check` and CI set it.
 */
export const LONG = Boolean(process.env['LONG']);

/** What the name of a test that was left out says. */
export const LONG_OBSTACLE = 'run with LONG=1 to include it';
