import * as pulumi from "@pulumi/pulumi";
import { type Connection, connectionUrl } from "./connection-url";

export interface Access extends Pick<Connection, "scheme" | "host" | "port" | "database"> {
  login: pulumi.Output<string>;
  password: pulumi.Output<string>;
  /** Port on the server's loopback address for tools. Default: none. */
  loopbackPort: number | undefined;
}

/** The URLs of a data store: for applications, without the password, and for tools on the server, with it; empty without a port. */
export function connectionUrls({ login, password, loopbackPort, ...store }: Access) {
  const ofTools = (port: number) =>
    pulumi
      .all([login, password])
      .apply(([user, secret]) => connectionUrl({ ...store, login: user, password: secret, host: "127.0.0.1", port }));
  return {
    url: login.apply((user) => connectionUrl({ ...store, login: user })),
    loopbackUrl: loopbackPort === undefined ? pulumi.output("") : ofTools(loopbackPort),
  };
}
