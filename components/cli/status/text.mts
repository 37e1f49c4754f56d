import type { Maintenance } from "../maintenance/description.mts";
import { utcMinute } from "../terminal/local-time.mts";
import { table } from "../terminal/table.mts";
import type { ShownContainer } from "./containers.mts";
import type { Site } from "./site.mts";
import type { Status } from "./status.mts";

/** Formats a status as text. */
export function asText({ containers, volumes, disk, backups, site, maintenance, problems }: Status): string {
  return [
    table(
      ["SERVICE", "CONTAINER", "IMAGE", "STATE", "SINCE (UTC)", "HEALTH", "RESTARTS", "MEMORY"],
      containers.map(row),
    ),
    "",
    table(
      ["VOLUME", "SIZE"],
      volumes.map(({ name, mebibytes }) => [name, mebibytes === null ? "?" : `${mebibytes} MiB`]),
    ),
    ...(disk ? [`Free on their disk: ${disk.free.toFixed(1)} of ${disk.total.toFixed(1)} GiB`] : []),
    ...(backups ? ["", backups] : []),
    ...(site ? ["", ...siteLines(site)] : []),
    ...(maintenance ? [maintenanceLine(maintenance)] : []),
    ...(problems.length > 0 ? ["", `Not well:\n${problems.map((problem) => `  ${problem}`).join("\n")}`] : []),
  ].join("\n");
}

function row({
  service,
  name,
  image,
  state,
  exitCode,
  outOfMemory,
  since,
  health,
  restarts,
  memory,
}: ShownContainer): string[] {
  const ended = `ended (${exitCode}${outOfMemory ? ", out of memory" : ""})`;
  const used = state === "running" ? `${memory.used ?? "?"} of ${memory.limit} MiB` : "";
  return [
    service,
    name,
    image,
    state === "exited" ? ended : state,
    utcMinute(since),
    health ?? "",
    String(restarts),
    used,
  ];
}

function maintenanceLine({ since, by, message, allow }: Maintenance): string {
  const open = allow.length > 0 ? `, except ${allow.join(", ")}` : "";
  return `MAINTENANCE: visitors get 503${open}, since ${utcMinute(since)} by ${by}: ${message}`;
}

function siteLines({ url, status, release, deployed, certificate }: Site): string[] {
  const last = release === deployed ? "" : ` (deployed last: ${deployed ?? "none"})`;
  return [
    `Site:        ${url} answers ${status ?? "nothing"}`,
    `Release:     ${release ?? "not named by the site"}${last}`,
    ...(certificate
      ? [
          `Certificate: until ${utcMinute(certificate.expires)}, ${certificate.days} days, issued by ${certificate.issuer}`,
        ]
      : []),
  ];
}
