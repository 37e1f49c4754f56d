import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = "components/metrics";
const dashboard = JSON.parse(readFileSync(`${FOLDER}/grafana/berth-stack.json`, "utf8"));
const queries: string[] = dashboard.panels.flatMap((panel: { targets?: { expr: string }[] }) =>
  (panel.targets ?? []).map(({ expr }) => expr),
);

test("the dashboard shows only metrics of Berth that exist, of the chosen stack", () => {
  const families = ["containers", "requests", "backups", "jobs"].flatMap((kind) =>
    [...readFileSync(`${FOLDER}/scripts/${kind}.sh`, "utf8").matchAll(/^ {2}family (\S+)/gm)].map(([, name]) => name),
  );
  const used = queries.flatMap((query) => query.match(/berth_\w+/g) ?? []);
  expect(used.length).toBeGreaterThan(10);
  expect(used.map((name) => name.replace(/_bucket$/, "")).filter((name) => !families.includes(name))).toEqual([]);
  expect(queries.filter((query) => !query.includes('job="$job"'))).toEqual([]);
});

test("its panels have different ids and do not overlap", () => {
  const ids = dashboard.panels.map(({ id }: { id: number }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const cells = dashboard.panels.flatMap(
    ({ gridPos: { x, y, w, h } }: { gridPos: Record<"x" | "y" | "w" | "h", number> }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
