/**
 * A container's argument `loopbackPorts`, from pairs of the value of `servicePort` and the port in the container. Without any, the
 * argument is left out, so that releases start new containers beside the old ones.
 *
 * @example new berth.WebService("api", { ...berth.loopbackPorts([values.apiPort, 3001]), … })
 */
export function loopbackPorts(...pairs: [port: number | undefined, internal: number][]): {
  loopbackPorts?: Record<number, number>;
} {
  const set = pairs.flatMap(([port, internal]) => (port === undefined ? [] : [[port, internal] as const]));
  return set.length > 0 ? { loopbackPorts: Object.fromEntries(set) } : {};
}
