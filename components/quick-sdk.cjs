// Loaded before the program (nodeargs in Pulumi.yaml): takes out of Pulumi's SDK what takes time and is of no use here.
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) => {
  // npm's whole installer, for programs that send functions to the cloud: a third of the start. Loaded when first used.
  if (request === "@npmcli/arborist") {
    return new Proxy({ __esModule: true }, { get: (own, name) => own[name] ?? load(request, ...rest)[name] });
  }
  const loaded = load(request, ...rest);
  if (/(^|\/)debuggable(\.js)?$/.test(request) && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) untraced(loaded);
  return loaded;
};

const changed = new WeakSet();

/** Each promise remembers where it was made, for a search for leaks: half of the time of a program with 200 resources. */
function untraced(debuggable) {
  const { debuggablePromise } = debuggable;
  if (!debuggablePromise || changed.has(debuggable)) return;
  changed.add(debuggable);
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
