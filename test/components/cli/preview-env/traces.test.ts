import { expect, test } from "vitest";
import { parseTraces } from "../../../../components/cli/preview-env/traces.mts";

const printed = `folder /var/lib/berth/shop-preview-a /var/lib/berth/shop-preview-a
container 4f1c shop-preview-a-app-1a2b3c
volume shop-preview-a-data shop-preview-a-data
unlabelled shop-preview-a-nginx-maintenance shop-preview-a-nginx-maintenance
unlabelled shop-preview-a-b-nginx-maintenance shop-preview-a-b-nginx-maintenance
image shop-preview-a/app:1 shop-preview-a/app:1
route shop-preview-a shop-preview-a
`;

const found = (stacks: string[], more = "") => parseTraces(printed + more, "shop-preview-a", stacks);
const names = (traces: ReturnType<typeof found>) => traces.map(({ kind, name }) => `${kind} ${name}`);

test("everything of a stack is found, in the order in which it can be removed", () => {
  expect(names(found(["shop-preview-a", "shop-preview-a-b"]))).toEqual([
    "container shop-preview-a-app-1a2b3c",
    "volume shop-preview-a-data",
    "volume shop-preview-a-nginx-maintenance",
    "route shop-preview-a",
    "folder /var/lib/berth/shop-preview-a",
    "image shop-preview-a/app:1",
  ]);
  expect(found([])[0]).toEqual({ kind: "container", reference: "4f1c", name: "shop-preview-a-app-1a2b3c" });
});

test("a volume without labels belongs to the stack with the longer name, in the state or on the server", () => {
  const ofOther = "volume shop-preview-a-b-nginx-maintenance";
  expect(names(found(["shop-preview-a", "shop-preview-a-b"]))).not.toContain(ofOther);
  expect(names(found([], "stack - shop-preview-a-b\n"))).not.toContain(ofOther);
  expect(names(found(["shop-preview-a", "shop-prod"]))).toContain(ofOther);
});
