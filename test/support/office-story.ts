import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { Deployment } from "./deployment";
import { MailTracker } from "./mail-tracker";
import { pdf } from "./pdf";

/** Runs docker on the stack's server and returns its output. */
export type Docker = (...words: string[]) => Promise<string>;

/** The data of a day at the office, to be checked later. */
export interface OfficeDay {
  path: string;
  document: Uint8Array;
  mail: number;
}

/** The password the administrator chooses in place of the initial one. */
const CHOSEN = "correct horse battery staple";

/** Signs in as the administrator, who chooses a password the first time. */
export async function signedIn(deployment: Deployment): Promise<MailTracker> {
  const { url, adminUser, adminPassword } = await deployment.outputs();
  const site = new MailTracker(url, deployment.fetch);
  const first = await site.post("/api/auth/token/", { username: adminUser, password: adminPassword });
  if (first.status === 403) await site.choosePassword(adminUser, adminPassword, CHOSEN);
  await site.signIn(adminUser, CHOSEN);
  return site;
}

/** The main workflow: sign in, register a mail, attach a PDF, open it; and the refused requests. */
export async function officeDay(deployment: Deployment, docker: Docker): Promise<OfficeDay> {
  const site = await signedIn(deployment);
  const mail = await site.createMail(`2026/${randomBytes(4).toString("hex")}`);
  const document = await pdf(40);
  const path = await site.attach(mail, "Invoice März.pdf", document);
  const day = { path, document, mail };

  await expectKept(deployment, day);
  await isReadInParts(site, day);
  await keepsStrangersOut(site, day, await storedPdfs(deployment, docker));
  await refusesWhatIsNoPdf(site, mail, () => storedPdfs(deployment, docker));
  return day;
}

/** The PDF of an earlier day is returned byte for byte, as a PDF to be shown in the browser. */
export async function expectKept(deployment: Deployment, { path, document }: OfficeDay): Promise<void> {
  const site = await signedIn(deployment);
  const answer = await site.get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(/^inline/);
  expect(answer.headers.get("accept-ranges")).toBe("bytes");
  expect(Buffer.from(await answer.arrayBuffer()).equals(document)).toBe(true);
}

async function isReadInParts(site: MailTracker, { path, document }: OfficeDay): Promise<void> {
  const part = await site.get(path, { Range: "bytes=1000-1999" });
  expect(part.status).toBe(206);
  expect(part.headers.get("content-range")).toBe(`bytes 1000-1999/${document.length}`);
  expect(Buffer.from(await part.arrayBuffer()).equals(document.subarray(1000, 2000))).toBe(true);
}

async function keepsStrangersOut(site: MailTracker, { path }: OfficeDay, stored: string[]): Promise<void> {
  const stranger = new MailTracker(site.url, site.fetch);
  expect((await stranger.get(path)).status).toBe(401);
  expect((await stranger.get("/api/mails/")).status).toBe(401);
  await expect(stranger.signIn("admin", "wrong")).rejects.toThrow("401");
  expect(stored.length).toBeGreaterThan(0);
  for (const name of ["", ...stored]) expect((await site.get(`/_protected_pdfs/${name}`)).status, name).toBe(404);
}

async function refusesWhatIsNoPdf(site: MailTracker, mail: number, stored: () => Promise<string[]>): Promise<void> {
  const kept = async () => [await (await site.get(`/api/mails/${mail}/attachments/`)).json(), await stored()];
  const before = await kept();

  const text = await site.upload(mail, "letter.pdf", Buffer.from("Dear Sir or Madam"));
  expect(text.status).toBe(400);
  expect(await text.text()).toMatch(/PDF/);

  const large = await site.upload(mail, "large.pdf", Buffer.alloc(11 * 1024 * 1024, "%PDF-1.7\n"));
  expect(large.status).toBe(413);
  expect(await large.text()).toMatch(/10 MB/);

  expect(await kept()).toEqual(before);
}

/** Names of all files in the PDF volume. */
async function storedPdfs(deployment: Deployment, docker: Docker): Promise<string[]> {
  const [backend] = await containersOf(deployment, docker, "backend");
  const listed = await docker("exec", backend ?? "", "find", "/srv/mailtracker/pdfs", "-type", "f", "-printf", "%f\n");
  return listed
    .split("\n")
    .filter((name) => name !== "")
    .sort();
}

/** Name of one of the deployment's networks on its server. */
export async function networkOf(deployment: Deployment, docker: Docker, name: string): Promise<string> {
  const filters = [`label=berth.stack=${deployment.stack}`, `label=berth.service=${name}`];
  return docker("network", "ls", "--format", "{{.Name}}", ...filters.flatMap((filter) => ["--filter", filter]));
}

/** IDs of the deployment's containers, of one service or all, including stopped ones. */
export async function containersOf(deployment: Deployment, docker: Docker, service?: string): Promise<string[]> {
  const filters = [`label=berth.stack=${deployment.stack}`, ...(service ? [`label=berth.service=${service}`] : [])];
  const listed = await docker(
    "ps",
    "--all",
    "--quiet",
    "--no-trunc",
    ...filters.flatMap((filter) => ["--filter", filter]),
  );
  return listed.split("\n").filter((id) => id !== "");
}
