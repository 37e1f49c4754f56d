#!/usr/bin/env node
// Starts the command `berth` with a recent Node.js: the current one, or the npm package `node` installed beside Berth.
// Plain JavaScript, so that old versions of Node.js can run it.
const fs = require("node:fs");
const path = require("node:path");
const childProcess = require("node:child_process");

const OLDEST = [22, 18];

function isNewEnough(version) {
  const parts = version.split(".").map(Number);
  return parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1]);
}

/** The Node.js of the npm package `node`; undefined if it is missing or too old. */
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
  // The published package has compiled sources. In the repository, Node.js runs the TypeScript.
  const compiled = path.join(__dirname, "main.mjs");
  const program = fs.existsSync(compiled) ? compiled : path.join(__dirname, "main.mts");
  if (program !== compiled) withoutWarning("MODULE_TYPELESS_PACKAGE_JSON");
  import(`file://${encodeURI(program).replace(/[?#]/g, encodeURIComponent)}`);
}

/** Hides Node.js's warning that package.json does not name a module system. */
function withoutWarning(code) {
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
      "Install it from https://nodejs.org, or with npm: npm install node@22 (npm must be allowed to run install scripts).",
  );
  process.exit(1);
}

if (isNewEnough(process.versions.node)) startHere();
else startElsewhere(installedNode());
