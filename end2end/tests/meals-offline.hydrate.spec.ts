// A meal point hands meals out where there is no network: fifty scans wait on its own device, go out by themselves, once each; and a
// meal that a second device handed out too is shown.

import { randomBytes } from "node:crypto";

import { button, expect, press, test, visit, type Page } from "./fixtures";
import { signIn } from "./staff";
import { newPerson } from "./volunteer";

const MEALS = 50;
const DESK = "/staff/meals/xg-01/hand-out";
const OFFLINE = "/staff/meals/xg-01/offline";

/** Sends a form of a page with a key of its own, as the browser would. */
async function send(page: Page, path: string, fields: Record<string, string>): Promise<string> {
  const answer = await page.request.post(path, {
    form: { idempotency_key: randomBytes(16).toString("hex"), ...fields },
    headers: { origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
  expect(answer.status(), `${path}: ${answer.status()}`).toBe(303);
  return answer.headers().location!;
}

/** Orders a meal of today for so many people; gives the numbers. */
async function ordered(cook: Page, worker: Page, count: number): Promise<string[]> {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  // Open to the end of the day, whenever this runs.
  await send(cook, "/staff/meals/xg-01/services", {
    service_kind: "breakfast", starts: "23:58", ends: "23:59", cutoff_days: "0", cutoff: "23:57",
  });
  const name = `示例粥${randomBytes(3).toString("hex")}`;
  await send(cook, "/staff/meals/xg-01/dishes", {
    day: today, kind: "breakfast", name, price: "5", quota: "100", ingredients: "米",
  });
  await visit(cook, "/staff/meals/xg-01");
  const plan = await cook.content();
  const dish = plan.slice(plan.indexOf(name)).match(/\/staff\/meals\/xg-01\/dishes\/([a-z0-9]+)"/)![1]!;
  for (let at = 0; at < count; at += 1) {
    const person = newPerson(`样例领餐`);
    const eater = await send(worker, "/staff/meal-orders/new", {
      name: person.name, document_kind: "citizen_id", document_number: person.document_number, phone: "", street: "320214050",
      community: "320214050001", detail: "示例路 1 号", huji: "here", seen: "yes",
    });
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
  await press(page, button(page, "核对过了"));
  await expect(main).not.toContainText("一份记了两次");
  watch.forgive(/ERR_INTERNET_DISCONNECTED|can't be (sent|kept)|Failed to fetch/);
});
