import { Argument, type Command } from "commander";
import { openStack } from "../project/stack.mts";
import { duration } from "../terminal/duration.mts";
import { define, type StackOptions } from "./define.mts";

interface Options extends StackOptions {
  message: string;
  retryAfter: number;
  allow: string[];
}

const MESSAGE = "We are working on this site. Please try again later.";

export function maintenance(berth: Command): void {
  define(berth, {
    usage: "maintenance",
    description:
      "Show visitors a maintenance page (503) in place of the site, until it is turned off. Releases nothing.",
    examples: {
      "npx berth maintenance on --stack prod": "shows the page at once",
      'npx berth maintenance on --message "Back at 18:00." --retry-after 30m --allow 203.0.113.7':
        "with your own words; the site stays open for one address",
      "npx berth maintenance off --stack prod": "ends it",
    },
  })
    .addArgument(new Argument("<state>", "turn it on or off").choices(["on", "off"]))
    .option("--message <text>", "the text of the page", MESSAGE)
    .option("--retry-after <duration>", "when visitors and programs may try again, e.g. 90s, 10m or 2h", duration, 600)
    .option("--allow <addresses...>", "addresses and small IPv4 networks that still reach the site", [])
    .action(async (state: "on" | "off", { stack, message, retryAfter, allow }: Options) => {
      const { turnOff, turnOn } = await import("../maintenance/maintenance.mts");
      const opened = await openStack(stack);
      if (state === "on") await turnOn(opened, { message, retryAfter, allow });
      else await turnOff(opened);
    });
}
