// Prints `yes` for a stack on a server that builds its own images, so that this machine needs no Docker: node
// builds-elsewhere.mts Pulumi.<stack>.yaml
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const [file = ""] = process.argv.slice(2);
const { config }: { config?: Record<string, unknown> } = parse(readFileSync(file, "utf8")) ?? {};
const isSet = (name: string) => Object.entries(config ?? {}).some(([key, value]) => key.endsWith(`:${name}`) && value);
if (isSet("serverHost") && !isSet("registryAddress")) console.log("yes");
