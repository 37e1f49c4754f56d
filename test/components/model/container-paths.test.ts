import { expect, test } from "vitest";
import { filePathProblems, folderPathProblems } from "../../../components/model/container-paths";

test.each(["/srv/data", "/run/secrets/key.pem", "/a/.hidden"])("F28: %s may be a path in a container", (path) => {
  expect([...filePathProblems("files", [path]), ...folderPathProblems("volumes", [path])]).toEqual([]);
});

test.each([
  ["srv/data", "must begin with a slash"],
  ["/", "must not be the root folder"],
  ["/srv/my data", "no spaces, colons or backslashes"],
  ["/srv/a:b", "no spaces, colons or backslashes"],
  ["/srv/größe", "only ASCII characters"],
  ["/srv//data", "must not contain empty parts"],
  ["/srv/../etc/x", "must not contain empty parts, . or .."],
  [`/srv/${"a".repeat(100)}`, "a part of more than 99 characters"],
])("F28: %s is refused as a path in a container: it %s", (path, rule) => {
  expect(filePathProblems("files", [path])).toEqual([expect.stringContaining(rule)]);
  expect(folderPathProblems("volumes", [path])[0]).toMatch(/^volumes: the path /);
});

test("F28: a folder may end with a slash; a file may not, and is in a folder", () => {
  expect(folderPathProblems("volumes", ["/srv/data/"])).toEqual([]);
  expect(filePathProblems("files", ["/srv/data/"])).toHaveLength(1);
  expect(filePathProblems("files", ["/key.pem"])).toEqual([
    'files: the path "/key.pem" must be in a folder other than /.',
  ]);
});
