import * as room from "../../../remote/server/checks/room.mts";
import { type Judgement, ok, skipped, warning } from "../check.mts";
import { onAnyMachine, targetOf } from "../target.mts";

export const disk = onAnyMachine("disk", room.disk);
export const inodes = onAnyMachine("inodes", room.inodes);

export const memory: Judgement = (facts) => {
  const { server, settings } = facts;
  if (!server) return skipped("memory", "unknown");
  const checked = room.memory(server, targetOf(facts));
  const limits = Object.entries(settings.values)
    .filter(([name]) => name.endsWith("MemoryMb"))
    .reduce((sum, [, value]) => sum + Number(value), 0);
  if (checked?.status !== "ok" || !server.memory || limits * 1024 <= server.memory.total) return checked;
  return warning(
    "memory",
    `${checked.found}; the memory limits add up to ${limits} MiB`,
    "The settings whose names end in MemoryMb exceed the server's memory: lower them, or use a larger server.",
  );
};

export const processors: Judgement = ({ server }) => {
  return server && server.processors > 0
    ? ok("processors", String(server.processors))
    : skipped("processors", "unknown");
};
