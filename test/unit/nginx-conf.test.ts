import { describe, expect, test } from "vitest";
import { nginxConfFrom, renderNginxConf } from "../../components/edge/nginx-conf";

describe("nginx.conf", () => {
  const rendered = nginxConfFrom("./nginx/nginx.conf", {
    upstreams: { backend: ["backend-2-b:8000", "backend-1-a:8000"] },
    maxBodySizeMb: 20,
  });

  test("names each container of an upstream, sorted", () => {
    expect(rendered).toContain(
      [
        "    upstream backend {",
        "        server backend-1-a:8000;",
        "        server backend-2-b:8000;",
        "        keepalive 16;",
        "    }",
      ].join("\n"),
    );
  });

  test("leaves no tag of the template behind", () => {
    expect(rendered).not.toMatch(/<%|%>|undefined/);
  });

  test("is the same whatever the order of its upstreams", () => {
    const template = "<% for (const name of Object.keys(it.upstreams)) { %><%= name %> <% } %>";
    expect(renderNginxConf(template, { upstreams: { b: [], a: [] } })).toBe("a b ");
  });

  test("a template that cannot be rendered is named in the error", () => {
    expect(() => nginxConfFrom("./nginx/absent.conf", { upstreams: {} })).toThrow(
      "./nginx/absent.conf cannot be rendered",
    );
  });
});
