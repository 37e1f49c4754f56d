import { describe, expect, test } from "vitest";
import { type NginxConfVariables, nginxConfFrom, renderNginxConf } from "../../../components/edge/nginx-conf";

const plain = {
  upstreams: { backend: ["backend-2-b:8000", "backend-1-a:8000"] },
  maxBodySizeMb: 20,
  signInsPerMinute: 10,
  drainSeconds: 60,
  live: false,
  frontend: false,
  pdfStoragePath: "/srv/mailtracker/pdfs",
  fileAuthorizationSeconds: 0,
};
const own = { port: 443, chain: "/run/secrets/tls/chain.pem", key: "/run/secrets/tls/key.pem", renewed: false };
const renewed = { port: 8443, chain: "/certificates/chain.pem", key: "/certificates/key.pem", renewed: true };

/** Rendered for each kind of stack; `make check` runs nginx's linter on the same files. */
const variants = {
  "plain-http": plain,
  "own-certificate": { ...plain, tls: own, fileAuthorizationSeconds: 5, pdfStoragePath: "/mnt/pdfs" },
  acme: { ...plain, tls: { ...renewed, challenges: "/certificates/challenges" } },
  "front-end": { ...plain, frontend: true },
  "live-reload": { ...plain, live: true },
};

/** Sites without a template, configured by arguments alone. */
const sites: Record<string, NginxConfVariables> = {
  "no-template": { upstreams: { app: ["app-1-a:3000"] }, healthPath: "/health.txt" },
  arguments: {
    upstreams: { page: ["page-1-a:3000"], api: ["api-1-a:3001"] },
    contentSecurityPolicy: "default-src 'self'",
    tls: { ...renewed, challenges: "/certificates/challenges" },
    socketIdle: 600,
    locations: {
      "/api/": { upstream: "api" },
      "/media/": { files: "/srv/media" },
      "/assets/": { files: "/srv/assets/", immutable: true },
      "/app/": { files: "/srv/app", fallback: "index.html" },
      "/old/": { redirect: "/new/" },
      "/limited/": { nginx: "limit_rate 1m;\nroot /srv/limited;\n" },
    },
    redirects: { "www.example.org": "example.org", "example.net": "example.org" },
    allow: { "/": ["192.0.2.7", "2001:db8::/32"], "/admin": ["10.0.0.0/8"], "/admin/open/": ["0.0.0.0/0"] },
    passwords: { "/": "/run/secrets/passwords-1", "/v1.0/": "/run/secrets/passwords-2" },
  },
  "behind-proxies": {
    upstreams: { app: ["app-1-a:3000"] },
    trustedProxies: ["10.0.0.5", "2001:db8::/32"],
    redirects: { "www.example.org": "example.org" },
    httpPort: 8080,
  },
  "front-door": {
    upstreams: { app: ["app-1-a:3000"] },
    frontDoor: { address: "172.20.0.2", names: ["*.example.net", "example.org", "www.example.org"] },
    tls: { ...own, challenges: "/certificates/challenges" },
    redirects: { "www.example.org": "example.org" },
    allow: { "/admin": ["10.0.0.0/8"] },
  },
  "files-only": {
    upstreams: {},
    httpPort: 8080,
    locations: { "/": { files: "/srv/www", fallback: "index.html" } },
    redirects: { "www.example.org": "example.org" },
  },
};

describe("nginx.conf", () => {
  test.each(Object.entries(sites))(
    "of a site without a template matches the golden file for %s",
    async (name, site) => {
      const rendered = renderNginxConf(undefined, site);
      expect(rendered).not.toMatch(/<%|%>|undefined/);
      await expect(rendered).toMatchFileSnapshot(`./golden/nginx-site-${name}.conf`);
    },
  );

  test("F03: takes the scheme and the client's address from trusted proxies only", () => {
    const rendered = renderNginxConf(undefined, { upstreams: {}, trustedProxies: ["10.0.0.5", "192.0.2.0/24"] });
    expect(rendered).toContain("set_real_ip_from 10.0.0.5;\n    set_real_ip_from 192.0.2.0/24;");
    expect(rendered).toMatch(/geo \$realip_remote_addr \$from_trusted_proxy \{\s+default 0;\s+10\.0\.0\.5 1;/);
    expect(rendered).toMatch(
      /map "\$from_trusted_proxy \$http_x_forwarded_proto" \$forwarded_proto \{\s+default \$scheme;/,
    );
    const alone = renderNginxConf(undefined, { upstreams: { app: ["app-1-a:3000"] } });
    expect(alone).toContain("X-Forwarded-Proto $scheme;");
    expect(alone).not.toContain("real_ip");
  });

  test("F06, F07: passes WebSockets on from every location, and headers of 32 KB in both directions", () => {
    const rendered = renderNginxConf(undefined, {
      upstreams: { app: ["app-1-a:3000"] },
      locations: { "/api/": { upstream: "app" } },
    });
    const proxying = rendered.match(/proxy_pass http/g)?.length ?? 0;
    expect(proxying).toBeGreaterThan(1);
    expect(rendered).toMatch(/map \$http_upgrade \$upgrade \{\s+default "";\s+~\*\^websocket\$ websocket;/);
    expect(rendered).toContain("proxy_set_header Upgrade $upgrade;");
    expect(rendered).toContain("proxy_set_header Connection $upgrade_connection;");
    expect(rendered).toContain("proxy_buffer_size 32k;");
    expect(rendered).toContain("large_client_header_buffers 2 32k;");
  });

  test("lets the site's health check pass during maintenance, but not the start page", () => {
    const passing = (healthPath?: string) => {
      const conf = renderNginxConf(undefined, { upstreams: {}, ...(healthPath !== undefined && { healthPath }) });
      return /map "\$remote_addr \$uri" \$passes_maintenance \{([^}]*)\}/.exec(conf)?.[1] ?? "";
    };
    expect(passing("/api/health.json")).toContain('"~^\\S+ /api/health\\.json$" 1;');
    expect(passing("/")).toBe(passing());
    expect(passing("/health?a=(")).toBe(passing());
  });

  test("sends requests without a location to the first upstream", () => {
    const rendered = renderNginxConf(undefined, { upstreams: { page: ["p:1"], api: ["a:2"] } });
    expect(rendered).toMatch(/map "" \$service \{\s+default page;/);
  });

  test("a template's location for an unknown upstream is named in the error", () => {
    const template = '<%~ include("@proxy", { ...it, service: "apu" }) %>';
    expect(() => renderNginxConf(template, { upstreams: { api: [] } })).toThrow("@proxy: no upstream apu, but api");
  });

  test.each(Object.entries(variants))("matches the golden file for %s", async (name, variables) => {
    const rendered = nginxConfFrom("./nginx/nginx.conf", variables);
    expect(rendered).not.toMatch(/<%|%>|undefined/);
    await expect(rendered).toMatchFileSnapshot(`./golden/nginx-${name}.conf`);
  });

  test("of Mail Tracker caches no permission unless that is switched on", () => {
    expect(nginxConfFrom("./nginx/nginx.conf", plain)).not.toContain("proxy_cache");
    expect(nginxConfFrom("./nginx/nginx.conf", variants["own-certificate"])).toContain("proxy_cache allowed;");
  });

  test("of Mail Tracker passes on the scheme and address of trusted proxies at every path, and of nobody else", () => {
    const headers = (trustedProxies: string[]) => {
      const conf = nginxConfFrom("./nginx/nginx.conf", { ...plain, trustedProxies });
      const passed = [...conf.matchAll(/proxy_set_header (X-\S+) (\S+);/g)].map(
        ([, name, value]) => `${name} ${value}`,
      );
      return [...new Set(passed)].sort();
    };
    expect(headers([])).toEqual([
      "X-Forwarded-For $proxy_add_x_forwarded_for",
      "X-Forwarded-Proto $scheme",
      "X-Real-IP $remote_addr",
      "X-Request-Id $request_id",
    ]);
    expect(headers(["10.0.0.5"])).toEqual([
      "X-Forwarded-For $forwarded_for",
      "X-Forwarded-Proto $forwarded_proto",
      "X-Real-IP $remote_addr",
      "X-Request-Id $forwarded_request_id",
    ]);
  });

  test("writes the access log as JSON, with the release of the service that answers, or in nginx's format combined", () => {
    const site = {
      upstreams: { page: ["page-1-a:3000"], api: ["api-1-a:3001"] },
      releases: { page: "1a2b3c", api: "4d5e6f" },
    };
    const json = renderNginxConf(undefined, site);
    expect(json).toMatch(/map \$service \$log_release \{\s+default "1a2b3c";\s+api "4d5e6f";\s+\}/);
    expect(json).toContain("access_log /dev/stdout json;");
    expect(json).toContain('"requestId":"$request_id","release":"$log_release"');
    const text = renderNginxConf(undefined, { ...site, logFormat: "text" });
    expect(text).toContain("access_log /dev/stdout;");
    expect(text).not.toMatch(/log_format|\$log_/);
    // The service gets the id either way.
    expect(text).toContain("proxy_set_header X-Request-Id $request_id;");
  });

  test("takes the id of a request from trusted proxies only, and only if it has the form of one", () => {
    const rendered = renderNginxConf(undefined, { upstreams: { app: ["a:1"] }, trustedProxies: ["10.0.0.5"] });
    expect(rendered).toMatch(
      /map "\$from_trusted_proxy \$http_x_request_id" \$forwarded_request_id \{\s+default \$request_id;\s+"~\^1 /,
    );
    expect(rendered).toContain('"requestId":"$forwarded_request_id"');
    expect(renderNginxConf(undefined, { upstreams: { app: ["a:1"] } })).not.toContain("$http_x_request_id");
  });

  test("is the same for any order of its upstreams", () => {
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
