import { toolPort } from "../kinds.ts";
import { type Form, type Setting, type Settings, setting } from "../setting.ts";
import { generatedSecret, secretVersion } from "./generated-secret.ts";

/** Settings for the access to a server that keeps data: its port for tools, and the application's password. */
export type AccessSettings<Prefix extends string> = Record<`${Prefix}Port`, Setting<Form<number | undefined>>> &
  Record<`${Prefix}Password`, Setting<Form<string | undefined>>> &
  Record<`${Prefix}PasswordVersion`, Setting<Form<number>>>;

/** Declares them for a product such as PostgreSQL. */
export function accessSettings<Prefix extends string>(prefix: Prefix, product: string): AccessSettings<Prefix>;
export function accessSettings(prefix: string, product: string): Settings {
  return {
    [`${prefix}Port`]: setting(toolPort, {
      default: 0,
      description: `Port on the server's loopback address that gives tools access to ${product}. 0: none.`,
    }),
    [`${prefix}Password`]: generatedSecret(12, `The application's password for ${product}`),
    [`${prefix}PasswordVersion`]: secretVersion(
      `Increase it to rotate the password for ${product}: with a new ${prefix}Password, or for another generated one. No downtime.`,
    ),
  };
}
