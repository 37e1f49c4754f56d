import * as pulumi from "@pulumi/pulumi";
import { container } from "../app/container";
import { type ContainerSpec, serverOf } from "../app/container-spec";
import { healthGate } from "../app/gate";
import { stateVolume } from "../host/state-volume";
import { fieldsOf } from "../model/schedule";
import { thisStack } from "../naming";
import { refuse } from "../problems";
import { scriptBeside } from "../scripts";
import { type CronArgs, problemsOf, scheduleText } from "./cron-args";
import { JOURNAL, OWN, RUNNER, runnerFiles, VOLUME } from "./runner";

/**
 * A command that runs on a schedule, in a container of the release's image which stays beside the services and waits for the time. Over a
 * release and a reboot, each time runs once. The output is in `berth logs`, the last result in `berth status`: a failed run makes the container
 * unhealthy until a run succeeds. `berth cron` lists schedules, last and next runs, and `berth cron run` starts one by hand.
 *
 * The image needs a shell, `awk`, `flock`, `setsid` and `mktemp`, as images of Debian, Ubuntu and Alpine have them.
 *
 * @example
 * new berth.Cron("digest", { ...app, schedule: "0 7 * * mon-fri", timeZone: "Europe/Berlin", command: ["python", "manage.py", "send_digest"] });
 * @throws pulumi.ResourceError that names what is wrong with the schedule, the time zone or the timeout.
 */
export class Cron extends pulumi.ComponentResource {
  constructor(name: string, args: CronArgs, opts?: pulumi.ComponentResourceOptions) {
    super("berth:cron:Cron", name, {}, opts);
    refuse(`the scheduled job ${name}`, problemsOf(args), this);
    const { onRelease = "wait", startTimeout, after } = args;
    const { made, volume } = stateVolume(`${name}-journal`, serverOf(args), this);
    const spec = specOf(args, volume);
    const role = {
      health: HEALTH,
      background: true,
      labels: { cron: scheduleText(args) },
      overrides: { entrypoints: RUNNER, init: true, stopSignal: "SIGTERM" },
    };
    // New before old: the old container hands the schedule over through a lock in the volume.
    const leaves = onRelease === "leave";
    const dockerContainer = container(name, spec, role, { parent: this, dependsOn: [made], retainOnDelete: leaves });
    const gateArgs = { spec, container: dockerContainer, timeout: startTimeout, dependsOn: after };
    // The last run may have failed, which must not block a release.
    const ready = healthGate(name, { ...gateArgs, health: READY, ownFolders: [JOURNAL] }, this);
    const { project, stack } = thisStack();
    serverOf(args).run(
      `${name}-retired`,
      {
        script: "",
        undo: scriptBeside(__dirname, "retire.sh"),
        args: [dockerContainer.id, onRelease, project, stack, name],
        triggers: [dockerContainer.id],
      },
      { parent: this, dependsOn: [ready] },
    );
    this.registerOutputs({});
  }
}

/** The container of the runner, which runs the command. */
function specOf(args: CronArgs, volume: { name: pulumi.Output<string> }): ContainerSpec {
  const { timeZone = "UTC", overlap = "forbid", missed = "run", timeout = 3600 } = args;
  return {
    ...args,
    command: ["keep", ...args.command],
    env: {
      ...args.env,
      CRON_SCHEDULE: fieldsOf(args.schedule).join(" "),
      CRON_TIME_ZONE: timeZone,
      CRON_OVERLAP: overlap,
      CRON_MISSED: missed,
      CRON_TIMEOUT: String(timeout),
    },
    files: { ...args.files, ...runnerFiles(timeZone) },
    volumes: { ...args.volumes, [VOLUME]: { volume, readOnly: false } },
    tmpfs: [...(args.tmpfs ?? []), OWN],
    stopGrace: args.stopGrace ?? timeout + 30,
  };
}

const READY = { command: [...RUNNER, "ready"] };
const HEALTH = { command: [...RUNNER, "healthy"], interval: 60, timeout: 10, retries: 1 };
