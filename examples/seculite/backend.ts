import * as pulumi from "@pulumi/pulumi";
import * as berth from "berth";
import type { Config } from "./config";

interface Needed {
  /** The edge's network and the data network. */
  networks: berth.Network[];
  image: berth.Image;
  media: berth.Volume;
  statics: berth.Volume;
  postgres: berth.Postgres;
  /** Undefined with a broker elsewhere. */
  redis: berth.Redis | undefined;
  secretKey: berth.Secret;
  /** The initial account's password. */
  admin: berth.Secret;
  backups: berth.Backups;
}

/** The containers that use the backend's image, each with its own command. */
export function backendContainers(config: Config, needed: Needed) {
  const { env, files } = settings(config, needed);
  const media = { "/app/media": needed.media };
  const statics = { "/app/staticfiles_collected": needed.statics };
  const every = {
    networks: needed.networks,
    image: needed.image,
    env,
    files,
    user: "10001:10001",
    folders: config.sources.backend,
    scratch: ["/tmp"],
  };
  const { web, worker, beat } = commands(config);
  const answers = { command: ["python", "healthcheck.py"] };
  const alive = { command: ["/app/alive.sh"] };
  return {
    migrate: { ...every, ...preparation(config, files, needed.admin), volumes: statics, backup: needed.backups },
    web: { ...every, ...config.web, volumes: { ...media, ...statics }, command: web, port: 8000, health: answers },
    worker: { ...every, ...config.worker, volumes: media, command: worker, health: alive },
    beat: { ...every, ...config.beat, command: beat, health: alive },
  };
}

/** Plain settings as environment variables, secrets as files. */
function settings({ env, names, tls, edge, values }: Config, { image, postgres, redis, secretKey }: Needed) {
  return {
    env: {
      ...env,
      RELEASE: image.hash,
      // A proxy before the site, which tells nginx the scheme, ends TLS for it.
      HTTPS: String(tls !== undefined || edge.trustedProxies.length > 0),
      // The job migrates, once a release.
      MIGRATE: "false",
      ALLOWED_HOSTS: names.join(","),
      DB_HOST: postgres.host,
      DB_PORT: String(postgres.port),
      DB_NAME: postgres.database,
      DB_USER: postgres.login,
      ...(redis && { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port), REDIS_USER: redis.login }),
      // Makes Celery treat the stop signal as a warm shutdown that ends in time (STOP_SECONDS).
      REMAP_SIGTERM: "SIGQUIT",
    },
    files: {
      "/run/secrets/secret_key": secretKey.value,
      "/run/secrets/secret_key_fallbacks": secretKey.previous,
      "/run/secrets/db_password": postgres.password,
      ...(redis
        ? { "/run/secrets/redis_password": redis.password }
        : { "/run/secrets/celery_broker_url": pulumi.secret(values.celeryBrokerUrl ?? "") }),
    },
  };
}

/** The job before a release, which also creates the initial account. */
function preparation({ values }: Config, files: berth.JobArgs["files"], adminPassword: berth.Secret) {
  const password = "/run/secrets/admin_password";
  const sources = berth.filesOf("backend", ".dockerignore");
  return {
    command: [
      ...["python", "manage.py", "prepare_release"],
      ...["--administrator", values.adminUser, "--password-file", password],
      ...["--crontab", values.scanCrontab],
      ...values.scheduledScans.flatMap((url) => ["--scan", url]),
    ],
    files: { ...files, [password]: adminPassword.value },
    timeout: values.migrationTimeoutSeconds,
    migrations: berth.filesHash(
      "backend",
      sources.filter((file) => /(^|\/)migrations\/\w+\.py$/.test(file)),
    ),
  };
}

/** The entrypoint's commands for gunicorn and Celery. In development, Celery restarts after an edit. */
function commands({ values }: Config) {
  const live = (words: string[]) =>
    values.liveReload ? ["watchfiles", "--filter", "python", words.join(" "), "seculite_api", "scans"] : words;
  const celery = ["celery", "-A", "seculite_api"];
  const level = values.logLevel;
  const worker = ["worker", "-l", level, "-Q", values.workerQueues.join(","), "-c", String(values.workerConcurrency)];
  const beat = ["beat", "-l", level, "--scheduler", "seculite_api.beat:OnlyBeat", "--pidfile", "/tmp/celerybeat.pid"];
  const gunicorn = ["gunicorn", "seculite_api.wsgi:application", "--bind", "0.0.0.0:8000"];
  const workers = values.liveReload ? 1 : values.gunicornWorkers;
  return {
    web: [...gunicorn, "--workers", String(workers), "--log-level", level],
    worker: ["celery_worker", ...live([...celery, ...worker])],
    beat: ["celery_beat", ...live([...celery, ...beat])],
  };
}
