import { expect, test } from "vitest";
import { scopedNameOf, shortName, stackNameOf } from "../../../components/model/names";

const id = { project: "shop", stack: "prod" };

test("a name on a server begins with project and stack, and is shown without them", () => {
  expect(stackNameOf(id)).toBe("shop-prod");
  expect(scopedNameOf(id, "web-1")).toBe("shop-prod-web-1");
  expect(shortName(id, "shop-prod-web-1")).toBe("web-1");
});

test("a name without the prefix of its stack is shown unchanged", () => {
  expect(shortName(id, "web-shop-prod-1")).toBe("web-shop-prod-1");
  expect(shortName(id, "shop-production-web-1")).toBe("shop-production-web-1");
});
