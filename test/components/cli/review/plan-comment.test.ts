import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Line } from "../../../../components/cli/plan/lines.mts";
import type { Mark } from "../../../../components/cli/plan/mark.mts";
import { worstOf } from "../../../../components/cli/plan/words.mts";
import { forgeOf } from "../../../../components/cli/review/forge.mts";
import { commentPlan } from "../../../../components/cli/review/plan-comment.mts";
import { commentPreview } from "../../../../components/cli/review/preview-comment.mts";

interface Asked {
  method: string;
  path: string;
  token: string | undefined;
  body: string;
}

const stack = { name: "prod", project: { name: "shop", folder: "/shop", backend: "s3://state" } };
const line = (mark: Mark): Line => ({ subjects: ["x"], event: "replaced", reasons: [], mark });
const planned = (lines: Line[] = [], markdown = "### Plan") => ({
  text: "",
  markdown,
  json: { stack: "prod", lines, refusals: [], obstacles: [] },
  changesData: false,
  refused: false,
});

let folder: string;
let server: Server;
let asked: Asked[];
let comments: { id: number; body: string | null }[];
let status: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "berth-review-"));
  [asked, comments, status] = [[], [], 200];
  server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const token = headers.authorization ?? headers["private-token"]?.toString();
    asked.push({ method, path: url, token, body: await text(request) });
    const page = Number(new URL(url, "http://x").searchParams.get("page"));
    response
      .writeHead(status)
      .end(method === "GET" ? JSON.stringify(comments.slice((page - 1) * 100, page * 100)) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

const api = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const written = () => asked.filter(({ method }) => method !== "GET");

function onGitHub(): void {
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  vi.stubEnv("GITHUB_ACTIONS", "true");
  vi.stubEnv("GITHUB_API_URL", api());
  vi.stubEnv("GITHUB_REPOSITORY", "acme/shop");
  vi.stubEnv("GITHUB_EVENT_PATH", join(folder, "event.json"));
  vi.stubEnv("GITHUB_TOKEN", "t0ken");
}

describe("a plan on a pull request of GitHub", () => {
  beforeEach(onGitHub);

  test("is a comment that begins with its worst impact", async () => {
    comments = [
      { id: 1, body: null },
      { id: 2, body: "Nice" },
    ];
    await commentPlan(stack, async () => planned([line({ kind: "data change" })]));
    const [{ method, path, token, body }] = written() as [Asked];
    expect([method, path, token]).toEqual(["POST", "/repos/acme/shop/issues/7/comments", "Bearer t0ken"]);
    expect(JSON.parse(body)).toEqual({ body: "<!-- berth-plan shop/prod -->\n**Data change**\n\n### Plan" });
  });

  test("replaces the plan of an earlier commit, and no other stack's, on any page", async () => {
    comments = Array.from({ length: 150 }, (_, id) => ({ id, body: "Nice" }));
    comments.push(
      { id: 500, body: "<!-- berth-plan shop/staging -->\nold" },
      { id: 501, body: "<!-- berth-plan shop/prod -->\nold" },
    );
    await commentPlan(stack, async () => planned());
    expect(written().map(({ method, path }) => [method, path])).toEqual([
      ["PATCH", "/repos/acme/shop/issues/comments/501"],
    ]);
  });

  test("that failed replaces it too, without the reason, which may be long", async () => {
    const failing = commentPlan(stack, async () => {
      throw new Error("the reason");
    });
    await expect(failing).rejects.toThrow("the reason");
    expect(JSON.parse(written()[0]?.body ?? "").body).toContain("**The plan of the stack prod failed.**");
    expect(written()[0]?.body).not.toContain("the reason");
  });

  test("is cut where GitHub would refuse it", async () => {
    await commentPlan(stack, async () => planned([], "x".repeat(70_000)));
    const { body } = JSON.parse(written()[0]?.body ?? "");
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/The rest is in the log of the job\.$/);
  });

  test("fails with what the job lacks", async () => {
    status = 403;
    await expect(commentPlan(stack, async () => planned())).rejects.toThrow(
      "answered 403. The job needs `permissions: pull-requests: write`",
    );
    vi.stubEnv("GITHUB_TOKEN", "");
    await expect(commentPlan(stack, async () => planned())).rejects.toThrow("needs the variable GITHUB_TOKEN");
  });
});

test("a plan on a merge request of GitLab replaces the earlier note", async () => {
  const variables = { GITLAB_CI: "true", CI_API_V4_URL: api(), CI_PROJECT_ID: "42", CI_MERGE_REQUEST_IID: "7" };
  for (const [name, value] of Object.entries({ ...variables, BERTH_GITLAB_TOKEN: "glpat", GITHUB_ACTIONS: "" })) {
    vi.stubEnv(name, value);
  }
  comments = [{ id: 3, body: "<!-- berth-plan shop/prod -->\nold" }];
  await commentPlan(stack, async () => planned());
  const [{ method, path, token, body }] = written() as [Asked];
  expect([method, path, token]).toEqual(["PUT", "/projects/42/merge_requests/7/notes/3", "glpat"]);
  expect(JSON.parse(body).body).toContain("**Nothing to do**");
});

test("a comment needs a pull or merge request", () => {
  expect(() => forgeOf({})).toThrow("is for GitHub Actions and GitLab CI");
  expect(() => forgeOf({ GITHUB_ACTIONS: "true", GITHUB_TOKEN: "x" })).toThrow("needs a pull request");
  expect(() => forgeOf({ GITLAB_CI: "true", BERTH_GITLAB_TOKEN: "x" })).toThrow("needs a merge request pipeline");
});

test.each<[string, Line[], string[]]>([
  ["Nothing to do", [], []],
  ["No downtime, no data change", [line({ kind: "no downtime" })], []],
  ["Downtime (~7 s)", [line({ kind: "downtime", seconds: 2 }), line({ kind: "downtime", seconds: 7 })], []],
  ["Removed for good", [line({ kind: "downtime" })], []],
  ["Data change, downtime (~3 s)", [line({ kind: "data change", seconds: 3 }), line({ kind: "no downtime" })], []],
  ["Refused by a policy, data change", [line({ kind: "data change" })], ["volume-kept: …"]],
])("the worst impact of a plan is: %s", (worst, lines, refusals) => {
  expect(worstOf(lines, refusals)).toBe(worst);
});

describe("a preview environment on a pull request", () => {
  beforeEach(onGitHub);
  const bodies = () => written().map(({ body }) => JSON.parse(body).body);

  test("is a comment with its URL, and returns it", async () => {
    expect(await commentPreview(stack, async () => "https://pr-7.preview.example.org")).toBe(
      "https://pr-7.preview.example.org",
    );
    expect(bodies()).toEqual(["<!-- berth-preview shop/prod -->\n**Preview: https://pr-7.preview.example.org**"]);
  });

  test("that fails is said to have failed, in place of the earlier comment", async () => {
    comments = [{ id: 5, body: "<!-- berth-preview shop/prod -->\n**Preview: https://x**" }];
    const failing = commentPreview(stack, () => Promise.reject(new Error("no disk")));
    await expect(failing).rejects.toThrow("no disk");
    expect(written().map(({ method, path }) => [method, path])).toEqual([
      ["PATCH", "/repos/acme/shop/issues/comments/5"],
    ]);
    expect(bodies()[0]).toContain("could not be deployed");
  });
});
