const { createRequire, isBuiltin } = require('node:module');
const { Script } = require('node:vm');
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
    const head = `(function(${executor.injectedModuleParameters.join(',')}){`;
    executor.compile = (source, filename) => compiled(head, source, filename).runInThisContext();
  }

  requireModule(from, moduleName, options, isRequireActual) {
    if (options?.isInternalModule && moduleName === 'node:async_hooks') return { AsyncLocalStorage: StorageOfOneTest };
    if (isPackage(moduleName)) return createRequire(from)(moduleName);
    return super.requireModule(from, moduleName, options, isRequireActual);
  }
};

/** What each module was compiled to last: the next test file gets functions of its own from the same code. */
const scripts = new Map();

function compiled(head, source, filename) {
  const known = scripts.get(filename);
  if (known?.source === source) return known.script;
  const script = new Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  scripts.set(filename, { source, script });
  return script;
}

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
