import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { collectScript } from "../../components/metrics/host-metrics";

/** A server in a folder with the real collection of the metrics of the stack shop/prod. Fake programs on PATH answer from its files. */
export class MeasuredServer {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-metrics-"));

  constructor(sites: string[] = ["shop.example.org"]) {
    this.write("lib/collect.sh", collectScript({ project: "shop", stack: "prod", sites }));
    mkdirSync(join(this.folder, "lib/textfile"));
    for (const [name, program] of Object.entries(PROGRAMS)) {
      this.write(`bin/${name}`, `#!/bin/sh\nroot=${this.folder}\n${program}\n`);
      chmodSync(join(this.folder, "bin", name), 0o755);
    }
    this.write("containers", "");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** Sets the log of the container `id`, a line for each text, with a time of its own. */
  log(id: string, texts: string[]): void {
    const lines = texts.map((text, index) => `2026-11-28T05:00:00.${String(index).padStart(9, "0")}Z ${text}\n`);
    this.write(`logs/${id}`, lines.join(""));
  }

  delete(file: string): void {
    rmSync(join(this.folder, file), { force: true });
  }

  /** Runs the collection, which prints nothing, as if the last one was long ago. */
  async collect(): Promise<string> {
    rmSync(join(this.folder, "lib/checked"), { recursive: true, force: true });
    const env = { PATH: `${this.folder}/bin:/usr/bin:/bin` };
    const { stdout, stderr } = await execa("sh", [join(this.folder, "lib/collect.sh")], { env, extendEnv: false });
    return `${stdout}${stderr}`;
  }

  /** The file of a kind of metrics. */
  file(kind: string): string {
    const path = join(this.folder, `lib/textfile/${kind}.prom`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Its samples. */
  samples(kind: string): Record<string, number> {
    const lines = this.file(kind)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const PROGRAMS: Record<string, string> = {
  docker: `[ ! -e $root/engine-down ] || exit 1
case "$*" in
  version*) echo 28.2.2 ;;
  "ps --all --quiet --filter label=berth.project=shop --filter label=berth.stack=prod") cut -d '|' -f 1 $root/containers ;;
  ps*berth.healthPath*) ls $root/logs 2>/dev/null ;;
  ps*berth.backups*) [ ! -e $root/moments ] || echo id-backups ;;
  ps*berth.cron*) cat $root/jobs 2>/dev/null ;;
  inspect*) cat $root/containers ;;
  logs*) for id; do :; done; cat $root/logs/$id; echo "an error of nginx" >&2 ;;
  exec*cron.sh*) cat $root/status-$2 ;;
  exec*moments) cat $root/moments ;;
  exec*healthy) ! grep -q 'Not well' $root/health ;;
esac`,
  curl: `for url; do :; done
url=\${url#*containers/}
cat $root/stats-\${url%%/*} 2>/dev/null`,
};
