// A meal point hands meals out where there is no network: fifty scans wait on its own device, go out by themselves, once each; and a
// meal that a second device handed out too is shown.

import { randomBytes } from "node:crypto";

import { expect, press, test, visit, type Page } from "./fixtures";
import { cooks, dayAhead, dishId, registered, send } from "./meals";
import { signIn } from "./staff";
import { newPerson } from "./volunteer";

const MEALS = 50;
const DESK = "/staff/meals/xg-01/hand-out";
const OFFLINE = "/staff/meals/xg-01/offline";

/** Orders a meal of today for so many people; gives the numbers. */
async function ordered(cook: Page, worker: Page, count: number): Promise<string[]> {
  const name = `示例粥${randomBytes(3).toString("hex")}`;
  await cooks(cook, { day: dayAhead(0), name, price: "5", ingredients: "米" });
  const dish = await dishId(cook, name);
  for (let at = 0; at < count; at += 1) {
    const eater = await registered(worker, newPerson(`样例领餐`));
    await send(worker, eater, { point: "xg-01", dish, mode: "dine_in" });
  }
  await visit(cook, DESK);
  const cards = await cook.locator(".xw-card").filter({ hasText: name }).allInnerTexts();
  return cards.flatMap((card) => card.match(/编号 ([A-Z0-9]+)/)?.[1] ?? []).slice(0, count);
}

async function open(page: Page) {
  await visit(page, OFFLINE);
  await expect(page.locator("html[data-kept][data-list-kept]")).toHaveCount(1);
}

async function record(page: Page, number: string, waiting: number) {
  await page.locator('[name="code"]').fill(number);
  await page.getByRole("button", { name: "记下" }).click();
  await expect(page.locator(`html[data-waiting="${waiting}"]`)).toHaveCount(1);
}

test("fifty meals are handed out without a network, and one that two devices handed out is shown", async ({ page, another, watch }) => {
  test.setTimeout(240_000);
  const worker = await another();
  const second = await another();
  await signIn(page, "demo-meals");
  await signIn(worker, "demo-community");
  await signIn(second, "demo-meals");
  const numbers = await ordered(page, worker, MEALS);
  expect(new Set(numbers).size).toBe(MEALS);
  await open(page);
  await open(second);
  await page.context().setOffline(true);
  await second.context().setOffline(true);

  await page.reload();
  for (const [at, number] of numbers.entries()) await record(page, number, at + 1);
  // Scanned once more: this device knows it.
  await record(page, numbers[0]!, MEALS);
  await expect(page.locator("[data-told]")).toContainText("刚才记过");
  await record(second, numbers[7]!, 1);
  // Put away and opened anew, still without a network.
  await page.reload();
  await expect(page.locator(`html[data-waiting="${MEALS}"]`)).toHaveCount(1);
  await expect(page.locator("[data-told]")).toContainText("还没有连上网");

  await page.context().setOffline(false);
  await expect(page.locator('html[data-waiting="0"]')).toHaveCount(1, { timeout: 60_000 });
  await expect(page.locator("[data-problems] li")).toHaveCount(0);
  await second.context().setOffline(false);
  await expect(second.locator('html[data-waiting="0"]')).toHaveCount(1, { timeout: 60_000 });
  await expect(second.locator("[data-problems] li")).toContainText(["领过了，只算一份"]);

  await visit(page, DESK);
  const main = page.getByRole("main");
  const text = await main.innerText();
  for (const number of numbers) expect(text, number).toContain(number);
  const own = page.locator(".xw-card").filter({ hasText: "领了，个人的部分收了" });
  const handed = (await own.allInnerTexts()).filter((card) => numbers.some((number) => card.includes(number)));
  expect(handed.length).toBe(MEALS);
  await expect(main).toContainText("一份记了两次，只算一份");
  // Another walk may have left something of its own to be looked at.
  const twice = main.locator("section").filter({ hasText: "一份记了两次" });
  await press(page, twice.getByRole("button", { name: "核对过了" }));
  await expect(main).not.toContainText("一份记了两次");
  watch.forgive(/ERR_INTERNET_DISCONNECTED|can't be (sent|kept)|Failed to fetch/);
});
