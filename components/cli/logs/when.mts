const UNITS: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Parses a time: an age such as `30m`, `2h` or `3d`, or a time such as `2026-11-26 14:31`, in UTC unless it ends with an offset such as
 * `+01:00`. Undefined if it is neither.
 */
export function parseWhen(text: string, now = new Date()): Date | undefined {
  const [, count = "", unit = ""] = /^(\d+)\s*(s|min|m|h|d|w)$/.exec(text.trim()) ?? [];
  if (unit !== "") return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0) * 1000);
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text.trim());
  if (!parts) return undefined;
  const [, day = "", minute = "00:00", second = ":00", zone = "Z"] = parts;
  const time = new Date(`${day}T${minute}${second}${zone}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
