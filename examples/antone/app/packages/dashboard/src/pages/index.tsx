import { useState } from "react";
import { session } from "../api";
import { Board } from "../posts/board";
import { SignIn } from "../sign-in";

/** The dashboard: the posts, for who has signed in. */
export default function Dashboard() {
  const [token, setToken] = useState<string>();
  const enter = async (password: string) => setToken(await session(password));
  return (
    <main>
      <h1>Antone</h1>
      {token === undefined ? <SignIn enter={enter} /> : <Board token={token} leave={() => setToken(undefined)} />}
    </main>
  );
}
