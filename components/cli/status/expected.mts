/** The deployed stack according to the state. */
export interface Expected {
  project: string;
  stack: string;
  /** URL of the site; empty if the program exports none. */
  url: string;
  /** The release that was deployed last. */
  release: string;
  /** Names of the containers that should exist. */
  containers: string[];
  /** Names of the containers pending deletion. */
  leaving: string[];
}
