import { type FormEvent, useEffect, useState } from "react";

export function SignIn({ enter }: { enter: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  // The server's page is visible before its script runs. Until then the browser itself would submit the form, to nobody.
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem("");
    await enter(password).catch((error: Error) => setProblem(error.message));
  };
  return (
    <form onSubmit={submit}>
      <label>
        Password
        <input
          type="password"
          autoComplete="current-password"
          required
          disabled={!ready}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <button type="submit" disabled={!ready}>
        Sign in
      </button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
