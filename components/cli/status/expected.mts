/** What a status is about, as the state knows it. */
export interface Expected {
  project: string;
  stack: string;
  /** The site's address; empty where the program exports none. */
  url: string;
  /** The release that was deployed last. */
  release: string;
  /** Names of the containers there should be. */
  containers: string[];
  /** Names of those that only wait to be deleted. */
  leaving: string[];
}

/** A name without what all things of the stack begin with. */
export function shortName({ project, stack }: Pick<Expected, "project" | "stack">, name: string): string {
  const prefix = `${project}-${stack}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
