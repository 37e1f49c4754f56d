import { readFileSync } from "node:fs";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { withPreamble } from "../../../components/model/preamble";

const [newest, record] = ["newest", "record"].map((name) =>
  readFileSync(`components/release/scripts/${name}.sh`, "utf8").replace('main "$@"', ""),
);

/** Docker 29 lists images without a tag only with --all. */
const DOCKER = `docker() {
  case "$*" in
    *"{{.ID}} {{.Repository}}"*)
      echo sha256:1 shop-prod/web t1 "<none>"
      echo sha256:9 other/web t1 "<none>"
      case "$*" in *--all*) echo sha256:2 registry.example.org/shop-prod/web "<none>" sha256:d2; echo sha256:3 "<none>" "<none>" "<none>" ;; esac ;;
  esac
}`;

test("images of the stack are those with its name, also without a tag, as of a registry", () => {
  const script = withPreamble(`${newest}${record}\n${DOCKER}\nstack=shop-prod; own_images`);
  expect(execaSync("sh", ["-c", script]).stdout.split("\n")).toEqual([
    "sha256:1 shop-prod/web:t1",
    "sha256:2 registry.example.org/shop-prod/web@sha256:d2",
  ]);
});
