import { z } from "zod";
import { setting } from "../setting.ts";
import { generatedSecret } from "./generated-secret.ts";

/**
 * The application's first account: `adminUser` and `adminPassword`. `secretArgs(values, "adminPassword")`
 * returns the arguments of `Secret` for the password.
 */
export const adminSettings = {
  adminUser: setting(z.string().regex(/^[\w.@+-]{1,150}$/, "must be 1 to 150 letters, digits or @.+-_"), {
    default: "admin",
    description: "User name of the first account, an administrator.",
  }),
  adminPassword: generatedSecret(12, "Initial password of adminUser"),
};
