// Loaded before the program (nodeargs in Pulumi.yaml). Pulumi's SDK loads npm's whole installer at every start, for
// programs that send functions to the cloud; ours never do. Here it is loaded when first used: a third less of the start.
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) =>
  request === "@npmcli/arborist"
    ? new Proxy({ __esModule: true }, { get: (own, name) => own[name] ?? load(request, ...rest)[name] })
    : load(request, ...rest);
