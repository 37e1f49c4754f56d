import { describe, expect, test } from "vitest";
import { nginxConfFrom, renderNginxConf } from "../../components/edge/nginx-conf";

const plain = {
  upstreams: { backend: ["backend-2-b:8000", "backend-1-a:8000"] },
  maxBodySizeMb: 20,
  signInsPerMinute: 10,
  drainSeconds: 60,
  live: false,
};
const own = { port: 443, chain: "/run/secrets/tls/chain.pem", key: "/run/secrets/tls/key.pem", renewed: false };
const renewed = { port: 8443, chain: "/certificates/chain.pem", key: "/certificates/key.pem", renewed: true };

/** What is rendered for each kind of stack; `make check` has nginx's linter read the same files. */
const variants = {
  "plain-http": plain,
  "own-certificate": { ...plain, tls: own },
  acme: { ...plain, tls: { ...renewed, challenges: "/certificates/challenges" } },
  "live-reload": { ...plain, live: true },
};

describe("nginx.conf", () => {
  test.each(Object.entries(variants))("is for %s as it was looked at", async (name, variables) => {
    const rendered = nginxConfFrom("./nginx/nginx.conf", variables);
    expect(rendered).not.toMatch(/<%|%>|undefined/);
    await expect(rendered).toMatchFileSnapshot(`./golden/nginx-${name}.conf`);
  });

  test("is the same whatever the order of its upstreams", () => {
    const template = "<% for (const name of Object.keys(it.upstreams)) { %><%= name %> <% } %>";
    expect(renderNginxConf(template, { upstreams: { b: [], a: [] } })).toBe("a b ");
  });

  test("names each container of an upstream, sorted", () => {
    const template = "<%= it.upstreams.backend.join(' ') %>";
    expect(renderNginxConf(template, plain)).toBe("backend-1-a:8000 backend-2-b:8000");
  });

  test("a template that cannot be rendered is named in the error", () => {
    expect(() => nginxConfFrom("./nginx/absent.conf", { upstreams: {} })).toThrow(
      "./nginx/absent.conf cannot be rendered",
    );
  });
});
