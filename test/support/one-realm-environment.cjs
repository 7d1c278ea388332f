const { createRequire } = require('node:module');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Where aws-sdk-client-mock keeps its stubs. */
const SINON = createRequire(require.resolve('aws-sdk-client-mock')).resolve('sinon');

/**
 * What a test file finds as its globals: those of the worker itself, which are as they were again when it has ended (see
 * one-realm-runtime.cjs). Packages are shared, so clients of the SDK that a file has mocked are set right, too.
 */
module.exports = class OneRealmEnvironment {
  constructor({ projectConfig }) {
    this.before = {
      symbols: new Set(Object.getOwnPropertySymbols(globalThis)),
      environment: { ...process.env },
      exit: process.exit,
      exitCode: process.exitCode,
      console: globalThis.console,
    };
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** There is none: the runtime compiles without one. */
  getVmContext() {
    return null;
  }

  async setup() {}

  async teardown() {
    const { symbols, environment, exit, exitCode, console } = this.before;
    this.fakeTimersModern.dispose();
    require.cache[SINON]?.exports.restore();
    // Jest keeps the state and the listeners of a test file under symbols of the global object.
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (!symbols.has(symbol)) Reflect.deleteProperty(globalThis, symbol);
    }
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    Object.assign(process, { exit, exitCode });
    globalThis.console = console;
  }
};
