#!/usr/bin/env node
// Starts the command `berth` with a Node.js that is new enough: this one, or the one that npm installed beside the package.
// Plain JavaScript that old versions can read.
const fs = require("node:fs");
const path = require("node:path");
const childProcess = require("node:child_process");

const OLDEST = [22, 18];

function isNewEnough(version) {
  const parts = version.split(".").map(Number);
  return parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1]);
}

/** The Node.js of the npm package `node`, in one of the node_modules folders above. */
function installedNode() {
  try {
    const program = path.join(path.dirname(require.resolve("node/package.json")), "bin", "node");
    const version = childProcess.execFileSync(program, ["--version"], { encoding: "utf8" }).slice(1);
    return isNewEnough(version) ? program : undefined;
  } catch (_) {
    return undefined;
  }
}

function startHere() {
  // The sources are TypeScript that Node.js reads itself; the package has them compiled.
  const compiled = path.join(__dirname, "main.mjs");
  const program = fs.existsSync(compiled) ? compiled : path.join(__dirname, "main.mts");
  if (program !== compiled) withoutRemark("MODULE_TYPELESS_PACKAGE_JSON");
  import(`file://${encodeURI(program).replace(/[?#]/g, encodeURIComponent)}`);
}

/** The sources name no module system, which Node.js remarks on at each start. */
function withoutRemark(code) {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.code !== code) console.warn(String(warning));
  });
}

function startWith(program) {
  const result = childProcess.spawnSync(program, [__filename].concat(process.argv.slice(2)), { stdio: "inherit" });
  process.exit(result.status === null ? 1 : result.status);
}

function startElsewhere(other) {
  if (other) startWith(other);
  console.error(
    "berth needs Node.js " +
      OLDEST.join(".") +
      " or later; this is " +
      process.versions.node +
      " (" +
      process.execPath +
      ").\n" +
      "Install it from https://nodejs.org, or let npm bring it: npm install node@22 (npm must be allowed to run install scripts).",
  );
  process.exit(1);
}

if (isNewEnough(process.versions.node)) startHere();
else startElsewhere(installedNode());
