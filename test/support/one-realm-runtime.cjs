const { createRequire, isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/**
 * Jest's runtime without a context of its own for each test file. Jest compiles every package anew in every file
 * (aws-cdk-lib alone takes half a second), and code in a `vm` context runs at half its speed, as each global goes through
 * an interceptor. Here a package is loaded once per worker, by Node, and everything runs in the worker's own realm. Our
 * own modules are still loaded anew for each file, so no state of ours passes from one to the next.
 */
module.exports = class OneRealmRuntime extends Runtime {
  constructor(...parts) {
    super(...parts);
    const { executor } = this;
    executor.compile = (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModule(from, moduleName, options, isRequireActual) {
    if (options?.isInternalModule && moduleName === 'node:async_hooks') return { AsyncLocalStorage: StorageOfOneTest };
    if (isPackage(moduleName)) return createRequire(from)(moduleName);
    return super.requireModule(from, moduleName, options, isRequireActual);
  }
};

function isPackage(name) {
  return name !== undefined && /^[^./]/.test(name) && !isBuiltin(name);
}

/**
 * Where Jest notes which test runs. Tests of a file run one after the other, so a variable does it; Node's own storage
 * follows every promise, and on Node 20 that costs a tenth of all tests' time, growing with each file.
 */
class StorageOfOneTest {
  getStore() {
    return this.store;
  }

  run(store, callback) {
    const before = this.store;
    const restore = () => {
      this.store = before;
    };
    this.store = store;
    let result;
    try {
      result = callback();
    } finally {
      if (typeof result?.finally !== 'function') restore();
    }
    return typeof result?.finally === 'function' ? result.finally(restore) : result;
  }
}
