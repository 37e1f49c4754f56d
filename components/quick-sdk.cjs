// Loaded before the program (nodeargs in Pulumi.yaml): takes out of Pulumi's SDK what takes time and is of no use here.
const Module = require("node:module");

/** Loaded when first used: npm's whole installer, for programs that send functions to the cloud, and what programs drive Pulumi with. */
const LATE = ["@npmcli/arborist", "./automation"];

const load = Module._load;
Module._load = (request, parent, ...rest) => {
  if (LATE.includes(request) && (request.startsWith("@") || isSdk(parent))) {
    return new Proxy({ __esModule: true }, { get: (own, name) => own[name] ?? load(request, parent, ...rest)[name] });
  }
  const loaded = load(request, parent, ...rest);
  if (/(^|\/)debuggable(\.js)?$/.test(request) && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) untraced(loaded);
  if (/(^|\/)resource(\.js)?$/.test(request) && isSdk(parent)) unplaced(loaded);
  if (/(^|\/)log$/.test(request) && isSdk(parent)) quiet(loaded);
  return loaded;
};

function isSdk(parent) {
  return /[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "");
}

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

/** Each resource tells the engine in which line it was made, which only Pulumi's own service shows. */
function unplaced({ Resource }) {
  if (Resource?.callsites) Resource.callsites = () => [];
}

/** Four calls of the engine a resource say that it is being registered, which is shown to nobody but with --debug. */
function quiet(log) {
  if (changed.has(log)) return;
  changed.add(log);
  const { debug } = log;
  log.debug = (message, ...rest) => (/^Register/.test(message) ? Promise.resolve() : debug(message, ...rest));
}
