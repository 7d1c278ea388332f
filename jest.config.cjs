/** One transform (esbuild, which bundling needs anyway); types are checked by `npm run typecheck`. */
module.exports = {
  testEnvironment: '<rootDir>/test/support/one-realm-environment.cjs',
  runtime: '<rootDir>/test/support/one-realm-runtime.cjs',
  globalSetup: '<rootDir>/test/support/begin-run.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transform.cjs' },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  testTimeout: 30_000,
  // Jest leaves one core idle by default; of two that is half of them.
  maxWorkers: '100%',
};
