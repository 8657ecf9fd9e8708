// What every spec stands on: a client address of its own for each browser, a watch over all that a browser complains
// about, and ways to go from page to page that judge each page on arrival.

import {
  expect,
  test as base,
  type BrowserContext,
  type Locator,
  type Page,
  type Request,
  type Response,
} from "@playwright/test";

export { expect, type Page } from "@playwright/test";

/** The HTML that the page now open was sent as. */
const sent = new WeakMap<Page, string>();
/** Answers of 400 and above that a test asked for. */
const wanted = new WeakSet<Request>();

let browsers = 0;

/** An address that no other browser of this run has, of the range for tests of network devices (RFC 2544). */
function address(worker: number): string {
  browsers += 1;
  return `198.${18 + (worker % 2)}.${(browsers >> 8) & 255}.${browsers & 255}`;
}

/** Notes what goes wrong in a browser without the test seeing it. */
class Watch {
  private readonly problems: string[] = [];
  private readonly refused: Request[] = [];

  constructor(private readonly origin: string) {}

  over(context: BrowserContext) {
    context.on("console", (message) => {
      // Chromium's line about an answer of 400 and above; the answer itself is judged below.
      if (message.text().startsWith("Failed to load resource: the server responded")) return;
      if (["error", "warning"].includes(message.type())) this.problems.push(`console: ${message.text()}`);
    });
    context.on("weberror", (error) => this.problems.push(`script: ${error.error().message}`));
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== this.origin) this.problems.push(`foreign: ${request.url()}`);
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Going to the next page stops what the last one still loads.
      if (why !== "net::ERR_ABORTED") this.problems.push(`request: ${request.url()} ${why}`);
    });
    context.on("response", (response) => {
      if (response.status() < 400) return;
      if (response.request().isNavigationRequest()) this.refused.push(response.request());
      else this.problems.push(`request: ${response.url()} ${response.status()}`);
    });
  }

  /** An answer of 400 and above to which a test was led from elsewhere. */
  expectRefusal(request: Request) {
    wanted.add(request);
  }

  /** Drops the complaints that a test brought about; there must be some. */
  forgive(expected: RegExp) {
    const others = this.problems.filter((problem) => !expected.test(problem));
    expect(this.problems.length, `complaints like ${expected}`).toBeGreaterThan(others.length);
    this.problems.splice(0, this.problems.length, ...others);
  }

  /** All complaints, with pages that answered 400 and above without being asked to. */
  async all(): Promise<string[]> {
    const surprises = this.refused.filter((request) => !wanted.has(request));
    const lines = surprises.map(async (request) => `page: ${request.url()} ${(await request.response())?.status()}`);
    return [...this.problems, ...(await Promise.all(lines))];
  }
}

interface Fixtures {
  /** Opens another browser: nothing of the first one's cookies, another address. */
  another: () => Promise<Page>;
  watch: Watch;
}

export const test = base.extend<Fixtures>({
  extraHTTPHeaders: async ({}, use, info) => use({ "x-forwarded-for": address(info.workerIndex) }),

  watch: [
    async ({ context, baseURL }, use) => {
      const watch = new Watch(new URL(baseURL!).origin);
      watch.over(context);
      await use(watch);
      expect(await watch.all(), "no browser complains").toEqual([]);
    },
    { auto: true },
  ],

  another: async ({ browser, watch }, use, info) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ extraHTTPHeaders: { "x-forwarded-for": address(info.workerIndex) } });
      contexts.push(context);
      watch.over(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Judges the page that just arrived by what holds for each page. */
async function judge(page: Page, response: Response, status: number): Promise<Response> {
  if (status >= 400) wanted.add(response.request());
  // Until its stylesheet has come, a page measures as if it had none.
  await page.waitForLoadState("load");
  expect(response.status(), `${response.request().method()} ${response.url()}`).toBe(status);
  expect(response.headers()["content-type"]).toBe("text/html; charset=utf-8");
  const html = await response.text();
  sent.set(page, html);
  const scripts = html.match(/<script\b/g)?.length ?? 0;
  const alive = ["<leptos-island", "data-passkey=", 'id="verify"', 'id="screener"'].some((sign) => html.includes(sign));
  // What keeps a form where there is no network is a script of its own, beside the loader of islands.
  const keeps = html.includes("data-told=");
  // So is what reads a menu aloud.
  const speaks = html.includes("data-aloud=");
  // And what works a draw out anew.
  const draws = html.includes("data-draw=");
  const own = [alive, keeps, speaks, draws].filter(Boolean).length;
  expect(scripts, `script elements of ${response.url()}`).toBe(own);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  return response;
}

/** The HTML of the page now open, as it was sent. */
export function htmlOf(page: Page): string {
  return sent.get(page) ?? "";
}

/** Opens a path. */
export async function visit(page: Page, path: string, status = 200): Promise<Response> {
  const response = await page.goto(path, { waitUntil: "domcontentloaded" });
  return judge(page, response!, status);
}

/** Presses a link or a button and follows it to the page that it leads to. */
export async function press(page: Page, target: Locator, status = 200): Promise<Response> {
  const [response] = await Promise.all([
    page.waitForResponse((response) => {
      const isRedirect = response.status() >= 300 && response.status() < 400;
      return response.request().isNavigationRequest() && !isRedirect;
    }),
    page.waitForEvent("domcontentloaded"),
    target.click(),
  ]);
  return judge(page, response, status);
}

/** The button with these words. */
export function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

/** The link with these words. */
export function link(page: Page, name: string): Locator {
  return page.getByRole("link", { name, exact: true });
}

/** Whether the islands of the pages come to life in this project. */
export function scripted(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Waits until the islands of the page are alive. */
export async function islands(page: Page) {
  await expect(page.locator("html")).toHaveAttribute("data-islands", "ready");
}

/** Fills in fields by their names. */
export async function fill(page: Page, values: Record<string, string>) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((it) => (it instanceof HTMLInputElement ? it.type : it.localName));
    if (kind === "radio") await page.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === "checkbox") await field.setChecked(value === "yes");
    else if (kind === "select") await field.selectOption(value);
    else await field.fill(value);
  }
}

/** What stands in the page's main form. */
export async function typed(page: Page): Promise<Record<string, string>> {
  const form = page.locator("form.xw-form");
  return form.evaluate((form) => {
    const pairs = [...new FormData(form as HTMLFormElement)].map(([name, value]) => [name, String(value)]);
    return Object.fromEntries(pairs);
  });
}

/** The page came back with errors in exactly these fields: listed on top, told beside the field, wired to it. */
export async function expectErrors(page: Page, fields: string[]) {
  const summary = page.locator("#error-summary");
  await expect(summary.getByRole("heading")).toHaveText(`还有 ${fields.length} 处要改`);
  const links = summary.getByRole("link");
  const targets = await links.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(targets).toEqual(fields.map((field) => `#${field}`));
  for (const [at, field] of fields.entries()) {
    const message = page.locator(`#${field}-error`);
    await expect(message).toBeVisible();
    await expect(message).toHaveText(await links.nth(at).innerText());
    await expect(page.locator(`#${field}`)).toBeVisible();
    // Of a group of choices, the group is what is wrong.
    const wrong = page.locator(`#${field}`).locator("xpath=ancestor-or-self::*[@aria-invalid='true'][1]");
    await expect(wrong, `aria-invalid at ${field}`).toHaveCount(1);
    expect((await wrong.getAttribute("aria-describedby"))?.split(" ")).toContain(`${field}-error`);
  }
  await expect(page.locator("[aria-invalid='true']")).toHaveCount(fields.length);
  await links.first().click();
  await expect(page.locator(`#${fields[0]}`)).toBeFocused();
}
