import { quote } from "../model/shell";
import { scriptBeside } from "../scripts";

const PARTS = ["upgrade.sh", "new-server.sh", "hold-writers.sh", "copy.sh", "compare.sh"];
/** SQL by the shell variable that holds it. */
const SQL = {
  lock_tables: "lock-tables.sql",
  server_facts: "server-facts.sql",
  database_facts: "database-facts.sql",
};

/** Functions for postgres-data.sh, of which `upgrade` upgrades a server: one script, as it must complete or be undone as a whole. */
export function upgradeScript(): string {
  const scriptText = (file: string) => scriptBeside(__dirname, `upgrade/${file}`);
  const variables = Object.entries(SQL).map(([name, file]) => `${name}=${quote(scriptText(file).trimEnd())}\n`);
  return [...PARTS.map(scriptText), ...variables].join("");
}
