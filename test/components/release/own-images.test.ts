import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";

const [own, sweep] = ["own-images", "sweep-images"].map((name) =>
  readFileSync(`components/release/scripts/${name}.sh`, "utf8"),
);

/** Docker 29 lists images without a tag only with --all. */
const DOCKER = `docker() {
  case "$*" in
    *"{{.ID}} {{.Repository}}"*)
      echo sha256:1 shop-prod/web t1 "<none>"
      echo sha256:9 other/web t1 "<none>"
      case "$*" in *--all*) echo sha256:2 registry.example.org/shop-prod/web "<none>" sha256:d2; echo sha256:3 "<none>" "<none>" "<none>" ;; esac ;;
    "ps "*) echo container ;;
    "image rm"*) [ -z "$fails" ] || return 1; echo "$*" >&2 ;;
  esac
}
xargs() { echo sha256:1; }
fails="" project=shop stack=prod
`;

const run = (script: string) => execaSync("sh", ["-euc", withPreamble(script)], { all: true }).all.split("\n");

test("images of the stack are those with its name, also without a tag, as of a registry", () => {
  expect(run(`${own}\n${DOCKER}\nown_images shop-prod`)).toEqual([
    "sha256:1 shop-prod/web:t1",
    "sha256:2 registry.example.org/shop-prod/web@sha256:d2",
  ]);
});

test("on a server without releases, only the images that its containers use stay", () => {
  expect(run(`${own}\n${DOCKER}\n${sweep}`)).toEqual(["image rm registry.example.org/shop-prod/web@sha256:d2"]);
  expect(run(`${own}\n${DOCKER}\nfails=yes\n${sweep}`)).toEqual([
    "The old image registry.example.org/shop-prod/web@sha256:d2 cannot be removed. The next release retries.",
  ]);
  expect(run(`${own}\n${DOCKER}\nstack=test\n${sweep}`)).toEqual([""]);
});
