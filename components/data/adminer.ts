import * as pulumi from "@pulumi/pulumi";
import { WebService } from "../app/web-service";
import type { Network } from "../host/network";
import { DEFAULT_IMAGES } from "../model/default-images";
import { scriptBeside } from "../scripts";
import type { Postgres } from "./postgres";

export interface AdminerArgs {
  /** The database's network, and a network that is not internal, in which Docker publishes the port. */
  networks: readonly Network[];
  /** Port on the server's loopback address. */
  loopbackPort: number;
  /** Image of Adminer. Default: `adminer:5`. */
  image?: string;
  /** Database server that the sign-in form suggests. Default: `postgres`, or the host of `signIn`. */
  database?: string;
  /**
   * Signs visitors in to this database as the application, for development: everybody who can open the port can change the data.
   * Default: none; visitors enter name and password.
   */
  signIn?: Postgres | undefined;
}

/** Adminer, a web page to inspect a database, on the server's loopback address only. */
export class Adminer extends pulumi.ComponentResource {
  constructor(name: string, args: AdminerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:data:Adminer", name, {}, opts);
    const {
      networks,
      loopbackPort,
      image = DEFAULT_IMAGES.adminer,
      signIn,
      database = signIn?.host ?? "postgres",
    } = args;
    new WebService(
      name,
      {
        networks,
        image,
        port: PORT,
        loopbackPorts: { [loopbackPort]: PORT },
        env: { ADMINER_DEFAULT_SERVER: database, ...(signIn && { PHP_INI_SCAN_DIR: `:${FOLDER}` }) },
        ...(signIn && { files: signInFiles(signIn) }),
        // The user `adminer` of the official image.
        user: "100:101",
        tmpfs: ["/tmp"],
        health: { command: ["php", "-r", `exit(@fsockopen('127.0.0.1', ${PORT}) ? 0 : 1);`] },
        stopGrace: 1,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const PORT = 8080;
const FOLDER = "/etc/adminer";

/** PHP runs a file before every page: it signs in, without a change of Adminer. */
function signInFiles({ host, database, login, password }: Postgres): Record<string, pulumi.Input<string>> {
  const account = pulumi
    .all([login, password])
    .apply(([user, secret]) => JSON.stringify({ server: host, user, password: secret, database }));
  return {
    [`${FOLDER}/sign-in.ini`]: `auto_prepend_file = ${FOLDER}/sign-in.php\n`,
    [`${FOLDER}/sign-in.php`]: scriptBeside(__dirname, "sign-in.php"),
    [`${FOLDER}/account.json`]: account,
  };
}
