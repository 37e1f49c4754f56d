interface Spec {
  Role: string;
  Availability: string;
  Labels: Record<string, string>;
}

interface Engine {
  state: "inactive" | "active" | "pending" | "stopped";
  /** Identity of its Swarm. */
  swarm: string;
  requests: string[];
}

/** Servers whose engines answer the part of Docker's API that join and leave use. */
export class FakeSwarm {
  readonly nodes = new Map<string, { spec: Spec; state: string; version: number }>();
  services = 0;
  /** Rotations of the join tokens. */
  rotations = 0;
  readonly #engines = new Map<string, Engine>();

  /** Sends a request to a server's engine. */
  send(name: string, method: string, url: string, body?: unknown): { status: number; answer: unknown } {
    const engine = this.#engine(name);
    engine.requests.push(`${method} ${url} ${body === undefined ? "" : JSON.stringify(body)}`.trim());
    const [status, answer] = this.#answer(name, engine, method, url, body);
    return { status, answer };
  }

  /** Whether a server's engine runs. */
  runs(name: string): boolean {
    return this.#engine(name).state !== "stopped";
  }

  /** The requests that change something. */
  changes(name: string): string[] {
    return this.#engine(name).requests.filter((one) => !one.startsWith("GET"));
  }

  /** Puts a server into a Swarm of somebody else. */
  joinForeign(name: string): void {
    Object.assign(this.#engine(name), { state: "active", swarm: "foreign" });
  }

  /** Cuts a server off from the others, as another address does. */
  strand(name: string): void {
    this.#engine(name).state = "pending";
    const node = this.nodes.get(name);
    if (node) node.state = "down";
  }

  stop(name: string): void {
    this.#engine(name).state = "stopped";
    const node = this.nodes.get(name);
    if (node) node.state = "down";
  }

  #engine(name: string): Engine {
    const engine = this.#engines.get(name) ?? { state: "inactive" as const, swarm: "", requests: [] };
    this.#engines.set(name, engine);
    return engine;
  }

  #answer(name: string, engine: Engine, method: string, url: string, body: unknown): [number, unknown?] {
    const [path = "", query = ""] = url.split("?");
    const manager = this.nodes.get(name)?.spec.Role === "manager" && engine.state === "active";
    if (path === "/info") {
      const info = { LocalNodeState: engine.state, NodeID: name, NodeAddr: `10.0.0.${name.length}` };
      return [200, { Swarm: { ...info, ControlAvailable: manager && engine.swarm === "own" } }];
    }
    if (path === "/swarm/init") return this.#enter(name, engine, "manager");
    if (path === "/swarm/join") {
      const role = (body as { JoinToken: string }).JoinToken === `manager-${this.rotations}` ? "manager" : "worker";
      return this.#enter(name, engine, role);
    }
    if (path === "/swarm/leave") {
      engine.state = "inactive";
      const node = this.nodes.get(name);
      if (node) node.state = "down";
      return [200];
    }
    if (!manager) return [503, { message: "This node is not a swarm manager." }];
    if (this.#hasLostQuorum()) {
      return [503, { message: "The swarm does not have a leader. It's possible that too few managers are online." }];
    }
    if (path === "/nodes") return [200, [...this.nodes.keys()].map((id) => this.#node(id))];
    if (path === "/services") return [200, Array(this.services).fill({})];
    if (path === "/tasks") return [200, []];
    if (path === "/swarm") {
      const [m, w] = [`manager-${this.rotations}`, `worker-${this.rotations}`];
      return [200, { Version: { Index: 7 }, Spec: { Name: "default" }, JoinTokens: { Manager: m, Worker: w } }];
    }
    if (path === "/swarm/update" && query.includes("rotateManagerToken=true")) {
      this.rotations++;
      return [200];
    }
    const [, id = "", action] = /^\/nodes\/(\w+)(\/update)?$/.exec(path) ?? [];
    const node = this.nodes.get(id);
    if (!node) return [404, { message: "no such node" }];
    if (method === "DELETE") this.nodes.delete(id);
    else if (action && query !== `version=${node.version}`) return [500, { message: "update out of sequence" }];
    else if (this.#wouldLoseQuorum(id, body as Spec)) {
      return [500, { message: "can't remove member from the raft: this would result in a loss of quorum" }];
    } else Object.assign(node, { spec: body, version: node.version + 1 });
    return [200];
  }

  #hasLostQuorum(): boolean {
    const managers = [...this.nodes.values()].filter(({ spec }) => spec.Role === "manager");
    return managers.filter(({ state }) => state === "ready").length * 2 <= managers.length;
  }

  /** Whether the other managers could not agree without a manager that becomes a worker. */
  #wouldLoseQuorum(id: string, { Role }: Spec): boolean {
    const managers = [...this.nodes].filter(([, { spec }]) => spec.Role === "manager");
    if (Role === "manager" || !managers.some(([one]) => one === id)) return false;
    const left = managers.filter(([one]) => one !== id);
    return left.filter(([, { state }]) => state === "ready").length * 2 <= left.length;
  }

  #enter(name: string, engine: Engine, role: string): [number] {
    Object.assign(engine, { state: "active", swarm: "own" });
    const spec = { Role: role, Availability: "active", Labels: {} };
    this.nodes.set(name, { spec, state: "ready", version: 1 });
    return [200];
  }

  #node(id: string) {
    const { spec, state, version } = this.nodes.get(id) ?? {};
    return { ID: id, Version: { Index: version }, Spec: spec, Status: { State: state } };
  }
}
