import { randomBytes } from "node:crypto";
import { canonicalAddress } from "../../components/model/address";
import { docker } from "./docker";
import { testLabel } from "./stale-containers";

/** A network of this machine's Docker with IPv6, which servers join beside the default bridge. */
export class Ipv6Network {
  private constructor(
    readonly name: string,
    private readonly prefix: string,
  ) {}

  static async create(): Promise<Ipv6Network> {
    const id = randomBytes(5).toString("hex");
    const prefix = `fd${id.slice(0, 2)}:${id.slice(2, 6)}:${id.slice(6)}:1`;
    const name = `berth-test-ipv6-${id}`;
    await docker("network", "create", ...testLabel, "--ipv6", "--subnet", `${prefix}::/64`, name);
    return new Ipv6Network(name, prefix);
  }

  /** This machine's address in it. */
  get gateway(): string {
    return canonicalAddress(`${this.prefix}::1`);
  }

  /** Gives a container an address in it. */
  async join(container: string): Promise<string> {
    const address = canonicalAddress(`${this.prefix}::10`);
    await docker("network", "connect", "--ip6", address, this.name, container);
    return address;
  }

  async remove(): Promise<void> {
    await docker("network", "rm", this.name);
  }
}
