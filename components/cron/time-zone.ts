const DAY = 86_400;
/** Offsets are looked up for these years, whatever the date, so that the same program gives the same container. */
const [FROM, UNTIL] = [Date.UTC(2025) / 1000, Date.UTC(2051) / 1000];

/**
 * The offsets of a time zone until 2050 for the runner, as many images have no time zone database: lines of `<time> <seconds east of UTC>`,
 * each valid from its time on (seconds since 1970).
 */
export function offsetsOf(timeZone: string): string {
  const offsetAt = offsetsIn(timeZone);
  const lines: string[] = [`0 ${offsetAt(FROM)}`];
  // No country keeps an offset for less than a week; Morocco's shortest lasts a month.
  for (let time = FROM; time < UNTIL; time += 7 * DAY) {
    const [before, after] = [offsetAt(time), offsetAt(time + 7 * DAY)];
    if (before !== after) lines.push(`${changeBetween(time, time + 7 * DAY, offsetAt)} ${after}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The first second with the later offset. Offsets change at full minutes. */
function changeBetween(early: number, late: number, offsetAt: (time: number) => number): number {
  const before = offsetAt(early);
  let [low, high] = [early / 60, late / 60];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 60) === before) low = middle;
    else high = middle;
  }
  return high * 60;
}

function offsetsIn(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  return (time) => {
    const name = format.formatToParts(time * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign = "+", hours = 0, minutes = 0] = /^GMT(?:([+-])(\d+):(\d+))?$/.exec(name) ?? [];
    return (sign === "-" ? -60 : 60) * (Number(hours) * 60 + Number(minutes)) || 0;
  };
}
