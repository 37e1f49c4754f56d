import { expect, test } from "vitest";
import { mayBeSecret, secretIn } from "../../../components/model/secrets";

test("a value that the policy refuses in an environment is never shown", () => {
  const refused = ["DATABASE_PASSWORD=mailtracker", "URL=redis://:hunter2@redis", "SALT=aB3dE5gH7jK9mN1pQ2rS4tU6"];
  for (const variable of refused) {
    const [name = "", value = ""] = variable.split("=");
    expect(secretIn(variable)).toBeDefined();
    expect(mayBeSecret(name, value)).toBe(true);
  }
});

test("a possible secret is not shown, although the policy accepts it", () => {
  expect(secretIn("TOKEN_LIFETIME=soon")).toBeUndefined();
  expect(mayBeSecret("TOKEN_LIFETIME", "soon")).toBe(true);
  expect(mayBeSecret("SENTRY_DSN", "somewhere")).toBe(true);
});

test("a plain value is shown", () => {
  expect(mayBeSecret("WORKERS", "4")).toBe(false);
  expect(mayBeSecret("RELEASE", "0a73c5cf6f84")).toBe(false);
});
