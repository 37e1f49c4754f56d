import type { Backups, Image, Network, Postgres, Secret, Volume } from "../components";
import { backendFolders, backendSettings, migrationSettings } from "./backend-settings";
import type { Config } from "./config";

/** The backend containers' dependencies on the rest of the stack. */
interface Needed {
  image: Image;
  networks: Network[];
  volumes: Record<string, Volume>;
  postgres: Postgres;
  secretKey: Secret;
  /** The initial account's password. */
  admin: Secret;
  backups: Backups;
}

/** The containers that use the backend's image, each with its own command. */
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
  const { stopGrace: _, ...scheduled } = every;
  return {
    migrate: { ...every, ...migrationSettings(config, runtime, admin), command: ["migrate"], backup },
    digest: { ...scheduled, ...runtime, command: ["python", "manage.py", "overdue_digest"], timeout: 300 },
    web: { ...every, ...runtime, command: ["serve"], port: 8000, health, replicas: config.replicas },
  };
}
