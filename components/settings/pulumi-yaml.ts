import { isMap, isScalar, parseDocument } from "yaml";
import { described } from "./described.ts";
import type { Setting, Settings } from "./setting.ts";

/** Replaces the settings in the block `config` of Pulumi.yaml. Pulumi's own entries, all other blocks and comments are kept. */
export function withConfig(pulumiYaml: string, settings: Settings): string {
  // Pulumi reads YAML 1.1, in which an unquoted `off` is false and `02:00` is a number.
  const document = parseDocument(pulumiYaml, { compat: "yaml-1.1" });
  if (!document.has("config")) document.set("config", document.createNode({}));
  const config = document.get("config");
  if (!isMap(config)) throw new Error("config in Pulumi.yaml is not a map");
  const pulumis = config.items.filter(({ key }) => isScalar(key) && String(key.value).includes(":"));
  const declared = Object.entries(settings).map(([name, setting]) => document.createPair(name, declaration(setting)));
  config.items = [...pulumis, ...declared];
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function declaration(setting: Setting) {
  const { default: value } = setting;
  const rest = { ...(value !== undefined && { default: value }), description: described(setting) };
  if (Array.isArray(value)) return { type: "array", items: { type: "string" }, ...rest };
  if (typeof value === "number") return { type: "integer", ...rest };
  if (typeof value === "object") return { type: "object", ...rest };
  return { type: typeof value === "boolean" ? "boolean" : "string", ...rest };
}
