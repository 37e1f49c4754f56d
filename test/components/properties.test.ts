import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { parseTar } from "nanotar";
import { expect, test } from "vitest";
import { packFiles } from "../../components/app/files";
import { makeRoles } from "../../components/data/postgres-roles";
import { makeLogin } from "../../components/data/redis-users";
import { edgeProblems } from "../../components/edge/edge-args";
import { renderNginxConf } from "../../components/edge/nginx-conf";
import { filePathProblems } from "../../components/model/container-paths";
import { imageProblems, stackProblems, volumeProblems } from "../../components/model/name-rules";
import { scopedNameOf, stackNameOf } from "../../components/model/names";
import { commandLine, wordsOf } from "../../components/model/shell";

/** Names as people choose them: mostly valid characters, and some of every kind. */
const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."abcz019") },
  { weight: 3, arbitrary: fc.constantFrom(..."._-") },
  { weight: 1, arbitrary: fc.constantFrom(..."ABé/ :%\"'\\$#@\n\0漢") },
);
const name = fc.array(character, { maxLength: 120 }).map((characters) => characters.join(""));
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\"'\\$` \n\r\t%\u0085"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});
const withoutNul = anyText.filter((text) => !text.includes("\0"));

/** Docker's grammar of an image reference without a registry (distribution/reference), as a second opinion. */
const REFERENCE = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

test("F28: names of project, stack and image give a valid image name, or are refused", () => {
  fc.assert(
    fc.property(name, name, name, (project, stack, image) => {
      const repository = `${stackNameOf({ project, stack })}/${image}`;
      const problems = [...stackProblems({ project, stack }), ...imageProblems(image, repository)];
      expect(problems.length > 0 || (REFERENCE.test(repository) && repository.length <= 255)).toBe(true);
    }),
  );
});

test("F28: the name of a volume is valid for Docker and fits into a folder name, or is refused", () => {
  fc.assert(
    fc.property(name, (volume) => {
      const id = { project: "shop", stack: "prod" };
      const onServer = scopedNameOf(id, volume);
      const valid = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(onServer) && Buffer.byteLength(onServer) <= 255;
      expect(volumeProblems(id, volume).length > 0 || valid).toBe(true);
    }),
  );
});

test("F28: a file arrives in the container at its path with its content, or its path is refused", () => {
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`),
      anyText,
      (path, content) => {
        if (filePathProblems("files", [path]).length > 0) return;
        const lines = packFiles({ [path]: content }, "1:1")
          .trimEnd()
          .split("\n");
        const [folder = "", archive = "", ...others] = (lines[0] ?? "").split(" ");
        const [file] = parseTar(new Uint8Array(Buffer.from(archive, "base64")));
        expect([lines.length, others.length, `${folder}/${file?.name}`]).toEqual([1, 0, path]);
        expect(Buffer.from(file?.data ?? []).equals(Buffer.from(content))).toBe(true);
      },
    ),
  );
});

test("words reach a program through a shell and without one unchanged", () => {
  fc.assert(
    fc.property(fc.array(withoutNul, { minLength: 1, maxLength: 4 }), (words) => {
      expect(wordsOf(commandLine(words))).toEqual(words);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(
        withoutNul.filter((word) => !/\p{Cs}/u.test(word)),
        { minLength: 1, maxLength: 4 },
      ),
      (words) => {
        const script = `for word in ${commandLine(words)}; do printf '%s\\0' "$word"; done`;
        expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(
          words.map((word) => `${word}\0`).join(""),
        );
      },
    ),
    { numRuns: 25 },
  );
});

test("a password is one string in SQL and one word on one line for Redis", () => {
  const roles = { superuser: "admin", owner: "app", login: "app_1", database: "shop" };
  fc.assert(
    fc.property(withoutNul, (password) => {
      const quoted = `'${password.replaceAll("'", "''")}'`;
      expect(makeRoles(roles, password)).toContain(`ALTER ROLE "app_1" PASSWORD ${quoted};`);
      const [login = "", save, end, ...others] = makeLogin("app_1", password).split("\n");
      expect([save, end, others]).toEqual(["ACL SAVE", "", []]);
      const [, word = ""] = /reset on "((?:[^"\\]|\\.)*)" ~\* &\*/.exec(login) ?? [];
      expect(redisWord(word)).toBe(`>${password}`);
    }),
  );
});

test("a header is one value in nginx's configuration, or is refused", () => {
  const upstreams = {};
  const locations = { "/": { files: "/srv/site" } };
  fc.assert(
    fc.property(fc.oneof(withoutNul, fc.constantFrom("default-src 'self'", "img-src *; a 'sha256-a+/='")), (value) => {
      const settings = { contentSecurityPolicy: value };
      // The location ends with a slash, as nginx requires for files.
      if (edgeProblems({ upstreams, locations, settings }).length > 0) return;
      const lines = renderNginxConf(undefined, { upstreams: {}, locations, ...settings }).split("\n");
      const header = lines.filter((line) => line.includes("add_header Content-Security-Policy"));
      expect(header.map((line) => line.trim())).toEqual(
        value === "" ? [] : [`add_header Content-Security-Policy "${value}" always;`],
      );
      expect(value).not.toMatch(/["\\$\n]/);
    }),
  );
});

/** Reads a quoted word as redis-cli does. */
function redisWord(word: string): string {
  const bytes = [...word.matchAll(/\\x([0-9a-f]{2})|\\(.)|([^\\])/gsu)].map(([, hex, escaped, plain]) =>
    hex === undefined ? Buffer.from(escaped ?? plain ?? "") : Buffer.from(hex, "hex"),
  );
  return Buffer.concat(bytes).toString();
}
