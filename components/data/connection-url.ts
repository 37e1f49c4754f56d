export interface Connection {
  scheme: "postgresql" | "redis";
  login: string;
  /** Default: none. */
  password?: string;
  host: string;
  port: number;
  database: string;
}

/** URL of a data store. Login, password and database can contain any characters, as they are percent-encoded. */
export function connectionUrl({ scheme, login, password, host, port, database }: Connection): string {
  const userInfo = [login, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(":");
  return `${scheme}://${userInfo}@${host}:${port}/${encodeURIComponent(database)}`;
}
