import { described } from "./described.ts";
import { asText, type Setting, type Settings } from "./setting.ts";

/** Writes a table of settings between each `<!-- settings: <name> -->` and `<!-- end -->` of a Markdown page. */
export function withTables(page: string, tables: Readonly<Record<string, Settings>>): string {
  return page.replaceAll(/(<!-- settings: (\w+) -->\n).*?(<!-- end -->)/gs, (_, begin, name, end) => {
    const settings = tables[name];
    if (!settings) throw new Error(`There are no settings called ${name}, only ${Object.keys(tables).join(" and ")}`);
    return `${begin}${table(settings)}${end}`;
  });
}

function table(settings: Settings): string {
  const rows = Object.entries(settings).map(
    ([name, setting]) => `| \`${name}\` | ${shown(setting)} | ${meaning(setting)} |\n`,
  );
  return `| Setting | Default | Description |\n|---|---|---|\n${rows.join("")}`;
}

function shown({ default: value }: Setting): string {
  if (value === undefined) return "required";
  return value === "" || asText(value) === "{}" ? "none" : `\`${asText(value)}\``;
}

function meaning(setting: Setting): string {
  return [
    described(setting).replaceAll("|", "\\|").replaceAll("<", "&lt;"),
    ...(setting.env ? [`Environment variable: \`${setting.env}\`.`] : []),
    ...(setting.rollback === false ? ["Not restored by a rollback."] : []),
  ].join(" ");
}
