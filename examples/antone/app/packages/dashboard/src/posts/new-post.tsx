import { type FormEvent, useState } from "react";
import { schedule, suggest } from "../api";

const PLATFORMS = { log: "Log only", twitter: "Twitter", reddit: "Reddit", threads: "Threads" };

/** The form that schedules a post; without a time, it goes out now. */
export function NewPost({ token, added }: { token: string; added: () => Promise<void> }) {
  const [platform, setPlatform] = useState("log");
  const [body, setBody] = useState("");
  const [time, setTime] = useState("");
  const [problem, setProblem] = useState("");

  const attempt = async (act: () => Promise<void>) => {
    setProblem("");
    await act().catch((error: Error) => setProblem(error.message));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const publishAt = (time ? new Date(time) : new Date()).toISOString();
      await schedule(token, { platform, body, publishAt });
      setBody("");
      await added();
    });
  };
  return (
    <form onSubmit={submit}>
      <h2>New post</h2>
      <label>
        Text
        <textarea required maxLength={5000} value={body} onChange={(event) => setBody(event.target.value)} />
      </label>
      <label>
        Platform
        <select value={platform} onChange={(event) => setPlatform(event.target.value)}>
          {Object.entries(PLATFORMS).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        When (empty for now)
        <input type="datetime-local" value={time} onChange={(event) => setTime(event.target.value)} />
      </label>
      <button type="submit">Schedule</button>
      <button type="button" onClick={() => attempt(async () => setBody(await suggest(token, body)))}>
        Suggest a text
      </button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
