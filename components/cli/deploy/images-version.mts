import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isScalar, parseDocument } from "yaml";
import { Problem } from "../../model/problem.ts";
import { requireSettingsFile, type Stack } from "../project/stack.mts";

/**
 * Increases `imagesVersion` in the stack's settings file, so that all images get other tags and are built again. The file remembers it:
 * later deployments, those of others too, keep the new images.
 */
export function increaseImagesVersion(stack: Stack): void {
  const file = requireSettingsFile(stack);
  const document = parseDocument(readFileSync(file, "utf8"));
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  const config = document.get("config");
  if (!isMap(config)) throw new Problem(`${file} has no block config.`);
  const full = `${stack.project.name}:imagesVersion`;
  const key = config.has("imagesVersion") ? "imagesVersion" : full;
  const version = Number(config.get(key) ?? 1) + 1;
  if (!Number.isInteger(version)) throw new Problem(`${file}: imagesVersion must be a number.`);
  // A value that exists is replaced in place, which keeps its comment.
  const value = config.get(key, true);
  if (isScalar(value)) value.value = typeof value.value === "string" ? String(version) : version;
  else config.set(key, version);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  console.log(
    `All images are built again without the cache: imagesVersion is now ${version} in Pulumi.${stack.name}.yaml.`,
  );
}
