/** Maximum length of a file name in bytes, so that it fits into the header of a tar archive. */
const NAME_LENGTH = 99;

/** Errors in the paths of folders in a container, a sentence each. A trailing slash is allowed. */
export function folderPathProblems(argument: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => sentence(argument, path, whyWrong(path.replace(/(?<=.)\/$/, ""))));
}

/** Errors in the paths of files in a container, a sentence each. Their folders become volumes. */
export function filePathProblems(argument: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const inRoot = /^\/[^/]*$/.test(path) ? "must be in a folder other than /" : undefined;
    return sentence(argument, path, whyWrong(path) ?? inRoot);
  });
}

function sentence(argument: string, path: string, reason: string | undefined): string[] {
  return reason ? [`${argument}: the path ${JSON.stringify(path)} ${reason}.`] : [];
}

function whyWrong(path: string): string | undefined {
  if (!path.startsWith("/")) return "must begin with a slash";
  if (path === "/") return "must not be the root folder";
  if (/[^\x21-\x7e]|[:\\]/.test(path)) return "can contain only ASCII characters, and no spaces, colons or backslashes";
  const names = path.slice(1).split("/");
  if (names.some((name) => ["", ".", ".."].includes(name))) return "must not contain empty parts, . or ..";
  return names.some((name) => name.length > NAME_LENGTH)
    ? `has a part of more than ${NAME_LENGTH} characters`
    : undefined;
}
