import type { Page } from "playwright-core";
import { afterEach } from "vitest";

/** The open pages of the visitors of this test file. */
export const pages = new Set<Page>();

// A locator that was not found says nothing about the page that was there instead.
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  for (const page of pages) {
    const text = await page.textContent("body", { timeout: 5000 }).catch(String);
    console.log(`"${task.name}" failed while ${page.url()} showed: ${text?.slice(0, 2000)}`);
  }
});
