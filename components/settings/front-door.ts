import { isIP } from "node:net";
import type { RawSettings } from "./kinds.ts";
import { asText } from "./setting.ts";
import { siteSettings } from "./standard/site.ts";

/** Errors in the settings of a site behind the front door, a sentence each: it has ports of its own, and finds a site by its name. */
export function frontDoorProblems(raw: RawSettings, howToSet: (name: string) => string): string[] {
  if (raw["frontDoor"] !== "true") return [];
  const { httpPort, httpsPort } = siteSettings;
  const own = [
    ...Object.entries({ httpPort, httpsPort }).flatMap(([name, { default: value = "" }]) =>
      raw[name] === asText(value) ? [] : [name],
    ),
    // `berth init` may have written both families.
    ...(/^(0\.0\.0\.0|::|[, ])+$/.test(raw["httpAddress"] ?? "0.0.0.0") ? [] : ["httpAddress"]),
  ].map(
    (name) =>
      `${name} has no effect, as frontDoor is true: the front door listens on ports 80 and 443 of all addresses (pulumi config rm ${name})`,
  );
  return [...own, ...proxies(raw), ...siteName(raw["siteName"], howToSet)];
}

function proxies({ trustedProxies = "[]" }: RawSettings): string[] {
  if (trustedProxies === "[]") return [];
  return [
    "trustedProxies cannot be used, as frontDoor is true: nginx takes the visitor's address from the front door (pulumi config rm trustedProxies, or set frontDoor to false)",
  ];
}

function siteName(name: string | undefined, howToSet: (name: string) => string): string[] {
  if (name && isIP(name) === 0) return [];
  const wrong = name ? `is an address, ${name}` : "is missing";
  return [
    `siteName ${wrong}, but frontDoor is true: the front door finds the site by its name (${howToSet("siteName")})`,
  ];
}
