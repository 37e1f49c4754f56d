import { nginxConfFrom } from "../components/edge/nginx-conf";

/** Mail Tracker as an experienced Compose user would configure it: the same images, checks and volumes. */
export function mailTrackerComposed(name: string, port: number): Record<string, unknown> {
  const check = { interval: "10s", timeout: "5s", retries: 5 };
  const conf = nginxConfFrom("nginx/nginx.conf", {
    upstreams: { backend: ["backend:8000"] },
    maxBodySizeMb: 20,
    signInsPerMinute: 10,
    drainSeconds: 5,
    live: false,
  });
  return {
    name,
    services: {
      postgres: {
        image: "postgres:16-alpine",
        environment: {
          POSTGRES_DB: "mailtracker",
          POSTGRES_USER: "mailtracker_user",
          POSTGRES_PASSWORD_FILE: "/run/secrets/database-password",
        },
        secrets: ["database-password"],
        volumes: ["postgres_data:/var/lib/postgresql/data"],
        networks: ["database_network"],
        healthcheck: { test: ["CMD", "pg_isready", "-U", "mailtracker_user", "-d", "mailtracker"], ...check },
        restart: "unless-stopped",
      },
      backend: {
        build: "./backend",
        environment: {
          ALLOWED_HOSTS: "localhost",
          SECRET_KEY_FILE: "/run/secrets/secret-key",
          DATABASE_URL: "postgres://mailtracker_user@postgres:5432/mailtracker",
          DATABASE_PASSWORD_FILE: "/run/secrets/database-password",
          POSTGRES_HOST: "postgres",
          POSTGRES_USER: "mailtracker_user",
          POSTGRES_DB: "mailtracker",
        },
        // World-readable in the container: with an owner, older Docker versions look up the user on the server.
        secrets: ["database-password", "secret-key"],
        volumes: ["pdf_storage:/srv/mailtracker/pdfs", "static_volume:/app/staticfiles"],
        networks: ["mailtracker_network", "database_network"],
        depends_on: { postgres: { condition: "service_healthy" } },
        healthcheck: { test: ["CMD", "/app/healthcheck.sh"], ...check, start_period: "60s" },
        restart: "unless-stopped",
      },
      nginx: {
        build: "./nginx",
        configs: [{ source: "nginx.conf", target: "/etc/nginx/nginx.conf" }],
        tmpfs: ["/run/nginx:uid=101,gid=101,mode=0700"],
        ports: [`${port}:80`],
        volumes: ["pdf_storage:/srv/mailtracker/pdfs:ro", "static_volume:/srv/mailtracker/static:ro"],
        networks: ["mailtracker_network"],
        depends_on: { backend: { condition: "service_started" } },
        restart: "unless-stopped",
      },
    },
    // Escapes dollar signs, which start a variable.
    configs: { "nginx.conf": { content: conf.replaceAll("$", "$$$$") } },
    secrets: {
      "database-password": { environment: "DATABASE_PASSWORD" },
      "secret-key": { environment: "SECRET_KEY" },
    },
    networks: { mailtracker_network: {}, database_network: { internal: true } },
    volumes: { postgres_data: {}, pdf_storage: {}, static_volume: {} },
  };
}

const SERVICE_HEALTH = ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1/"];

/** Services that share only a network, with one setting. */
export function servicesComposed(name: string, count: number, setting: string): Record<string, unknown> {
  const names = Array.from({ length: count }, (_, index) => `service-${index + 1}`);
  const service = {
    image: "nginx:alpine",
    environment: { SETTING: setting },
    networks: ["front"],
    read_only: true,
    tmpfs: ["/run", "/tmp", "/var/cache/nginx"],
    healthcheck: { test: ["CMD", ...SERVICE_HEALTH], interval: "10s", timeout: "5s", retries: 5 },
    mem_limit: "64m",
    cpus: 1,
    restart: "unless-stopped",
  };
  return { name, services: Object.fromEntries(names.map((one) => [one, service])), networks: { front: {} } };
}

/** The same as a Berth program. */
export function servicesProgram(count: number, setting: string): string {
  return `import { Network, stack, WebService } from "./components";
import { ownSettings } from "./settings";

export const { url, adminUser } = stack(ownSettings, (stack) => {
  const front = new Network("front", { stack });
  for (let index = 1; index <= ${count}; index++) {
    new WebService("service-" + index, {
      networks: [front],
      image: "nginx:alpine",
      env: { SETTING: "${setting}" },
      tmpfs: ["/run", "/tmp", "/var/cache/nginx"],
      capabilities: ["CHOWN", "SETUID", "SETGID", "NET_BIND_SERVICE"],
      limits: { memory: 64 },
      port: 80,
      health: { command: ${JSON.stringify(SERVICE_HEALTH)} },
    });
  }
  return { url: stack.server.address.apply((address) => "http://" + address), adminUser: "nobody" };
});
`;
}
