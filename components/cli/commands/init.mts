import { type Command, Option } from "commander";
import type { InitOptions } from "../init/answers.mts";
import { CI_SYSTEMS } from "../init/ci.mts";
import { withExamples } from "./define.mts";

export function init(berth: Command): void {
  withExamples(berth.command("init"), {
    "npx berth init": "asks, and creates a project in this folder",
    "npx berth init --yes": "asks nothing: an example application with PostgreSQL, on this machine",
    "npx berth init --app backend --port 8000 --no-database --server 203.0.113.7": "for your own application",
    "npx berth init --ci github": "in a project: adds workflows for GitHub Actions",
  })
    .summary("Create a small, deployable project")
    .description(
      "Create a small, deployable project in this folder. Asks for what the options do not set; overwrites nothing.",
    )
    .option("--name <name>", "name of the project (default: the folder's name)")
    .option(
      "--app <folder>",
      "folder with your application's Dockerfile; without one, an example is created there (default: app)",
    )
    .option("--port <port>", "port your application listens on (default: 3000)")
    .option("--health <path>", "path that answers when your application is healthy (default: /)")
    .option("--database", "with PostgreSQL and daily backups")
    .option("--no-database", "without a database")
    .option("--server <host>", "name or address of an Ubuntu server (default: this machine only)")
    .option(
      "--server-user <account>",
      "account on the server: root, one that may use sudo (a password is asked for once, on a terminal), or one in the group docker (default: root)",
    )
    .option("--server-port <port>", "port of its sshd (default: 22)")
    .option("--server-key-file <path>", "private key to sign in with (default: the SSH agent)")
    .option("--server-host-key <key>", "public host key of the server, or its fingerprint, SHA256:…")
    .option("--site-name <name>", "public host name of the site (default: the server's name)")
    .option("--tls <kind>", "acme, self-signed or off (default: acme with a site name, else off)")
    .addOption(
      new Option("--ci <system>", "also write workflows: plan in review, deployment, nightly checks, updates").choices(
        CI_SYSTEMS,
      ),
    )
    .option("-y, --yes", "ask nothing and use the defaults")
    .action(async (options: InitOptions) => {
      const { init: write } = await import("../init/init.mts");
      await write(process.cwd(), options);
    });
}
