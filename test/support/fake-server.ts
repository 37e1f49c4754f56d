import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Place } from "../../components/remote/place.mts";

/**
 * A server in a folder: `ssh` runs scripts on this machine, with fake programs on PATH and /etc in the folder. The fake engine starts
 * unless its daemon.json contains the text of the file `clash`, whose reason is in `reason`.
 */
export class FakeServer {
  readonly folder = mkdtempSync(join(tmpdir(), "berth-fake-"));
  readonly place: Place = { sshPrefix: `${this.folder}/ssh -T host`, project: "shop", stack: "prod" };

  constructor() {
    for (const [name, script] of Object.entries(PROGRAMS)) this.program(name, script);
    // As ssh does, it passes the command to a shell.
    this.#executable(
      "ssh",
      `for last; do :; done
case " $* " in *" -O check "*) exit 0 ;; esac
export root=${this.folder}
PATH=$root/bin:/usr/bin:/bin exec sh -c "$(printf '%s' "$last" | sed "s,/etc/,$root/etc/,g; s,/usr/sbin:/sbin:/snap/bin,$root/sbin,g; s,/usr/sbin:/sbin,$root/sbin,g; s,/snap/bin,$root/snap,g")"`,
    );
    mkdirSync(join(this.folder, "etc/ssh/sshd_config.d"), { recursive: true });
    this.write("etc/passwd", "ubuntu:x:1000:1000::/home/ubuntu:/bin/bash\n");
    this.write("etc/os-release", 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04"\n');
    this.write("engine", "running");
  }

  /** Adds or replaces a program. It can write to `$root`. */
  program(name: string, script: string): void {
    this.#executable(`bin/${name}`, `echo "${name} $*" >>$root/calls\n${script}`);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** Content of a file; undefined if there is none. */
  read(file: string): string | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  /** Calls of programs that match, in order. */
  calls(pattern: RegExp): string[] {
    return (this.read("calls") ?? "").split("\n").filter((line) => pattern.test(line));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #executable(file: string, script: string): void {
    this.write(file, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.folder, file), 0o755);
  }
}

const CONFIG = "$root/etc/docker/daemon.json";
const STARTS = `if [ -e $root/clash ] && grep -q "$(cat $root/clash)" ${CONFIG} 2>/dev/null; then echo failed >$root/engine; exit 1; fi; echo running >$root/engine; grep -q '"live-restore": true' ${CONFIG} 2>/dev/null && touch $root/restores || rm -f $root/restores`;

const PROGRAMS: Record<string, string> = {
  sudo: '[ "$1" != -n ] || shift; exec "$@"',
  id: "case $1 in -u) echo 1000 ;; -un) echo ubuntu ;; -Gn) echo ubuntu docker ;; esac",
  sleep: "",
  df: 'echo head; echo "x 90000000 1 80000000 1% /"',
  dockerd:
    'case $* in --help) echo "$(cat $root/help 2>/dev/null)" ;; *--validate*) [ ! -e $root/invalid ] || { cat $root/invalid; exit 1; } ;; esac',
  docker: `grep -q running $root/engine || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
case "$*" in
  "version --format {{.Server.Version}}") echo 28.2.2 ;;
  "version --format Docker"*) echo "Docker 28.2.2 is ready." ;;
  "info --format {{.LiveRestoreEnabled}}") [ -e $root/restores ] && echo true || echo false ;;
  "info --format swarm"*) printf 'swarm %s\\nsecurity []\\n' "$(cat $root/swarm 2>/dev/null || echo inactive)" ;;
  "ps --quiet") cat $root/running 2>/dev/null ;;
  "ps --format"*) sed 's/.*/container &|||/' $root/running 2>/dev/null ;;
esac
exit 0`,
  systemctl: `case "$*" in
  "cat docker.service") echo "ExecStart=/usr/bin/dockerd $(cat $root/flags 2>/dev/null)" ;;
  "restart docker" | "start docker") ${STARTS} ;;
  "reload docker") grep -q '"live-restore": true' ${CONFIG} && [ ! -e $root/stubborn ] && touch $root/restores; exit 0 ;;
  *is-active*docker) grep -q running $root/engine ;;
  *is-failed*) grep -q failed $root/engine ;;
  *is-active*ssh*) [ ! -e $root/sshd-down ] ;;
esac`,
  journalctl: "cat $root/reason 2>/dev/null",
  sshd: `case $1 in
  -T) cat $root/limits 2>/dev/null || printf 'maxsessions 10\\nmaxstartups 10:30:100\\n' ;;
  -t) [ ! -e $root/sshd-rejects ] || [ ! -e $root/etc/ssh/sshd_config.d/berth.conf ] || { cat $root/sshd-rejects; exit 255; } ;;
esac`,
  ss: "cat $root/listening 2>/dev/null",
  "apt-get": "",
  "apt-cache": "exit 100",
  gpasswd: "",
  getent: 'grep "^$2:" $root/etc/passwd',
};
