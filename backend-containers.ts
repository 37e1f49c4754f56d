import { backendFolders, backendSettings, migrationSettings } from "./backend-settings";
import type { Backups, Image, Network, Postgres, Secret, Volume } from "./components";
import type { Config } from "./config";

/** What the containers of the backend need from the rest of the stack. */
interface Needed {
  image: Image;
  networks: Network[];
  volumes: Record<string, Volume>;
  postgres: Postgres;
  secretKey: Secret;
  /** The first account's password. */
  admin: Secret;
  backups: Backups;
}

/** The containers that run from the backend's image: the same program, with another first word. */
export function backendContainers(config: Config, needed: Needed) {
  const { image, networks, volumes, postgres, secretKey, admin, backups: backup } = needed;
  const runtime = backendSettings(config, image.hash, postgres, secretKey);
  const every = {
    ...config.backendContainer,
    networks,
    image,
    user: "10001:10001",
    volumes,
    folders: backendFolders(config),
    scratch: ["/tmp"],
  };
  const health = { command: ["/app/healthcheck.sh"] };
  return {
    migrate: { ...every, ...migrationSettings(config, runtime, admin), command: ["migrate"], backup },
    web: { ...every, ...runtime, command: ["serve"], port: 8000, health, replicas: config.replicas },
  };
}
