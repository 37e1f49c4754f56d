import type { Post } from "../api";

/** The posts as a table, the latest first. */
export function PostList({ posts, takeBack }: { posts: Post[]; takeBack: (id: string) => void }) {
  if (posts.length === 0) return <p>No posts yet.</p>;
  return (
    <table>
      <caption>Posts</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Text</th>
          <th scope="col">Platform</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {posts.map(({ id, publishAt, body, platform, status, detail }) => (
          <tr key={id}>
            <td>{new Date(publishAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}</td>
            <td>{body}</td>
            <td>{platform}</td>
            <td>
              {status}
              {detail && <small> {detail}</small>}{" "}
              {status === "scheduled" && (
                <button type="button" onClick={() => takeBack(id)} aria-label={`Cancel ${body.slice(0, 40)}`}>
                  Cancel
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
