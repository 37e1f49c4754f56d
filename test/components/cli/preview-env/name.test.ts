import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayBePreview, nameOfStack, previewName, stackOf } from "../../../../components/cli/preview-env/name.mts";

describe("the name of a preview environment", () => {
  test("is the text itself if it may be a name", () => {
    for (const text of ["pr-17", "a", "login2", "a".repeat(30)]) expect(previewName(text)).toBe(text);
  });

  test("is made from a branch, with a hash", () => {
    expect(previewName("feature/Login_2")).toMatch(/^feature-login-2-[0-9a-f]{6}$/);
    expect(previewName("a".repeat(31))).toMatch(/^a{23}-[0-9a-f]{6}$/);
    expect(previewName("ÄÖ/ü")).toMatch(/^[0-9a-f]{6}$/);
  });

  test("differs between branches that look alike", () => {
    const names = ["feature/login", "feature_login", "Feature/Login", "feature-login", "-feature-login"].map(
      previewName,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("is valid for every text, and the name of a name is itself", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = previewName(text);
        expect(name).toMatch(/^(?=.{1,30}$)[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(previewName(name)).toBe(name);
      }),
    );
  });

  test("is in the name of its stack", () => {
    expect(stackOf("pr-17")).toBe("preview-pr-17");
    expect(nameOfStack("preview-pr-17")).toBe("pr-17");
    expect(["preview-pr-17", "preview-", "preview", "preview-A", "prod"].filter(mayBePreview)).toEqual([
      "preview-pr-17",
    ]);
  });
});
