import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startBrowser, Visitor } from "../support/browser";
import { Deployment } from "../support/deployment";
import { localDocker } from "../support/local-docker";
import { containersOf } from "../support/office-story";
import { pdf } from "../support/pdf";
import { freePort } from "../support/ports";

const CHOSEN = "correct horse battery staple";

let deployment: Deployment;
let browser: Browser;
let admin: Visitor;
let url: string;
let firstPassword: string;
let backend: string;
/** Path of this story's mail. */
let mail: string;
const visitors: Visitor[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  deployment = await Deployment.create("page", {
    httpAddress: "127.0.0.1",
    httpPort: await freePort(),
    drainSeconds: 5,
  });
  await deployment.up();
  ({ url, adminPassword: firstPassword } = await deployment.outputs());
  [backend = ""] = await containersOf(deployment, localDocker, "backend");
  admin = await openPage();
});

afterEach(() => {
  expect(visitors.flatMap(({ browserErrors }) => browserErrors.splice(0))).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await deployment.destroyWithData();
  deployment.remove();
});

async function openPage(options = {}): Promise<Visitor> {
  const visitor = await Visitor.open(browser, url, options);
  visitors.push(visitor);
  return visitor;
}

test("the initial password must be changed, and the requested page opens afterwards", async () => {
  const { page } = admin;
  await page.goto("/mails/new/");
  await admin.expectAccessible();
  await admin.signIn("admin", "wrong");
  await expect.poll(() => page.getByRole("alert").isVisible()).toBe(true);
  await admin.expectAccessible();
  await admin.signIn("admin", firstPassword);
  expect(await heading(admin)).toBe("Choose your password");
  await admin.expectAccessible();
  for (const path of ["/", "/admin/"]) {
    await page.goto(path);
    expect(await heading(admin)).toBe("Choose your password");
  }
  await page.goto("/mails/new/");
  await page.getByLabel("Present password").fill(firstPassword);
  await page.getByLabel("New password", { exact: true }).fill(CHOSEN);
  await page.getByLabel("New password again").fill(CHOSEN);
  await page.getByRole("button", { name: "Set the new password" }).click();
  expect(await heading(admin)).toBe("Register a mail");
});

test("a mail is registered, and validation errors are shown at their fields", async () => {
  const { page } = admin;
  await page.goto("/mails/new/");
  await page.getByLabel("Reference").fill("IN-1");
  await page.getByLabel("Subject").fill("Offer for new shelves");
  await page.getByLabel("From", { exact: true }).fill("Joinery");
  await page.getByLabel("To", { exact: true }).fill("Purchasing");
  await page.getByLabel("Due").fill("2020-01-01");
  await page.getByRole("button", { name: "Register" }).click();
  const due = page.getByRole("textbox", { name: "Due" }).or(page.getByLabel("Due"));
  expect(await due.first().getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("#id_due_date_error").textContent()).toMatch(/must not lie before/);
  await admin.expectAccessible();
  await page.getByLabel("Due").fill("");
  await page.getByRole("button", { name: "Register" }).click();
  expect(await heading(admin)).toBe("Offer for new shelves");
  mail = new URL(page.url()).pathname;
  await admin.expectAccessible();
});

test("two PDFs are attached at once, with their progress shown", async () => {
  const { page, context } = admin;
  const network = await context.newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 };
  await network.send("Network.emulateNetworkConditions", slow);
  const files = [
    { name: "offer.pdf", mimeType: "application/pdf", buffer: heavy(await pdf(40)) },
    { name: "drawing.pdf", mimeType: "application/pdf", buffer: Buffer.from(await pdf(1)) },
  ];
  await page.getByLabel("Attach PDFs").setInputFiles(files);
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  const bar = page.getByRole("progressbar", { name: "Uploading offer.pdf" });
  await expect
    .poll(async () => Number(await bar.getAttribute("value")))
    .toSatisfy((part: number) => part > 0 && part < 1);
  await admin.expectAccessible();
  await expect.poll(() => page.locator("#pdf-list li").count(), { timeout: 20_000 }).toBe(2);
  expect(await page.locator(".uploads .state").allTextContents()).toEqual(["Attached", "Attached"]);
  expect(await page.locator("#history-list").textContent()).toContain("PDF attached: drawing.pdf");
  await network.detach();
});

test("a PDF opens in the page, at a given page, and in parts", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "offer.pdf", exact: true }).click();
  await page.getByRole("spinbutton", { name: "Page" }).fill("12");
  await page.getByRole("button", { name: "Go" }).click();
  const frame = page.locator("iframe.viewer");
  expect(await frame.getAttribute("src")).toMatch(/\/file\/#page=12$/);
  // The text that the browser's own PDF viewer shows.
  const viewer = () => page.frames().find((one) => one.url().startsWith("chrome-extension:"));
  await expect.poll(() => viewer()?.locator("viewer-page-selector input").inputValue()).toBe("12");
  expect(await viewer()?.locator("#pagelength").textContent()).toBe("40");
  await admin.expectAccessible();

  const file = (await frame.getAttribute("src")) ?? "";
  const part = await page.evaluate(async (path) => {
    const answer = await fetch(path, { headers: { Range: "bytes=100-199" } });
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
  }, file);
  expect(part).toEqual({ status: 206, bytes: 100 });
});

test("a PDF dropped on the page is attached too", async () => {
  const { page } = admin;
  await page.goto(mail);
  const bytes = JSON.stringify([...(await pdf(1))]);
  const file = `new File([new Uint8Array(${bytes})], "dropped.pdf", { type: "application/pdf" })`;
  const dataTransfer = await page.evaluateHandle(`{
    const dropped = new DataTransfer();
    dropped.items.add(${file});
    dropped;
  }`);
  await page.dispatchEvent("form.upload", "drop", { dataTransfer });
  await page.getByRole("link", { name: "dropped.pdf", exact: true }).waitFor();
});

test("status and assignee are changed on the mail's page, and the history shows by whom", async () => {
  const { page } = admin;
  await page.goto(mail);
  await page.getByLabel("Status").selectOption("In progress");
  await page.getByLabel("Assignee").selectOption("admin");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("IN-1 is saved.").waitFor();
  const history = await page.locator("#history-list").textContent();
  expect(history).toMatch(/Status: .*New.*In progress/s);
  expect(history).toMatch(/Assignee: .*nothing.*admin/s);
});

test("of two users who change the same field, the second sees the first one's change", async () => {
  const { page, context } = admin;
  await page.goto(mail);
  const other = await context.newPage();
  await other.goto(mail);
  await other.getByLabel("Status").selectOption("Done");
  await other.getByRole("button", { name: "Save" }).click();
  await other.getByText("IN-1 is saved.").waitFor();
  await other.close();
  await page.getByLabel("Status").selectOption("Archived");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("admin changed this to “Done” meanwhile.").waitFor();
  await admin.expectAccessible();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("IN-1 is saved.").waitFor();
});

test("mails are searched, filtered and paged, and the URL can be bookmarked", async () => {
  await localDocker("exec", backend, "python", "manage.py", "seed_mails", "--count", "120", "--add");
  const { page } = admin;
  await page.goto("/");
  await admin.expectAccessible();
  await page.getByRole("link", { name: "Next" }).click();
  expect(await page.locator("#found").textContent()).toBe("121 mails, 51 to 100 shown");

  await page.getByRole("searchbox").fill("shelves joinery");
  await page.getByRole("button", { name: "Search" }).click();
  expect(await page.locator("#found").textContent()).toBe("1 mail found");
  await page.getByText("Filter and order").click();
  await page.getByLabel("Status").selectOption("Done");
  await page.getByRole("button", { name: "Apply" }).click();
  expect(await page.locator("main h2").textContent()).toBe("No mail matches");
  await admin.expectAccessible();
  await page.goto(page.url().replace("status=done", "status=archived"));
  expect(await page.locator("tbody tr").count()).toBe(1);
});

test("a refused upload shows the reason per file, and can be retried where that helps", async () => {
  const { page, context } = admin;
  await page.goto(mail);
  const attach = async (name: string, buffer: Buffer) => {
    await page.getByLabel("Attach PDFs").setInputFiles({ name, mimeType: "application/pdf", buffer });
    await page.getByRole("button", { name: "Attach", exact: true }).click();
    const row = page.locator(".uploads li", { hasText: name });
    await row.locator(".failed").waitFor();
    return row.locator(".failed").textContent();
  };
  const small = Buffer.from(await pdf(1));
  const large = Buffer.alloc(25 * 1024 * 1024, "%PDF-1.7\n");
  expect(await attach("letter.pdf", Buffer.from("Dear Sir or Madam"))).toBe("This is not a PDF file.");
  expect(await attach("huge.pdf", large)).toMatch(/limit of 10 MB/);

  // As if the browser did not know the limit: the proxy's response.
  await page.locator("form.upload").evaluate((form) => form.setAttribute("data-limit", "100"));
  expect(await attach("refused-by-proxy.pdf", large)).toMatch(/too large|larger/i);

  const uploads = "**/api/mails/*/attachments/";
  await page.route(uploads, (route) => route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" }));
  expect(await attach("unlucky.pdf", small)).toMatch(/not answering just now/);
  await page.unroute(uploads);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => page.locator("#pdf-list").textContent()).toContain("unlucky.pdf");

  const cookies = await context.cookies();
  await context.clearCookies();
  expect(await attach("too-late.pdf", small)).toMatch(/no longer signed in/);
  await context.addCookies(cookies);
  await admin.expectAccessible();
});

test("the same works without JavaScript through plain forms", async () => {
  const visitor = await openPage({ javaScriptEnabled: false });
  const { page } = visitor;
  await page.goto(mail);
  await visitor.signIn("admin", CHOSEN);
  await page.getByLabel("Attach PDFs").setInputFiles([
    { name: "plain.pdf", mimeType: "application/pdf", buffer: Buffer.from(await pdf(1)) },
    { name: "plain.txt", mimeType: "text/plain", buffer: Buffer.from("Dear Sir or Madam") },
  ]);
  await page.getByRole("button", { name: "Attach", exact: true }).click();
  await page.getByText("plain.pdf is attached.").waitFor();
  await page.getByText("plain.txt was not attached. This is not a PDF file.").waitFor();
});

test("the keyboard is enough to sign in and to register a mail", async () => {
  const visitor = await openPage();
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto("/");
  await keyboard.type("admin"); // the first field has the focus
  await visitor.tabTo("textbox", "Password");
  await keyboard.type(CHOSEN);
  await keyboard.press("Enter");
  await page.waitForURL("**/");
  await visitor.tabTo("link", "Skip to the content");
  await keyboard.press("Enter");
  await visitor.tabTo("link", "Register a mail");
  await keyboard.press("Enter");
  await page.waitForURL("**/mails/new/");
  for (const [field, text] of Object.entries({ Reference: "KEY-1", Subject: "Typed", From: "A", To: "B" })) {
    await visitor.tabTo("textbox", field);
    await keyboard.type(text);
  }
  await visitor.tabTo("button", "Register");
  await keyboard.press("Enter");
  await page.getByText("KEY-1 is registered.").waitFor();
});

test("every page fits a narrow screen and has no barriers in dark mode, and the administration keeps to the policy", async () => {
  const visitor = await openPage({
    viewport: { width: 360, height: 740 },
    colorScheme: "dark",
    storageState: await admin.context.storageState(),
  });
  const { page } = visitor;
  const viewer = (await admin.page.locator("#pdf-list a").first().getAttribute("href")) ?? "";
  for (const path of [
    "/",
    "/?search=invoice&status=open",
    "/mails/new/",
    mail,
    `${mail}edit/`,
    viewer,
    "/password/",
    "/nothing/",
  ]) {
    await page.goto(path);
    await visitor.expectAccessible();
  }
  for (const path of ["/admin/", "/admin/mails/mail/", "/admin/mails/mail/add/", "/admin/mails/attachment/"]) {
    expect((await page.goto(path))?.status(), path).toBe(200);
  }
});

test("signing out ends the session", async () => {
  const { page } = admin;
  await page.goto("/");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.goto(mail);
  expect(await heading(admin)).toBe("Sign in");
});

async function heading({ page }: Visitor): Promise<string | null> {
  return page.locator("h1").textContent();
}

/** The same document with a megabyte of comment before its end, like a scan. */
function heavy(document: Uint8Array): Buffer {
  const text = Buffer.from(document);
  const end = text.lastIndexOf("startxref");
  const comment = Buffer.from(`%${"scan ".repeat(200_000)}\n`);
  return Buffer.concat([text.subarray(0, end), comment, text.subarray(end)]);
}
