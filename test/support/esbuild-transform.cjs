const { transformSync, version } = require('esbuild');
const crypto = require('node:crypto');

module.exports = {
  process: (source, file) => ({
    code: transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: file,
    }).code,
  }),
  getCacheKey: (source, file, options) =>
    crypto
      .createHash('sha1')
      .update(source + file + options.configString + version)
      .digest('hex'),
};
