import { expect, test } from "vitest";
import { askOthers } from "../../../../components/cli/state/others.mts";
import { Problem } from "../../../../components/model/problem";

const other = (name: string) => ({ name, place: { sshPrefix: `ssh ${name}`, project: "shop", stack: "prod" } });

test("a server that does not answer is named, and the others are heard", async () => {
  const { answers, problems } = await askOthers([other("beta"), other("gamma")], async ({ sshPrefix }) => {
    if (sshPrefix === "ssh beta") throw new Problem("Connection refused");
    return sshPrefix;
  });
  expect(answers).toEqual(["ssh gamma"]);
  expect(problems).toEqual(["The server beta does not answer, so what runs there is missing here. Connection refused"]);
});

test("a mistake of the program is none of a server", async () => {
  const failing = askOthers([other("beta")], () => Promise.reject(new TypeError("undefined is not a function")));
  await expect(failing).rejects.toThrow(TypeError);
});
