import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Ipv6Network } from "../servers/ipv6-network";
import { StandInServer } from "../servers/server";
import { DoorVisitor } from "../support/door-visitor";
import { SmallProject } from "../support/small-project";
import { succeeded } from "../support/succeeded";

let network: Ipv6Network;
let server: StandInServer;
/** The server's only address that Berth and the visitors know. */
let address: string;
const projects: SmallProject[] = [];

function project(name: string, own: Record<string, unknown>): SmallProject {
  const made = new SmallProject({ ...server.settings, serverHost: address, ...own });
  made.edit("Pulumi.yaml", (text) => text.replace(/^name: .*$/m, `name: ${name}`));
  made.edit(`Pulumi.${made.stack}.yaml`, (text) => text.replaceAll("guestbook:", `${name}:`));
  projects.push(made);
  return made;
}

async function logOf(name: string): Promise<string> {
  const words = ["--quiet", "--filter", `label=berth.project=${name}`, "--filter", "label=berth.joins"];
  return server.docker("logs", await server.docker("ps", ...words));
}

beforeAll(async () => {
  network = await Ipv6Network.create();
  // The oldest Docker that tells sites the addresses of visitors over IPv6 is 27.
  server = await StandInServer.start({ name: "ipv6", engine: "forky" });
  address = await network.join(server.container);
});

afterAll(async () => {
  await server?.stop();
  await network?.remove();
  for (const one of projects) one.remove();
});

describe("a server that is reached over IPv6 only", () => {
  let site: SmallProject;

  test("is prepared and deployed to by its address, which is the site's too", async () => {
    site = project("six", { httpAddress: "0.0.0.0,::" });
    const output = await succeeded(site.berth("up"));
    expect(output).toContain(`http://[${address}]`);
    const page = await fetch(`http://[${address}]/`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("It runs")]);
  });

  test("is asked by the commands of every day", async () => {
    expect(await succeeded(site.berth("status"))).toMatch(/^Site: .* answers 200$/m);
    expect(await succeeded(site.berth("drift"))).toContain("The stack test is as it was deployed.");
    expect(await succeeded(site.berth("logs", "nginx"))).not.toBe("");
    await succeeded(site.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes"));
  });

  test("frees its port again", async () => {
    await succeeded(site.berth("down", "--yes"));
    await expect(fetch(`http://[${address}]/`)).rejects.toThrow();
  });
});

describe("a site behind the front door", () => {
  const name = "site.test";
  let site: SmallProject;
  let visitor: DoorVisitor;

  test("sees a visitor over IPv6 by his own address", async () => {
    site = project("behind-door", { siteName: name, tls: "self-signed", frontDoor: true });
    await succeeded(site.berth("up"));
    visitor = new DoorVisitor({ http: 80, https: 443 }, address);
    expect((await visitor.ask(name)).status).toBe(200);
    expect(await logOf("behind-door")).toContain(`"client":"${network.gateway}"`);
  });

  test("admits visitors by addresses of IPv6", async () => {
    const allow = (network: string) =>
      site.edit(
        `Pulumi.${site.stack}.yaml`,
        (text) =>
          `${text.replace(/ {2}behind-door:allowAddresses:.*\n/, "")}  behind-door:allowAddresses: ["/ ${network}"]\n`,
      );
    allow("2001:db8::/32");
    await succeeded(site.berth("up"));
    expect((await visitor.ask(name)).status).toBe(403);
    allow(`${network.gateway}/64`);
    await succeeded(site.berth("up"));
    expect((await visitor.ask(name)).status).toBe(200);
  });
});
