import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A migration between two releases. */
export interface Migration {
  file: string;
  /** Operations in it that break an older version: keywords of Django, Alembic or SQL. */
  breakingOperations: string[];
}

/** Migration files of Django, Alembic and others. */
const FOLDER = /(^|\/)(migrations|alembic\/versions)\/[^/]+\.(py|sql|ts|js)$/;
const BREAKING =
  /\b(RemoveField|DeleteModel|RenameField|RenameModel|AlterField|RunPython|RunSQL|drop_column|drop_table|alter_column|DROP (?:TABLE|COLUMN))\b/gi;

/** Migrations that are in the newer sources but not in the older ones. */
export function migrationsSince(older: string, newer: string): Migration[] {
  const olderFiles = new Set(migrationsOf(older));
  return migrationsOf(newer)
    .filter((file) => !olderFiles.has(file))
    .map((file) => ({
      file,
      breakingOperations: [...new Set(readFileSync(join(newer, file), "utf8").match(BREAKING) ?? [])],
    }));
}

function migrationsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => FOLDER.test(file) && !file.endsWith("__init__.py"))
    .sort();
}
