import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { withPreamble } from "../../components/model/preamble";
import { FakeServer } from "./fake-server";

const CLIENT = "192.0.2.9";

/**
 * A fake server for the scripts that harden a server. Fake systemctl keeps the active units in the folder `active`, and nft its table in
 * the file `table`.
 */
export class HardenedServer extends FakeServer {
  constructor() {
    super();
    for (const [name, script] of Object.entries(PROGRAMS)) this.program(name, script);
    for (const file of ["active/ssh", "etc/systemd/system/ssh.service", "run/nothing"]) this.write(file, "");
  }

  /** Adds a program with an absolute path. */
  installed(path: string, script = ""): void {
    this.program(`../${path}`, script);
  }

  /** Runs one of the scripts as of the stack shop/prod, after the functions that it follows. */
  async run(functions: string[], script: string, words: string[] = [], input = "") {
    const own = ["common.sh", ...functions, script].map((file) => `host/scripts/hardening/${file}`);
    const files = ["prepare/step.sh", "prepare/apt.sh"].map((file) => `remote/scripts/${file}`);
    const text = [...files, ...own].map((file) => readFileSync(join("components", file), "utf8")).join("");
    const { exitCode, stdout, stderr } = await this.shell(
      withPreamble(text),
      ["shop", "prod", "shop-prod", ...words],
      input,
    );
    return { exitCode, stdout, stderr };
  }

  /** Runs the script that would take the change `subject` back after a minute. */
  async timePasses(subject: string): Promise<void> {
    const script = this.read(`run/berth/trials/${subject}/take-back.sh`);
    if (script === undefined) throw new Error(`nothing is on trial: ${subject}`);
    await this.shell(script, []);
  }

  /** Whether the table of the firewall is loaded. */
  get table(): string | undefined {
    return this.read("table");
  }

  shell(script: string, words: string[], input = "") {
    const { folder } = this;
    return execa("sh", ["-c", this.moved(script), "sh", ...words], {
      reject: false,
      input,
      env: { root: folder, SSH_CONNECTION: `${CLIENT} 50000 203.0.113.7 2222`, PATH: `${folder}/bin:/usr/bin:/bin` },
      extendEnv: false,
    });
  }

  /** The script with the folders of this server. The scripts that it writes have them already. */
  private moved(script: string): string {
    if (script.includes(this.folder)) return script;
    return script
      .replaceAll("/usr/sbin:/sbin", `${this.folder}/sbin`)
      .replaceAll(/(?<![\w}/.])\/(etc|run|var\/log|var\/lib|usr\/sbin|usr\/bin)\//g, `${this.folder}/$1/`);
  }
}

const PROGRAMS: Record<string, string> = {
  systemctl: `case "$*" in
  "show --property Listen"*) cat $root/listen 2>/dev/null ;;
  "is-active --quiet "* | "is-enabled --quiet "*) for last; do :; done; [ -e $root/active/$last ] ;;
  "enable --quiet --now "* | "enable --quiet "* | "restart "*) for last; do :; done; touch $root/active/$last ;;
  "reload-or-restart berth-firewall.service") nft -f $root/etc/berth/hardening/firewall.nft ;;
  "disable --quiet --now "* | "stop "*) for last; do :; done; rm -f $root/active/$last ;;
esac`,
  "systemd-run": `while [ $# -gt 0 ]; do case $1 in --unit) touch $root/active/$2.timer ;; esac; shift; done`,
  nft: `case "$1" in
  -f) [ ! -e $root/nft-rejects ] || { echo 'Error: syntax error' >&2; exit 1; }; cp $2 $root/table ;;
  delete) [ -e $root/table ] && rm $root/table ;;
esac`,
  ip: "cat $root/routes 2>/dev/null",
  ufw: "echo 'Status: inactive'",
  sshd: `effective() { cat $root/etc/ssh/sshd_config.d/*.conf $root/sshd_config 2>/dev/null | while read -r word value; do
    if [ "$word" = Include ]; then cat $value; else echo "$word $value"; fi; done | grep -i "^$1 " | head -n 1 | cut -d ' ' -f 2; }
case $1 in
  -t) [ ! -e $root/sshd-rejects ] || { cat $root/sshd-rejects; exit 255; } ;;
  -T)
    echo "port 22"
    for key in pubkeyauthentication passwordauthentication kbdinteractiveauthentication authenticationmethods; do
      value=$(effective $key); default=yes; [ $key != authenticationmethods ] || default=any
      echo "$key \${value:-$default}"
    done ;;
esac`,
  "dpkg-query": "cat $root/packages 2>/dev/null",
  "apt-get": `case "$*" in
  *--simulate*purge*) for last; do :; done; echo "Purg $last [1]"; cat $root/needing 2>/dev/null ;;
  *--simulate*autoremove*) cat $root/unneeded 2>/dev/null ;;
  *install*) for last; do :; done; printf 'ii  %s\\n' $last >>$root/packages ;;
  *purge*) for last; do :; done; sed -i "/^ii  $last\\$/d" $root/packages ;;
esac`,
  "fail2ban-client": "[ ! -e $root/fail2ban-rejects ] || { cat $root/fail2ban-rejects; exit 1; }",
  python3: "",
};
