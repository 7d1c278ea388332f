/** One transform (esbuild, which bundling needs anyway); types are checked by `npm run typecheck`. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  transform: { '\\.ts$': '<rootDir>/test/support/esbuild-transform.cjs' },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  testTimeout: 30_000,
  // Jest leaves one core idle by default; of two that is half of them.
  maxWorkers: '100%',
};
