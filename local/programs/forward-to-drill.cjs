/**
 * The body of the stand-in programs, `node forward-to-drill.cjs <name> <arguments>`: forwards the call to the drill's process, which holds the simulated world, and plays
 * back what the program writes. See local/builds/program-control.ts for the protocol.
 */
const { request } = require('node:http');
const { createInterface } = require('node:readline');

function forwardToDrill(name, args) {
  const { DRILL_WORLD_URL } = process.env;
  const fail = (problem) => {
    process.stderr.write(`${name}: this is the local drill's stand-in; ${problem}\n`);
    process.exitCode = 69;
  };
  if (!DRILL_WORLD_URL) return fail('it runs only inside a local drill, which sets DRILL_WORLD_URL');

  const call = request(`${DRILL_WORLD_URL}/_programs/${name}`, { method: 'POST' });
  call.write(`${JSON.stringify({ args, cwd: process.cwd(), env: process.env })}\n`);
  // A second signal changes nothing: the program is stopping already.
  const forward = (signal) => call.write(`${JSON.stringify({ signal })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, forward).on(signal, () => {});

  call.on('error', (error) => fail(`the drill's process does not answer (${error.message})`));
  call.on('response', (response) => {
    let ended = false;
    const lines = createInterface({ input: response });
    lines.on('line', (line) => {
      const { stdout, stderr, exit } = JSON.parse(line);
      if (stdout) process.stdout.write(stdout);
      if (stderr) process.stderr.write(stderr);
      if (exit === undefined) return;
      ended = true;
      process.exitCode = exit;
      call.end();
    });
    lines.on('error', () => {});
    response.on('close', () => ended || fail("the drill's process went away"));
  });
}

forwardToDrill(process.argv[2], process.argv.slice(3));
