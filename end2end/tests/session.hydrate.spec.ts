// The prompt before a sign-in ends: told in time, by this device's clock and the server's word, without losing what was
// typed. The server's own clock can't be moved from here, so its answers are put in where a test needs another time.

import { button, expect, fill, islands, test, typed, visit, type Page } from "./fixtures";
import { newNumber, signIn } from "./resident";

const MINUTE = 60_000;
const LEFT = "**/sign-in/left";

/** Opens a form with the clock of the page in the test's hand. */
async function openForm(page: Page) {
  await signIn(page, newNumber());
  await page.clock.install();
  await visit(page, "/me/profile/address");
  await islands(page);
  await fill(page, { detail: "样例路 1 号" });
}

/** Has the server answer so to whoever asks how much is left; pressing the button goes to the server itself. */
async function answers(page: Page, idle: number, end: number) {
  await page.route(LEFT, (route) =>
    route.request().method() === "GET" ? route.fulfill({ body: `${idle} ${end}` }) : route.continue(),
  );
}

const prompt = (page: Page) => page.locator("#session-prompt");

test("five minutes before the end one is told, and goes on without losing what was typed", async ({ page }) => {
  await openForm(page);
  await expect(prompt(page)).toBeHidden();
  await answers(page, 4 * MINUTE, 600 * MINUTE);
  await page.locator("#detail").focus();
  await page.clock.fastForward("56:00");
  await expect(page.getByRole("status").filter({ hasText: "4 分钟后将退出登录" })).toBeVisible();
  await expect(page.locator("#detail"), "the keyboard stays where it was").toBeFocused();
  await expect(prompt(page)).toBeInViewport();
  await page.unroute(LEFT);
  await button(page, "继续使用").click();
  await expect(prompt(page)).toBeHidden();
  expect(await typed(page)).toMatchObject({ detail: "样例路 1 号" });
  await expect(page).toHaveURL("/me/profile/address");
});

test("what was done in another tab counts, and nothing is said", async ({ page }) => {
  await openForm(page);
  const asked = page.waitForRequest(LEFT);
  // Here an hour passes; the server has seen a step a moment ago.
  await page.clock.fastForward("59:00");
  expect((await asked).method()).toBe("GET");
  await page.clock.runFor(2_000);
  await expect(prompt(page)).toBeHidden();
});

test("a phone that slept past the end says so when it wakes", async ({ page }) => {
  await openForm(page);
  await answers(page, 0, 0);
  await page.clock.setSystemTime(Date.now() + 180 * MINUTE);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(prompt(page)).toContainText("已经退出登录");
  await expect(button(page, "继续使用")).toBeHidden();
  expect(await typed(page)).toMatchObject({ detail: "样例路 1 号" });
});

test("the limit of the day is told with its time, and after seven days there is no more button", async ({ page }) => {
  await openForm(page);
  await page.route(LEFT, (route) => route.fulfill({ body: `${60 * MINUTE} ${3 * MINUTE}` }));
  await page.clock.fastForward("56:00");
  await expect(prompt(page)).toContainText(/今天最晚到 \d\d:\d\d 需要重新登录，还有 3 分钟/);
  await button(page, "继续使用").click();
  await expect(prompt(page)).toContainText("登录已经满七天");
  await expect(button(page, "继续使用")).toBeHidden();
});

test("who is not signed in is told nothing", async ({ page }) => {
  await visit(page, "/sign-in");
  await expect(prompt(page)).toHaveCount(0);
});
