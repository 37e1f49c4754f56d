import { z } from "zod";
import { parseServers } from "../../model/cluster-servers.ts";
import { REGISTRY_ADDRESS } from "../../model/registry.ts";
import { ACCOUNT, KEY_FILE, PUBLIC_KEY } from "../../model/ssh-values.ts";
import { host, list, number, optional, port, valueIn } from "../kinds.ts";
import { setting } from "../setting.ts";

/** The server and its SSH access, the registry, and consents to destructive operations. */
export const serverSettings = {
  serverHost: setting(optional.pipe(host("must be a host name or an address").optional()), {
    default: "",
    description: "Host name or address of the Ubuntu server. Empty: this machine's own Docker engine.",
    rollback: false,
  }),
  serverPort: setting(port, { default: 22, description: "Port of the server's sshd.", rollback: false }),
  serverUser: setting(z.string().regex(ACCOUNT, "must be the name of an account, e.g. ubuntu"), {
    default: "root",
    description:
      "Account on the server: root, one that may use sudo (a password is asked for once, on a terminal), or one in the group docker.",
    rollback: false,
  }),
  serverHostKey: setting(
    optional.pipe(z.string().regex(PUBLIC_KEY, 'must be a public key, "ssh-ed25519 AAAA…"').optional()),
    {
      default: "",
      description:
        'The server\'s public host key, "ssh-ed25519 AAAA…". To read it, run cat /etc/ssh/ssh_host_ed25519_key.pub on the server. Required with serverHost.',
      rollback: false,
    },
  ),
  serverKeyFile: setting(
    optional.pipe(
      z.string().regex(KEY_FILE, 'must be a path such as ~/.ssh/id_ed25519, without ", \\ and ${').optional(),
    ),
    {
      default: "",
      description: "Private SSH key to sign in with, e.g. ~/.ssh/id_ed25519. Empty: the keys of the SSH agent.",
      rollback: false,
    },
  ),
  servers: setting(
    z.string().transform((text, context) => valueIn(parseServers(text), context)),
    {
      default: {},
      description:
        "Several servers instead of serverHost, by name, each with host, hostKey and roles: exactly one with data, at least one with edge (docs/several-servers.md). address is the one by which the other servers reach it; port, user and keyFile are those of serverPort, serverUser and serverKeyFile by default.",
      rollback: false,
    },
  ),
  serverWaitSeconds: setting(number(1, 3600), {
    default: 120,
    description: "Timeout for a server that does not answer, e.g. while it boots.",
    unit: "seconds",
    rollback: false,
  }),
  adoptServer: setting(optional, {
    default: "",
    formerly: "rebuild",
    description:
      "Consent to adopt a server whose state was lost, or volumes that Berth has not created: the stack's own name. The stack is created again, its volumes are kept.",
    rollback: false,
  }),
  forceDestroyData: setting(optional, {
    default: "",
    formerly: "deleteData",
    description:
      "Consent to delete the volumes, backups on the server included, when the stack is destroyed: the stack's own name. It takes effect after an up.",
    rollback: false,
  }),
  keepReleases: setting(number(1, 100), {
    default: 5,
    description:
      "Number of releases whose images are kept on the server, the current one included. A rollback to one of them takes seconds.",
    rollback: false,
  }),
  imagesVersion: setting(number(1, 1_000_000), {
    default: 1,
    description:
      "Number of the builds of all images without the builder's cache. npx berth up --no-cache increases it; later deployments keep these images.",
  }),
  // Only the policy pack reads it (policy/).
  policyExceptions: setting(
    list(z.string().regex(/^[a-z-]+:[\w-]+$/, "must be rule:resource, e.g. volume-kept:static_volume")),
    {
      default: [],
      description:
        "Violations of the policies that this stack permits, each as rule:resource, e.g. volume-kept:static_volume (docs/plan-and-policies.md).",
    },
  ),
  // readConfig runs the commands.
  secretCommands: setting(list(z.string()), {
    default: [],
    description:
      'Secrets that commands of this machine print, each entry "<setting>=<command>", e.g. "adminPassword=op read op://servers/mail/password". Each deployment runs them, at most 60 seconds each (docs/secrets.md).',
    rollback: false,
  }),
  registryMirrors: setting(
    list(z.string().regex(/^https?:\/\/[^/]+\/?$/, "must be addresses such as http://10.0.0.5:5000")),
    {
      default: [],
      description: "Mirrors of Docker Hub for the server's Docker engine, e.g. http://10.0.0.5:5000.",
      rollback: false,
    },
  ),
  registryAddress: setting(
    optional.pipe(
      z
        .string()
        .regex(REGISTRY_ADDRESS, "must be host, host:port or host/namespace in lower-case letters, without https://")
        .optional(),
    ),
    {
      default: "",
      description:
        "Private registry that images are pushed to and pulled from: host, host:port or, where the registry requires it, host/namespace such as ghcr.io/acme. Empty: images are built on the server.",
      rollback: false,
    },
  ),
  registryUsername: setting(optional, {
    default: "",
    description: "User name at the registry. Required with registryAddress.",
    rollback: false,
  }),
  registryPassword: setting(optional, {
    default: "",
    description: "Password or token at the registry. Required with registryAddress.",
    secret: true,
  }),
  dockerHubUser: setting(optional, {
    default: "",
    description:
      "Account at Docker Hub that pulls images and base images, for private ones and for the account's higher limit of pulls. Empty: without an account.",
    rollback: false,
  }),
  dockerHubToken: setting(optional, {
    default: "",
    description: "Access token of the account at Docker Hub, which needs to read only. Required with dockerHubUser.",
    secret: true,
  }),
};
