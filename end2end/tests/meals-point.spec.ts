// At a meal point: somebody comes without an order and is served by a name alone, once; and a table of subsidies is put in by two
// administrators, line by line.

import { randomBytes } from "node:crypto";

import { button, expect, fill, press, test, visit, type Page } from "./fixtures";
import { addAccount, firstSignIn, newLogin, signIn } from "./staff";

const POINT = "/staff/meals/xg-01";

/** Sends a form of a page with a key of its own, as the browser would. */
async function send(page: Page, path: string, fields: Record<string, string>): Promise<void> {
  const answer = await page.request.post(path, {
    form: { idempotency_key: randomBytes(16).toString("hex"), ...fields },
    headers: { origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
  expect(answer.status(), `${path}: ${answer.status()}`).toBe(303);
}

test("a guest is told the price first, is served once, and a second time is told where and when", async ({ page }) => {
  await signIn(page, "demo-meals");
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  // Open to the end of the day, whenever this runs.
  await send(page, `${POINT}/services`, {
    service_kind: "breakfast", starts: "23:58", ends: "23:59", cutoff_days: "0", cutoff: "23:57",
  });
  const name = `示例粥${randomBytes(3).toString("hex")}`;
  await send(page, `${POINT}/dishes`, { day: today, kind: "breakfast", name, price: "5", quota: "9", ingredients: "米" });
  await visit(page, `${POINT}/hand-out`);
  const form = page.locator(`form[action$="/walk-in"]`);
  const dish = (await form.locator("select[name=dish] option", { hasText: name }).getAttribute("value"))!;
  await press(page, button(page, "给他一份"), 422);
  // Han letters make each walk's guest another one.
  const who = `样例${String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 0x2000), 0x4e00 + Math.floor(Math.random() * 0x2000))}`;
  await fill(page, { who, dish });
  await page.getByLabel("没有登记过").check();
  await press(page, button(page, "先看要付多少"));
  await expect(page.getByRole("main")).toContainText("原价 5 元；补贴以街道公布为准，到点支付");
  await page.getByLabel("收了", { exact: true }).check();
  await press(page, button(page, "给他一份"));
  await expect(page.getByRole("main")).toContainText("原价 5 元，以街道公布为准，到点支付");
  await fill(page, { who, dish });
  await page.getByLabel("没有登记过").check();
  await page.getByLabel("收了", { exact: true }).check();
  await press(page, button(page, "给他一份"), 422);
  await expect(page.getByRole("main")).toContainText("领过了，只算一份");
  await expect(page.getByLabel("同名的另一位")).toBeVisible();
  await visit(page, `${POINT}/hand-out`);
  await expect(page.getByRole("main")).toContainText("没有给第二份");
  await visit(page, `${POINT}/month`);
  await expect(page.getByRole("main")).toContainText("没有订，来了给的");
});

test("a table of meal subsidies names each wrong line, and holds once a second administrator approved it", async ({ page, another }) => {
  await signIn(page, "demo-admin");
  const login = newLogin();
  const first = await addAccount(page, login, "320214", "administrator");
  await visit(page, "/staff/meal-tables");
  // Another day each time, and long ago, so that nothing of today depends on it.
  const day = new Date(Date.UTC(1991, 0, 1) + Math.floor(Math.random() * 9_000) * 86_400_000).toISOString().slice(0, 10);
  const table = { level: "district", place: "320214", effective_from: day, document: "示例文件（浏览器测试）", huji: "same_city" };
  await fill(page, { ...table, tiers: "低保，60，，贵宾，四元\n八十" });
  await press(page, button(page, "录入，请另一位批准"), 422);
  await expect(page.getByRole("main")).toContainText("第 1 行：没有「贵宾」这个身份");
  await expect(page.getByRole("main")).toContainText("第 2 行：要有五列");
  await fill(page, { tiers: "低保，60，，低保，4\n八十以上，80，，，3" });
  await press(page, button(page, "录入，请另一位批准"));
  const path = new URL(page.url()).pathname;
  await expect(page.getByRole("main")).toContainText("不能自己批准");
  await expect(page.getByRole("main")).toContainText(/位样例老人里有 \d+ 位会变/);

  const second = await another();
  await firstSignIn(second, login, first, "white-egrets-by-the-lake");
  await visit(second, path);
  await press(second, button(second, "批准"));
  await press(second, button(second, "撤回这张表"), 422);
  await fill(second, { why: "测试做完了" });
  await press(second, button(second, "撤回这张表"));
  await expect(second.getByRole("main")).toContainText("测试做完了");
});
