import type * as pulumi from "@pulumi/pulumi";
import * as berth from "berth";
import type { Config } from "./config";
import { THIRD_PARTY_KEYS } from "./settings";

interface Parts {
  image: berth.Image;
  postgres: berth.Postgres;
  networks: berth.Network[];
  operator: berth.Secret;
  jwtSecret: berth.Secret;
  backups: berth.Backups;
}

/** The containers that use the backend's image. */
export function backendContainers(config: Config, parts: Parts) {
  const { image, postgres, networks, operator, jwtSecret, backups } = parts;
  const { values, sources } = config;
  const common = {
    networks,
    image,
    user: "1001:1001",
    folders: sources.backend ?? {},
    env: {
      DATABASE_URL: postgres.url,
    },
    files: { [secretFile("databasePassword")]: postgres.password },
  };
  return {
    migrate: {
      ...common,
      command: program(values.liveReload, "database", "migrate"),
      migrations: berth.filesHash("app", migrationFiles()),
      backup: backups,
    },
    api: {
      ...common,
      ...config.api,
      // Undefined in development, where the image's own health check applies.
      ...(!values.liveReload && { command: program(false, "api", "index") }),
      env: { ...common.env, ...config.env, RELEASE: image.hash },
      files: {
        ...common.files,
        [secretFile("jwtSecret")]: jwtSecret.value,
        [secretFile("operatorPassword")]: operator.value,
        ...keys(config, (name) => name.startsWith("deepseek")),
      },
      port: 3001,
      health: { ...asking("http://127.0.0.1:3001/health"), startPeriod: 30 },
    },
    worker: {
      ...common,
      ...config.worker,
      command: program(values.liveReload, "worker", "index"),
      files: { ...common.files, ...keys(config, (name) => !name.startsWith("deepseek")) },
      tmpfs: ["/run/antone"],
      health: { command: program(values.liveReload, "worker", "healthy"), interval: 20, timeout: 10, retries: 3 },
    },
  };
}

/** The dashboard. Its pages render in the browser, so it needs no database. */
export function dashboardContainer(config: Config, image: berth.Image, network: berth.Network) {
  return {
    ...config.dashboard,
    networks: [network],
    image,
    user: "1001:1001",
    folders: config.sources.dashboard ?? {},
    // Next's development server writes beside the sources.
    ...(config.values.liveReload && { scratch: ["/app/packages/dashboard"] }),
    tmpfs: ["/tmp"],
    port: 3000,
    health: { ...asking("http://127.0.0.1:3000/"), startPeriod: 30 },
  };
}

/** A file of a package: the compiled one, or the source in development. */
function program(live: boolean, name: string, file: string): string[] {
  if (!live) return ["node", `packages/${name}/dist/${file}.js`];
  const watched = file === "index" ? ["--watch"] : [];
  return ["node", "--conditions=development", ...watched, `packages/${name}/src/${file}.ts`];
}

function migrationFiles(): string[] {
  return berth.filesOf("app", ".dockerignore").filter((file) => file.startsWith("packages/database/migrations/"));
}

function asking(url: string) {
  return { command: ["wget", "--quiet", "--tries=1", "--spider", url], interval: 20, timeout: 10, retries: 3 };
}

/** The third-party keys that are set, as files. */
function keys({ values }: Config, wanted: (name: string) => boolean): Record<string, pulumi.Output<string>> {
  const set = THIRD_PARTY_KEYS.filter(wanted).flatMap((name) => {
    const value = berth.secret(values[name]);
    return value ? [[secretFile(name), value] as const] : [];
  });
  return Object.fromEntries(set);
}

/** Path of a secret in the backend: `twitterApiKey` is /run/secrets/twitter-api-key. */
function secretFile(setting: string): string {
  return `/run/secrets/${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
