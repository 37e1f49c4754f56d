import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { withPreamble } from "../../../../components/model/preamble";

/** A server that sends from the first of two addresses of its interface `lo`, whose MTU every machine has. */
const IP = `ip() {
  case "$*" in
    "-4 route get"*) echo "192.0.2.1 via 10.0.0.1 dev lo src 10.0.0.2 uid 0" ;;
    "-o addr show to 10.0.0."[27]) echo "2: lo    inet 10.0.0.2/24 scope global lo" ;;
    "-o addr show to"*) ;;
    "-4 -o addr show dev lo scope global") printf '2: lo    inet %s scope global lo\\n' 10.0.0.2/24 10.0.0.7/32 ;;
  esac
}
`;
const SCRIPT = withPreamble(IP + readFileSync("components/remote/scripts/swarm-facts.sh", "utf8"));

test.each([
  ["", 0, /^10\.0\.0\.2 \d+ (yes|no)$/],
  ["10.0.0.2", 0, /^10\.0\.0\.2 \d+ (yes|no)$/],
  ["10.0.0.7", 3, /^10\.0\.0\.2$/],
  ["10.0.0.9", 1, /^$/],
])("the address %j of a server for the others ends with exit code %i", (address, status, printed) => {
  const { exitCode, stdout } = execaSync("sh", ["-c", SCRIPT, "sh", "shop", "prod", address], { reject: false });
  expect([exitCode, stdout]).toEqual([status, expect.stringMatching(printed)]);
});
