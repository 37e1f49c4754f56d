import { z } from "zod";

/** Settings as Pulumi hands them over: all as text. */
export type RawSettings = Readonly<Record<string, string>>;

/** A whole number within limits, both included. */
export function number(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

/** Text, or undefined where it is empty. */
export const optional = z.string().transform((text) => (text === "" ? undefined : text));

/** Text of a least length, or undefined where it is empty. */
export function optionalSecret(least: number) {
  return optional.pipe(z.string().min(least, `must have at least ${least} characters`).optional());
}

export const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");

export const port = number(1, 65_535);

/** A port for tools on the loopback address; 0 is none. */
export const toolPort = number(0, 65_535).transform((port) => (port === 0 ? undefined : port));

/** Memory in MiB. */
export const memory = number(16, 1_048_576);

/** Processes and threads. */
export const pids = number(10, 100_000);

const CPUS = "must be a number of processors such as 0.5 or 2";
/** Processors, e.g. `0.5`. */
export const cpus = z
  .string()
  .regex(/^\d+(\.\d+)?$/, CPUS)
  .transform(Number)
  .pipe(z.number().min(0.01, CPUS).max(1024, CPUS));

/** A list in Pulumi's form, JSON. */
export function list<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "must be a list" });
        return z.NEVER;
      }
    })
    .pipe(z.array(item, "must be a list"));
}

/** Host names or addresses. */
export const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:]*:[0-9a-fA-F:]+$/;

/** Origins such as `http://localhost:3000`. */
export const origins = list(z.string().regex(/^https?:\/\/[^/]+$/, "must be origins such as http://localhost:3000"));
