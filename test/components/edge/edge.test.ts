import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseTar } from "nanotar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as berth from "../../../components";
import { type EdgeArgs, edgeProblems } from "../../../components/edge/edge-args";
import { errorPages } from "../../../components/edge/error-pages";
import { renderNginxConf } from "../../../components/edge/nginx-conf";
import { hashed } from "../../../components/edge/password-files";
import { asciiRedirects } from "../../../components/edge/redirects";
import { sha512Crypt } from "../../../components/edge/sha512-crypt";
import { type Asked, collecting, collectOptions, type Registered, resolved } from "../../support/mocks";

const folder = mkdtempSync(join(tmpdir(), "berth-edge-"));
let registered: Registered[];
let asked: Asked[];

beforeAll(async () => {
  writeFileSync(join(folder, "not-found.html"), "<h1>A page of the site's own</h1>");
  registered = await collecting();
  await pulumi.runtime.runInPulumiStack(async () => {
    asked = collectOptions();
    const { edge } = site({
      locations: { "/media/": { files: "/srv/media" } },
      basicAuth: { "/admin/": { ada: pulumi.secret("correct horse") } },
      allow: { "/admin/": ["10.0.0.0/8"] },
      redirects: { "www.example.org": "example.org" },
      errorPages: folder,
      socketIdle: 900,
    });
    await resolved(edge.url);
    return {};
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

function site(args: Partial<EdgeArgs>) {
  return berth.stack({ settings: {} }, (stack) => {
    const networks = [new berth.Network("front", { stack })];
    const health = { command: ["true"] };
    const app = new berth.WebService("app", { networks, image: "app:1", port: 3000, health });
    return { edge: new berth.Edge("edge", { networks, image: "nginx:alpine", upstreams: { app }, ...args }) };
  });
}

/** The files a gate copies into its container, by path. */
function filesOf(gate: string): Record<string, string> {
  const stdin = String(registered.find(({ name }) => name === gate)?.inputs["stdin"]);
  return Object.fromEntries(
    stdin
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [directory, archive = ""] = line.split(" ");
        const files = parseTar(new Uint8Array(Buffer.from(archive, "base64")));
        return files.map(({ name, text }) => [`${directory}/${name}`, text]);
      }),
  );
}

describe("an edge with an official image and no template", () => {
  test("gets the configuration rendered from its arguments", () => {
    const rendered = renderNginxConf(undefined, {
      upstreams: { app: ["app-1-a1b2c3d:3000"] },
      releases: { app: "1" },
      locations: { "/media/": { files: "/srv/media" } },
      passwords: { "/admin/": "/run/secrets/passwords-1" },
      allow: { "/admin/": ["10.0.0.0/8"] },
      redirects: { "www.example.org": "example.org" },
      socketIdle: 900,
    });
    expect(filesOf("edge-healthy")["/etc/nginx/nginx.conf"]).toBe(rendered);
  });

  test("gets the package's error pages, and the site's own pages instead where given", () => {
    const files = filesOf("edge-healthy");
    const pages = ["unauthorized", "forbidden", "not-found", "too-large", "too-many", "unavailable"];
    for (const page of pages) {
      expect(files[`/srv/errors/${page}.html`], page).toContain("<h1>");
      expect(JSON.parse(files[`/srv/errors/${page}.json`] ?? ""), page).toHaveProperty("detail");
    }
    expect(files["/srv/errors/style.css"]).toContain("prefers-color-scheme");
    expect(files["/srv/errors/not-found.html"]).toBe("<h1>A page of the site's own</h1>");
  });

  test("gets passwords as hashes only, and outputs none of them", () => {
    expect(filesOf("edge-healthy")["/run/secrets/passwords-1"]).toMatch(/^ada:\$6\$[./\w]{16}\$[./\w]{86}\n$/);
    expect(JSON.stringify(registered)).not.toContain("correct horse");
    expect(registered.find(({ name }) => name === "edge-healthy")?.secrets).toContain("stdin");
  });

  test("writes only to folders that exist in any image", () => {
    const edge = registered.find(({ name, type }) => name === "edge" && type.endsWith(":Container"));
    const folders = ["/etc/nginx", "/run/secrets", "/srv/errors", "/var/tmp"];
    expect(edge?.inputs["volumes"]).toEqual(folders.map((containerPath) => ({ containerPath })));
  });

  test("reads the maintenance page from a volume that is removed after it, with the stack", () => {
    const edge = registered.find(({ name, type }) => name === "edge" && type.endsWith(":Container"));
    const mount = { target: "/srv/maintenance", source: "mailtracker-test-edge-maintenance", readOnly: true };
    expect(edge?.inputs["mounts"]).toMatchObject([mount]);
    const volume = registered.find(({ name }) => name === "edge-maintenance");
    const steps = JSON.stringify(volume?.inputs["environment"]);
    expect(steps).toContain("docker volume rm");
    // A stack deployed again after its state is lost must not mistake it for a volume of others.
    expect(steps).toMatch(/label_project=berth\.project/);
    const container = asked.find(({ name, type }) => name === "edge" && type.endsWith(":Container"));
    expect(container?.opts.dependsOn).toHaveLength(1);
  });

  test("keeps its sandbox when the image, the labels or its names in the network change", () => {
    const sandbox = asked.find(({ name, type }) => name === "edge-sandbox" && type.endsWith(":Container"));
    expect(sandbox?.opts.ignoreChanges).toEqual(["image", "labels", "networksAdvanced[*].aliases"]);
  });
});

test("F15: an edge listens on all its addresses, and its URL has an IPv6 address in brackets", async () => {
  registered = await collecting();
  let url = "";
  await pulumi.runtime.runInPulumiStack(async () => {
    const { edge } = site({ address: ["0.0.0.0", "::"], siteName: "2001:db8::7", httpPort: 8080 });
    url = await resolved(edge.url);
    return {};
  });
  expect(url).toBe("http://[2001:db8::7]:8080");
  const sandbox = registered.find(({ name, type }) => name === "edge-sandbox" && type.endsWith(":Container"));
  expect(sandbox?.inputs["ports"]).toEqual(["0.0.0.0", "::"].map((ip) => ({ internal: 80, external: 8080, ip })));
});

test("an edge takes internationalized names in redirects", () => {
  const redirects = { "www.bücher.example": "bücher.example" };
  expect(edgeProblems({ upstreams: { app: {} as berth.WebService }, redirects })).toEqual([]);
  expect(asciiRedirects(redirects)).toEqual({ "www.xn--bcher-kva.example": "xn--bcher-kva.example" });
});

describe("invalid arguments", () => {
  const upstreams = { app: {} as berth.WebService };
  const problemsOf = (args: Partial<EdgeArgs>) => edgeProblems({ upstreams, ...args });

  test.each<[Partial<EdgeArgs>, string]>([
    [{ locations: { "api/": { upstream: "app" } } }, 'the path "api/" must begin with a slash, e.g. "/api/"'],
    [{ locations: { "/a b": { upstream: "app" } } }, 'the path "/a b" can contain only letters, digits, slashes and'],
    [{ locations: { "/_errors/": { upstream: "app" } } }, "is reserved for the error pages"],
    [
      { locations: { "/api/": { upstream: "apu" } } },
      'the upstream "apu", which does not exist. The upstreams are: app',
    ],
    [{ locations: { "/media": { files: "/srv/media" } } }, "so it must end with a slash"],
    [{ locations: { "/media/": { files: "media" } } }, "must be an absolute path in nginx's container"],
    [{ locations: { "/": { files: "/srv", fallback: "../x" } } }, "must be the name of a file in the folder"],
    [{ locations: { "/old/": { redirect: "new" } } }, 'must be a path ("/new/") or a URL'],
    [{ locations: { "/old/": { redirect: "/old/new/" } } }, "is below it: a redirect loop"],
    [{ locations: { "/x/": { nginx: " " } } }, '"/x/" has no directives'],
    [{ locations: { "/x/": {} as berth.Location } }, "must have exactly one of upstream, files, redirect, nginx"],
    [{ redirects: { "example.org": "Example.org" } }, "example.org redirects to itself"],
    [
      { redirects: { "https://www.example.org": "example.org" } },
      '"https://www.example.org" must be a host name without scheme or path',
    ],
    [
      { redirects: { "a.example": "b.example", "b.example": "c.example" } },
      "a.example redirects to b.example, which redirects as well",
    ],
    [
      { redirects: { "www.example.org": "example.org" }, certificate: { chain: "", key: "", names: ["example.org"] } },
      "the certificate does not cover www.example.org",
    ],
    [{ basicAuth: { admin: { ada: "secret" } } }, 'basicAuth: the path "admin" must begin with a slash'],
    [
      { basicAuth: { "/": { "a:b": "secret" } } },
      'the user "a:b" at "/" must have a name without spaces, colons and #',
    ],
    [{ basicAuth: { "/": { ada: "" } } }, 'the user "ada" at "/" needs a password'],
    [{ basicAuth: { "/": {} } }, 'basicAuth: "/" has no user'],
    [{ allow: { admin: ["10.0.0.0/8"] } }, 'allow: the path "admin" must begin with a slash'],
    [{ allow: { "/": ["10.0.0.0/33"] } }, '"10.0.0.0/33" at "/" is not an address or network'],
    [{ allow: { "/": ["office"] } }, '"office" at "/" is not an address or network'],
    [{ allow: { "/": [] } }, 'allow: "/" has no address'],
    [{ errorPages: "./absent" }, "there is no folder ./absent"],
    [
      { errorPages: "./test/components/edge/golden" },
      "nginx does not serve test/components/edge/golden/nginx-acme.conf. The pages are",
    ],
    [{ template: "./absent.conf" }, "there is no file ./absent.conf"],
    [{ upstreams: {} }, "no service gets the requests. Add an upstream, or a location"],
    [{ socketIdle: 0 }, "must be at least 1 second"],
  ])("%j: %s", (args, reason) => {
    expect(problemsOf(args)).toContainEqual(expect.stringContaining(reason));
  });

  test("valid ones are accepted", () => {
    expect(
      problemsOf({
        locations: { "/": { files: "/srv/www", fallback: "index.html" }, "/api/": { upstream: "app" } },
        redirects: { "www.example.org": "example.org", "example.net": "example.org" },
        basicAuth: { "/admin": { ada: "secret" } },
        allow: { "/": ["192.0.2.7", "2001:db8::/32"] },
        certificate: { chain: "", key: "" },
      }),
    ).toEqual([]);
    expect(
      problemsOf({ upstreams: {}, locations: { "/": { redirect: "/app/" }, "/app/": { files: "/srv" } } }),
    ).toEqual([]);
  });

  test("are reported together", () => {
    expect(() => site({ allow: { "/": ["office"] }, redirects: { "a.example": "a.example" } })).toThrow(
      /edge are invalid:\n {2}- redirects: a\.example .*\n {2}- allow: "office"/,
    );
  });
});

describe("the error pages", () => {
  test("show the site's title with any characters", () => {
    const files = errorPages({ title: "R&D <beta>" });
    expect(files["/srv/errors/unavailable.html"]).toContain("R&amp;D &lt;beta&gt; does not respond at the moment");
    expect(files["/srv/errors/not-found.html"]).toContain("<title>Not found – R&amp;D &lt;beta&gt;</title>");
    expect(JSON.parse(files["/srv/errors/unavailable.json"] ?? "").detail).toContain("R&D <beta> does not respond");
  });

  test("show a generic title without one", () => {
    const files = errorPages({});
    expect(files["/srv/errors/unavailable.html"]).toContain("This site does not respond at the moment");
    expect(files["/srv/errors/not-found.html"]).toContain("<title>Not found</title>");
  });
});

describe("password files", () => {
  // Generated with `openssl passwd -6`; the first is from the specification.
  test.each([
    [
      "Hello world!",
      "saltstring",
      "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ],
    ["y", "x", "oznOqkjAFKGu.2xNYeb1KoRKm/KJBGXlycJYIuGidRwif7dneFQvmqq4SGwXV.ZRoYjuOfKpoAHJ26Ekl3OUt1"],
    [
      "ein ganz langes Paßwort, länger als vierundsechzig Bytes, damit auch der Rest geprüft wird",
      "0123456789abcdef",
      "F/0alfLGbJggcTrXn3LI.b8lzaBgJPTqvv/vRedewR/7818bDXfH1XXSc06.QRU4aljpBaQskrmVakjjYwJxh.",
    ],
  ])("have the hash of %j that crypt produces", (password, salt, hash) => {
    expect(sha512Crypt(password, salt)).toBe(`$6$${salt}$${hash}`);
  });

  test("are equal for equal passwords, and share no salt between users, paths and servers", () => {
    const file = hashed({ ada: "same", bob: "same" }, "/", "a key");
    expect(hashed({ bob: "same", ada: "same" }, "/", "a key")).toBe(file);
    const others = [hashed({ ada: "same" }, "/admin/", "a key"), hashed({ ada: "same" }, "/", "another key")];
    const salts = [file, ...others].flatMap((text) => text.match(/(?<=\$6\$)[^$]+/g) ?? []);
    expect(new Set(salts).size).toBe(4);
  });
});
