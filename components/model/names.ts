export interface StackId {
  project: string;
  stack: string;
}

/** A stack's name on its server: `<project>-<stack>`. */
export function stackNameOf({ project, stack }: StackId): string {
  return `${project}-${stack}`;
}

/** A name that no other stack on the same server has: `<project>-<stack>-<name>`. */
export function scopedNameOf(id: StackId, name: string): string {
  return `${stackNameOf(id)}-${name}`;
}

/** A name without the prefix `<project>-<stack>-`. */
export function shortName(id: StackId, name: string): string {
  const prefix = scopedNameOf(id, "");
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
