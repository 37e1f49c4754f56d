/** A port that a stack publishes on its server. */
export interface PublishedPort {
  /** Address to listen on; `0.0.0.0` and `::` are all of IPv4 and of IPv6. */
  address: string;
  port: number;
  /** Name of the setting that changes the port. Default: unknown. */
  setting?: string;
}
