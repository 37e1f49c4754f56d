import type { ClientBase, Pool } from "pg";

/** All that `act` does with its client happens, or nothing of it. */
export async function transaction<T>(pool: Pool, act: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await act(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
