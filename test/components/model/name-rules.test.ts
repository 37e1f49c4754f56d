import { describe, expect, test } from "vitest";
import {
  containerProblems,
  imageProblems,
  networkProblems,
  stackProblems,
  volumeProblems,
} from "../../../components/model/name-rules";

const id = { project: "shop", stack: "prod" };

describe("F28: the names of project and stack", () => {
  test.each([
    ["shop", "prod"],
    ["my_app", "prod-2"],
    ["my.app", "a__b"],
    ["1", "2"],
  ])("%s and %s are valid in image names", (project, stack) => {
    expect(stackProblems({ project, stack })).toEqual([]);
  });

  test.each(["Prod", "prod_", "-prod", "a..b", "a___b", "köln", ".prod"])("%s is refused with the rule", (name) => {
    for (const kind of ["project", "stack"] as const) {
      const [problem = "", ...others] = stackProblems({ ...id, [kind]: name });
      expect(problem).toContain(`The name of the ${kind}, "${name}", cannot be used`);
      expect(problem).toContain("lower-case letters, digits and single . _ -");
      expect(problem).toMatch(kind === "stack" ? /pulumi stack init/ : /Pulumi\.yaml/);
      expect(others).toEqual([]);
    }
  });

  test("are refused if the image name of the release is too long", () => {
    expect(stackProblems({ project: "a".repeat(200), stack: "b".repeat(46) })).toEqual([]);
    expect(stackProblems({ project: "a".repeat(200), stack: "b".repeat(47) })[0]).toContain("has 256 characters");
  });
});

describe("F28: the name of", () => {
  test("an image contains lower-case letters and fits with its registry", () => {
    expect(imageProblems("backend", "shop-prod/backend")).toEqual([]);
    expect(imageProblems("Backend", "shop-prod/Backend")[0]).toContain('the image "Backend" cannot be used');
    expect(imageProblems("team/backend", "shop-prod/team/backend")).toHaveLength(1);
    expect(imageProblems("backend", `${"r".repeat(255)}/backend`)[0]).toContain("Docker allows 255");
  });

  test.each(["web", "Web", "database_network", "a.b"])("a container, network or volume may be %s", (name) => {
    expect([...containerProblems(name), ...networkProblems(name), ...volumeProblems(id, name)]).toEqual([]);
  });

  test.each(["", "my web", "_web", "web/1", "büro", "-web"])(
    "a container, network or volume may not be '%s'",
    (name) => {
      expect([...containerProblems(name), ...networkProblems(name), ...volumeProblems(id, name)]).toEqual(
        ["container", "network", "volume"].map((kind) => expect.stringContaining(`The name of the ${kind} "${name}"`)),
      );
    },
  );

  test("a container with its generated suffix fits into a DNS label", () => {
    expect(containerProblems("a".repeat(55))).toEqual([]);
    expect(containerProblems("a".repeat(56))[0]).toContain("Use at most 55");
  });

  test("a volume with project and stack fits into a folder name", () => {
    expect(volumeProblems(id, "a".repeat(245))).toEqual([]);
    expect(volumeProblems(id, "a".repeat(246))[0]).toContain("has 256 characters");
  });
});
