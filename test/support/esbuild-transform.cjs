const { transformSync, version } = require('esbuild');
const crypto = require('node:crypto');
const { readFileSync } = require('node:fs');

const SELF = readFileSync(__filename, 'utf8');

module.exports = {
  process: (source, file) => ({
    code: transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      // Jest's modules cannot use import(); as require() they load the same file.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
      sourcefile: file,
    }).code,
  }),
  getCacheKey: (source, file, options) =>
    crypto
      .createHash('sha1')
      .update(source + file + options.configString + version + SELF)
      .digest('hex'),
};
