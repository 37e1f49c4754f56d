import { expect, test } from "vitest";
import { presenceById, presenceByName } from "../../../components/model/presence";

const web = { id: "c1", name: "web" };
const worker = { id: "c2", name: "worker" };

test("a deployed object is found by its id, and another one of its name is not it", () => {
  const [own, other] = [
    { Id: "c1", Name: "web" },
    { Id: "c9", Name: "worker" },
  ];
  expect(presenceById([web, worker], [own, other], [])).toEqual({
    deployed: [
      { resource: web, existing: own },
      { resource: worker, existing: undefined },
    ],
    unknown: [other],
  });
});

test("an object that is pending deletion is neither missing nor unknown", () => {
  expect(presenceById([web], [{ Id: "c1" }, { Id: "c8" }], ["c8", "c7"])).toEqual({
    deployed: [{ resource: web, existing: { Id: "c1" } }],
    unknown: [],
  });
});

test("where only names are known, they decide", () => {
  expect(presenceByName(["web", "worker"], ["web", "web-old", "left"], ["web-old"])).toEqual({
    deployed: [
      { resource: "web", existing: "web" },
      { resource: "worker", existing: undefined },
    ],
    unknown: ["left"],
  });
});
