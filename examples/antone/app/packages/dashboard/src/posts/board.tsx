import { useCallback, useEffect, useState } from "react";
import { cancel, posts as load, type Post, Refused } from "../api";
import { NewPost } from "./new-post";
import { PostList } from "./post-list";

const EVERY_MS = 2000;

/** All posts and a form for the next, kept up to date. */
export function Board({ token, leave }: { token: string; leave: () => void }) {
  const [posts, setPosts] = useState<Post[]>();
  const [problem, setProblem] = useState("");

  const refuse = useCallback(
    (error: Error) => {
      // The token is good for some hours.
      if (error instanceof Refused && error.status === 401) leave();
      else setProblem(error.message);
    },
    [leave],
  );
  const refresh = useCallback(async () => {
    try {
      setPosts(await load(token));
      setProblem("");
    } catch (error) {
      refuse(error as Error);
    }
  }, [token, refuse]);

  useEffect(() => {
    void refresh();
    const timer = setInterval(refresh, EVERY_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const takeBack = (id: string) => cancel(token, id).then(refresh, refuse);
  return (
    <>
      <NewPost token={token} added={refresh} />
      {problem && <p role="alert">{problem}</p>}
      {posts && <PostList posts={posts} takeBack={takeBack} />}
    </>
  );
}
