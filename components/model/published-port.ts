/** A port that a stack publishes on its server. */
export interface PublishedPort {
  /** Address to listen on; `0.0.0.0` and `::` are all of IPv4 and of IPv6. */
  address: string;
  port: number;
  /** Name of the setting that changes the port. Default: unknown. */
  setting?: string;
  /** Names of the stack's site, if it shares the port with other stacks through the front door. Default: the stack's own port. */
  names?: readonly string[];
}

/** Whether other machines reach the port. */
export function isPublic({ address }: PublishedPort): boolean {
  return !/^(127\.|::1$)/.test(address);
}
