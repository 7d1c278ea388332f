/**
 * Runs a program of this package: `node bin/launch.cjs bench/interpreter.ts <arguments>`. Its TypeScript is bundled to one
 * text first, a fraction of a second's work, as the hundreds of files one by one take longer to find, transform and load.
 * Packages stay outside. Two things hold in every bundle: the folder of the package is `__dirname` (root.ts), and no
 * module is the main one, so that the build steps in it do not start themselves.
 */
const { buildSync } = require('esbuild');
const Module = require('node:module');
const { join, parse } = require('node:path');

const ROOT = join(__dirname, '..');

/** @param {string} program a path from the folder of the package @param {string[]} args */
function launch(program, args) {
  const file = join(ROOT, `${parse(program).name}.cjs`);
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, program)],
    outfile: file,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { __dirname: JSON.stringify(ROOT), 'require.main': 'undefined' },
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
  });
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, file, ...args];
  // As if it were a file in the package's folder; nothing is written, so the checkout may be anybody's.
  const bundle = Object.assign(new Module(file), { filename: file, paths: [join(ROOT, 'node_modules')] });
  // oxlint-disable-next-line no-underscore-dangle -- Node's own loaders of other languages have no other way either.
  bundle._compile(outputFiles[0].text, file);
}

module.exports = { launch };
if (require.main === module) launch(process.argv[2], process.argv.slice(3));
