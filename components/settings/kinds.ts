import { z } from "zod";
import { HOST, toAscii } from "../model/host-name.ts";
import type { Parsed } from "../model/parsed.ts";
import { isTimeZone } from "../model/time-zone.ts";
import { parseJson } from "../model/values.ts";

/** Settings by name, in the text form in which Pulumi passes them to a program. */
export type RawSettings = Readonly<Record<string, string>>;

/** A whole number from `least` to `most`, both included. */
export function number(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}

/** Text; undefined if empty. */
export const optional = z.string().transform((text) => (text === "" ? undefined : text));

/** Text that a function parses; undefined if empty. */
export function parsed<Value>(parse: (text: string) => Parsed<Value>) {
  return optional.transform((text, context) => (text === undefined ? undefined : valueIn(parse(text), context)));
}

/** The value of what was parsed; an issue for each problem. */
export function valueIn<Value>({ value, problems }: Parsed<Value>, context: z.RefinementCtx): Value | undefined {
  for (const problem of problems) context.addIssue({ code: "custom", message: `has a mistake: ${problem}` });
  return value;
}

/** A name of the time zone database. */
export const timeZone = z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin");

/** Text of at least `least` characters; undefined if empty. */
export function optionalSecret(least: number) {
  return optional.pipe(z.string().min(least, `must have at least ${least} characters`).optional());
}

/** Certificates in PEM form; undefined if empty. */
export const certificates = optional.pipe(
  z
    .string()
    .regex(/-----BEGIN CERTIFICATE-----/, "must be a certificate in PEM form, -----BEGIN CERTIFICATE-----…")
    .optional(),
);

export const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");

export const port = number(1, 65_535);

/** A port that tools use on the loopback address; 0 means none and is read as undefined. */
export const toolPort = number(0, 65_535).transform((port) => (port === 0 ? undefined : port));

/** Memory in MiB, at least `least`. */
export function memoryFrom(least: number) {
  return number(least, 1_048_576);
}

/** Memory in MiB. */
export const memory = memoryFrom(16);

/** Number of processes and threads. */
export const pids = number(10, 100_000);

const CPUS = "must be a number of processors such as 0.5 or 2";
/** Number of processors, e.g. `0.5`. */
export const cpus = z
  .string()
  .regex(/^\d+(\.\d+)?$/, CPUS)
  .transform(Number)
  .pipe(z.number().min(0.01, CPUS).max(1024, CPUS));

/** A list as JSON text, the form in which Pulumi passes it. */
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

/** A host name or an IP address. Internationalized names are read in the form of DNS. */
export function host(message: string) {
  return z.string().transform(toAscii).pipe(z.string().regex(HOST, message));
}

/** Entries of a list setting; empty if the text is no list, which its form reports. */
export function entriesOf(text = "[]"): string[] {
  const value = parseJson(text);
  return Array.isArray(value) ? value.map(String) : [];
}

/** A host name, an IP address, or all names one level below a name: `*.example.org`. */
export function hosts(message: string) {
  const name = z.string().regex(HOST);
  return z
    .string()
    .transform(toAscii)
    .refine((text) => name.safeParse(text.replace(/^\*\.(?=[^:]*$)/, "")).success, message);
}

/** Addresses separated by commas. */
export const addresses = z
  .string()
  .transform((text) => text.split(",").map((address) => address.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6()], "must be addresses such as 0.0.0.0, 127.0.0.1 or 0.0.0.0,::")));

/** A list of origins such as `http://localhost:3000`. */
export const origins = list(z.string().regex(/^https?:\/\/[^/]+$/, "must be origins such as http://localhost:3000"));
