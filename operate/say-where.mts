// Says where a stack runs and how to sign in: say-where.mts <stack>, with what `pulumi stack output --json` prints on standard input.
import { text } from "node:stream/consumers";

const [stack = "dev"] = process.argv.slice(2);
const { url, adminUser } = JSON.parse(await text(process.stdin)) as { url: string; adminUser?: string };
console.log(`\nThe stack ${stack} runs: ${url}`);
if (adminUser) {
  const password = `make password${stack === "dev" ? "" : ` STACK=${stack}`}`;
  console.log(`Sign in as ${adminUser}; the first password: ${password}`);
}
