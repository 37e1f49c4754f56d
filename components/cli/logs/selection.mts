/** Which lines of a stack's logs are wanted. */
export interface Selection {
  /** Name of the service; empty for all services. */
  service: string;
  /** Text that the lines contain; empty for all lines. */
  text: string;
  since: Date | undefined;
  until: Date | undefined;
}

/** Options of journalctl. The text is a literal in its regular expression. */
export function journalOptions({ since, until, text }: Partial<Selection>): string[] {
  return [
    ...(since ? [`--since=@${since.getTime() / 1000}`] : []),
    ...(until ? [`--until=@${until.getTime() / 1000}`] : []),
    ...(text ? [`--grep=\\Q${text.replaceAll("\\E", "\\E\\\\E\\Q")}\\E`, "--case-sensitive=yes"] : []),
  ];
}

/** Options of `docker logs`, which knows no text. */
export function dockerOptions({ since, until }: Partial<Selection>): string[] {
  return [...(since ? ["--since", since.toISOString()] : []), ...(until ? ["--until", until.toISOString()] : [])];
}
