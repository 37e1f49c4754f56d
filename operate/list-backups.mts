// Reads the backups of a stack, {"local": […], "offsite": […]} as restic lists them, and prints a line each, the newest first.
import { text } from "node:stream/consumers";
import { type Listed, linesOf } from "./backups.mts";

console.log(linesOf(JSON.parse(await text(process.stdin)) as Listed).join("\n"));
