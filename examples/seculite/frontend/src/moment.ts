const FORMAT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** A moment of the API's in the reader's time zone. */
export function moment(text: string): string {
  return FORMAT.format(new Date(text));
}
