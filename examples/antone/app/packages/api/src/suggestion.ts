const API = process.env["DEEPSEEK_API"] ?? "https://api.deepseek.com";

/** A text for a post, written by DeepSeek. */
export async function suggestion(topic: string, key: string): Promise<string> {
  const answer = await fetch(`${API}/chat/completions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "deepseek-chat",
      messages: [
        { role: "system", content: "Write one post for a social network, at most 280 characters, without hashtags." },
        { role: "user", content: topic },
      ],
    }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`DeepSeek answered ${answer.status}`);
  const { choices } = (await answer.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? "";
}
