import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fillLabels, LABELS, labelArgs, labelIn, labelsIn, ownLabels } from "../../../components/model/labels";

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
  // berth.lock is a file.
  /(label[= ]|["'])berth\.(?!lock["'])[a-z$]/,
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

test("the drop-in of a server uses the label of containers that join a sandbox", () => {
  const dropIn = fillLabels(readFileSync("components/host/scripts/docker-service.conf", "utf8"));
  expect(dropIn).toContain("docker ps -aq --filter label=berth.joins --filter status=exited");
  expect(dropIn).not.toContain("$label_");
});
