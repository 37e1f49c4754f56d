import { expect, test } from "vitest";
import { renameProblem } from "../../../../components/cli/deploy/renamed.mts";
import { parseState } from "../../../../components/model/state";

const TYPE = "docker:index/volume:Volume";

function stateOf(...volumes: [parents: string, name: string, onServer: string][]) {
  const resources = volumes.map(([parents, name, onServer]) => ({
    urn: `urn:pulumi:live::shop::${parents}${TYPE}::${name}`,
    type: TYPE,
    outputs: { name: onServer },
  }));
  return parseState(JSON.stringify({ deployment: { resources } }));
}

const OWN = "berth:data:Postgres$berth:data:Volume$";

test("F41: a renamed stack is refused before it is deployed on empty volumes, with its former name", () => {
  const problem = renameProblem(
    stateOf([OWN, "data", "shop-prod-data"], ["berth:data:Volume$", "files", "shop-prod-files"]),
    {
      project: "shop",
      stack: "live",
    },
  );
  expect(problem).toContain("in the volumes of shop-prod (shop-prod-data, shop-prod-files)");
  expect(problem).toContain("pulumi stack rename prod --stack live");
  expect(problem).toContain("Nothing was changed");
});

test("F41: a renamed project is refused as well", () => {
  const problem = renameProblem(stateOf([OWN, "data", "shop-prod-data"]), { project: "store", stack: "prod" });
  expect(problem).toContain("Rename project and stack back.");
});

test("F41: a stack with its own name, and volumes that Berth does not name, are accepted", () => {
  const id = { project: "shop", stack: "prod" };
  expect(renameProblem(stateOf([OWN, "data", "shop-prod-data"], ["", "cache", "cache"]), id)).toBeUndefined();
  expect(renameProblem(stateOf(), id)).toBeUndefined();
});
