import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { execa } from "execa";
import { DOOR_VERSION } from "../../components/door/door";
import { DOOR_IMAGE } from "../../components/model/door";
import { withPreamble } from "../../components/model/preamble";
import { localDocker } from "./local-docker";
import { freePort } from "./ports";

/** A front door on this machine, by the scripts of a deployment, but with a name and ports of its own. */
export class FrontDoor {
  readonly name = `berth-door-${randomBytes(3).toString("hex")}`;
  readonly sandbox = `${this.name}-sandbox`;
  /** Address in the network of the sites. */
  address = "";

  private constructor(readonly ports: { http: number; https: number }) {}

  static async open(): Promise<FrontDoor> {
    const door = new FrontDoor({ http: await freePort(), https: await freePort() });
    door.address = / address (\S+) /.exec((await door.join("none", [])).stdout)?.[1] ?? "";
    return door;
  }

  /** The step of a deployment before its edge changes. */
  async join(stack: string, names: string[]) {
    return this.#run(["routes.sh", "join.sh"], [DOOR_IMAGE, "shop", stack, ...names]);
  }

  /** Routes names to the container with the alias `shop-<stack>.door`. */
  async route(stack: string, names: string[], { version = DOOR_VERSION, configuration = CONFIGURATION } = {}) {
    const words = [String(version), DOOR_IMAGE, "id", "shop", stack, ...names];
    return this.#run(["routes.sh", "route.sh"], words, configuration);
  }

  async leave(stack: string) {
    return this.#run(["routes.sh", "leave.sh"], [String(DOOR_VERSION), DOOR_IMAGE, "id", "shop", stack]);
  }

  async close() {
    return this.#run(["routes.sh", "close.sh"], [DOOR_IMAGE]);
  }

  /** Names of the running containers of HAProxy. */
  async running(): Promise<string[]> {
    const filter = `label=berth.joins=${this.sandbox}`;
    return (await localDocker("ps", "--filter", filter, "--format", "{{.Names}}")).split("\n").filter(Boolean);
  }

  /** Removes whatever is left. */
  async remove(): Promise<void> {
    const names = ["ps", "--all", "--filter", `name=${this.name}`, "--format", "{{.Names}}"];
    const containers = (await localDocker(...names)).split("\n").filter(Boolean);
    if (containers.length > 0) await localDocker("rm", "--force", "--volumes", ...containers);
    await localDocker("volume", "rm", "--force", this.name);
    await execa("docker", ["network", "rm", this.name], { reject: false });
  }

  async #run(files: string[], words: string[], input = "") {
    const text = files.map((file) => readFileSync(`components/door/scripts/${file}`, "utf8")).join("");
    const own = text
      .replaceAll("berth-door", this.name)
      .replaceAll("0.0.0.0:80:80", `127.0.0.1:${this.ports.http}:80`)
      .replaceAll("0.0.0.0:443:443", `127.0.0.1:${this.ports.https}:443`);
    return execa("sh", ["-c", withPreamble(own), "sh", ...words], { input, reject: false });
  }
}

const CONFIGURATION = readFileSync("components/door/haproxy.cfg", "utf8");
