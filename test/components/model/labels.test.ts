import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, test } from "vitest";
import {
  fillLabels,
  LABELS,
  labelArgs,
  labelIn,
  labelsIn,
  ownLabels,
  withLabels,
} from "../../../components/model/labels";

const FILES = readdirSync("components", { recursive: true, withFileTypes: true })
  .filter(
    (entry) => entry.isFile() && /\.(m?ts|sh|conf)$/.test(entry.name) && !entry.parentPath.includes("node_modules"),
  )
  .map((entry) => join(entry.parentPath, entry.name));

/**
 * A label's full name. `berth.stack` and the like are functions too, in documentation; a label is quoted or used as a
 * filter.
 */
const SPELLED = [
  new RegExp(
    `berth\\.(${Object.keys(LABELS)
      .filter((name) => name !== "stack")
      .join("|")}|rollback-to)\\b(?!\\()`,
  ),
  /(label[= ]|["'])berth\.[a-z$]/,
  /["'`]berth\.(["'`]|\$)/,
];

test("labels are declared in one file", () => {
  const spelling = FILES.filter((file) => SPELLED.some((form) => form.test(readFileSync(file, "utf8"))));
  expect(spelling).toEqual([join("components", "model", "labels.ts")]);
});

test("a label is read by its short name from the provider's form and from Docker's", () => {
  const args = labelArgs({ project: "shop", service: "web", healthPath: "/alive" });
  expect(args).toEqual([
    { label: "berth.project", value: "shop" },
    { label: "berth.service", value: "web" },
    { label: "berth.healthPath", value: "/alive" },
  ]);
  const there = { ...labelsIn(args), maintainer: "somebody" };
  expect(labelIn(there, "service")).toBe("web");
  expect(labelIn(there, "single")).toBeUndefined();
  expect(labelIn(null, "service")).toBeUndefined();
  expect(Object.keys(ownLabels(there))).not.toContain("maintainer");
  // Secret labels are one text.
  expect(labelsIn("[secret]")).toEqual({});
});

describe("a shell script's preamble", () => {
  test("contains the labels it uses, and no others", () => {
    expect(withLabels("echo")).toBe("echo");
    const script = `printf '%s ' "$label_rollback_to" "\${label_health_path}" "{{.Label \\"$label_command\\"}}"`;
    const { stdout } = execaSync("sh", ["-c", withLabels(script)]);
    expect(stdout).toBe('berth.rollback-to berth.healthPath {{.Label "berth.command"}} ');
  });

  test("contains of_stack, which matches resources of the stack only", () => {
    const script = 'docker() { printf "%s\\n" "$@"; }; project=shop stack=prod; of_stack ps --all';
    const { stdout } = execaSync("sh", ["-c", withLabels(script)]);
    expect(stdout.split("\n")).toEqual([
      "ps",
      "--all",
      "--filter",
      "label=berth.project=shop",
      "--filter",
      "label=berth.stack=prod",
    ]);
  });

  test("rejects a label that Berth does not have", () => {
    expect(() => withLabels('echo "$label_servce"')).toThrow(/label servce/);
  });

  test.each(FILES.filter((file) => file.endsWith(".sh")))("defines all that %s uses", (file) => {
    expect(() => withLabels(readFileSync(file, "utf8"))).not.toThrow();
  });
});

test("the drop-in of a server uses the label of containers that join a sandbox", () => {
  const dropIn = fillLabels(readFileSync("components/host/scripts/docker-service.conf", "utf8"));
  expect(dropIn).toContain("docker ps -aq --filter label=berth.joins --filter status=exited");
  expect(dropIn).not.toContain("$label_");
});
