/** Whether a text has the form of a tunnel's token: JSON in base64, with account, tunnel and secret. */
export function isTunnelToken(text: string): boolean {
  try {
    const { a, t, s } = JSON.parse(Buffer.from(text, "base64").toString());
    return [a, t, s].every((part) => typeof part === "string" && part !== "");
  } catch {
    return false;
  }
}
