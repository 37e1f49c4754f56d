import axe, { type AxeResults } from "axe-core";
import { execa } from "execa";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { pages } from "./show-pages";

/** Prints the path of Chromium, after installing it if necessary. */
const FINDER = "toolchain/browser.sh";

/** Chromium as users have it, including its PDF viewer. */
export async function startBrowser(): Promise<Browser> {
  const { stdout } = await execa(FINDER, { stderr: "inherit" });
  const executablePath = stdout.trim();
  // Playwright's own headless mode is an older one, without a PDF viewer.
  return chromium.launch({ executablePath, args: ["--headless=new"], ignoreDefaultArgs: ["--disable-extensions"] });
}

/** A user with a separate browser context that records the browser's errors. */
export class Visitor {
  readonly browserErrors: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    context.on("weberror", (error) => this.browserErrors.push(String(error.error())));
    context.on("console", (message) => {
      if (/content.security.policy/i.test(message.text())) this.browserErrors.push(message.text());
    });
    context.on("close", () => pages.delete(page));
    pages.add(page);
  }

  static async open(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ baseURL, ...options });
    context.setDefaultTimeout(60_000);
    return new Visitor(context, await context.newPage());
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.getByLabel("User name").fill(username);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  /** Presses Tab until the element has the focus, as a keyboard user does. */
  async tabTo(role: "button" | "link" | "textbox" | "radio" | "combobox", name: string): Promise<void> {
    const wanted = this.page.getByRole(role, { name, exact: true });
    for (let presses = 0; presses < 40; presses++) {
      await this.page.keyboard.press("Tab");
      if (await wanted.evaluate((element) => element.matches(":focus"))) return;
    }
    throw new Error(`Tab does not lead to the ${role} ${name}`);
  }

  /** Checks that axe finds no serious violation and that the page does not scroll sideways. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(axe.source);
    const { violations }: AxeResults = await this.page.evaluate("axe.run({ iframes: false })");
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const output = serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    expect(output, this.page.url()).toEqual([]);
    const sideways = await this.page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
    expect(sideways, `pixels to scroll sideways on ${this.page.url()}`).toBeLessThanOrEqual(0);
  }
}
