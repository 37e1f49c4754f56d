import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";

/** Folder of the pages in nginx's container. */
const FOLDER = "/srv/errors";

/** Pages for errors that nginx itself detects. nginx passes responses of the services unchanged, also errors. */
const PAGES: Record<string, (site: string) => { heading: string; text: string; link?: string }> = {
  unauthorized: () => ({ heading: "Sign in", text: "This page needs a user name and a password.", link: "Try again" }),
  forbidden: () => ({ heading: "Not allowed", text: "You are not allowed to open this page." }),
  "not-found": () => ({
    heading: "Not found",
    text: "This page does not exist. The address may be wrong, or the page has been removed.",
  }),
  "too-large": () => ({
    heading: "Too large",
    text: "The request is too large. Nothing was saved. Send smaller files, or fewer at a time.",
  }),
  "too-many": () => ({
    heading: "Too many requests",
    text: "Your address sent too many requests within a short time. Wait a minute, then try again.",
  }),
  unavailable: (site) => ({
    heading: "One moment, please",
    text: `${site} does not respond at the moment. It may be starting: try again in a few seconds. Saved data is not affected.`,
    link: "Try again",
  }),
};

const eta = new Eta({ autoEscape: true });

/**
 * The error pages by their path in nginx's container, as HTML and JSON. Files in the folder `own`, such as `not-found.html` or
 * `style.css`, override the package's. `title` is the site's name.
 */
export function errorPages({ own, title }: { own?: string | undefined; title?: string | undefined }) {
  const layout = readFileSync(join(__dirname, "errors", "page.eta"), "utf8");
  const home = `To ${title ?? "the start page"}`;
  const files: Record<string, string> = { "style.css": readFileSync(join(__dirname, "errors", "style.css"), "utf8") };
  for (const [name, page] of Object.entries(PAGES)) {
    const { heading, text, link = home } = page(title ?? "This site");
    files[`${name}.html`] = eta.renderString(layout, { heading, text, link, title });
    files[`${name}.json`] = `${JSON.stringify({ detail: text })}\n`;
  }
  if (own !== undefined) {
    for (const name of readdirSync(own)) files[name] = readFileSync(join(own, name), "utf8");
  }
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${FOLDER}/${name}`, content]));
}

/** Errors in a site's folder of error pages, a sentence each. */
export function errorPagesProblems(own: string): string[] {
  const names = namesIn(own);
  if (!names) return [`errorPages: there is no folder ${own}. Create it, or remove the argument.`];
  const pages = Object.keys(PAGES).flatMap((name) => [`${name}.html`, `${name}.json`]);
  return names
    .filter((name) => !pages.includes(name) && !/^[a-z-]+\.(css|svg)$/.test(name))
    .map(
      (name) =>
        `errorPages: nginx does not serve ${join(own, name)}. The pages are ${pages.join(", ")}; they can use .css and .svg files.`,
    );
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
