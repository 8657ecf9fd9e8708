// An elder's whole path in elder mode, with JavaScript off as well: find a point, read the menu with something that one must not eat,
// order, see who pays, give it up for nothing, order again, show the code at the point, say how it was, and order as the last time.

import { randomBytes } from "node:crypto";

import { button, expect, fill, link, press, test, visit } from "./fixtures";
import { cooks, dayAhead, elder, registered } from "./meals";
import { choose } from "./pages";
import { signIn } from "./staff";

test("an elder's whole path, from finding a point to the word after eating", async ({ page, another, baseURL }) => {
  test.slow();
  const [cook, worker] = [await another(), await another()];
  const mark = randomBytes(2).toString("hex");
  const [soft, eggs] = [`示例菜粥${mark}`, `示例蛋羹${mark}`];
  await signIn(cook, "demo-meals");
  await cooks(cook, { day: dayAhead(0), name: soft, ingredients: "米、青菜", "tag-soft": "yes" });
  await cooks(cook, { day: dayAhead(0), name: eggs, ingredients: "鸡蛋" });
  await cooks(cook, { day: dayAhead(1), name: soft, ingredients: "米、青菜", "tag-soft": "yes" });

  await choose(page, "elder", baseURL!);
  const person = await elder(page, await another());
  // The community worker saw the household register, and what the elder must not eat.
  await signIn(worker, "demo-community");
  await registered(worker, person, "鸡蛋");

  await visit(page, "/meals");
  await fill(page, { street: "320214050", community: "320214050001" });
  await press(page, button(page, "找一找"));
  await press(page, page.locator('a[href="/meals/xg-01"]'));
  const main = page.getByRole("main");
  await expect(main).toContainText(eggs);
  await expect(main).toContainText("软烂");

  await page.getByLabel(eggs).first().check();
  await press(page, button(page, "看价钱"), 422);
  await expect(main).toContainText("这一样里有忌口的东西");

  const order = async () => {
    await visit(page, "/meals/xg-01");
    await page.getByLabel(soft).first().check();
    await press(page, button(page, "看价钱"));
    for (const words of ["区里补", "街道补", "我付", "到点我一共付"]) await expect(main).toContainText(words);
    await press(page, button(page, "订下"));
    await expect(main).toContainText("订好了");
  };
  await order();
  for (const words of ["区里补", "街道补", "我付", "可以退，不要钱"]) await expect(main).toContainText(words);
  await press(page, button(page, "退掉这一餐"));
  await expect(main).toContainText("退了");
  await order();

  // At the point: the code that the elder shows, typed where there is no camera.
  const code = (await page.locator(".xw-qr__short").innerText()).trim();
  await visit(cook, "/staff/meals/xg-01/hand-out");
  await fill(cook, { find: code });
  await press(cook, button(cook, "找"));
  await expect(cook.getByRole("main")).toContainText(soft);
  await press(cook, cook.locator('button[name="paid"][value="paid"]').first());

  await visit(page, "/meals/mine");
  await press(page, page.getByRole("link", { name: /好吃吗/ }).first());
  await press(page, button(page, "好"));
  await expect(main).toContainText("我说过的");

  // As the last time: from the door of the meals in two taps.
  await visit(page, "/meals");
  await press(page, page.getByRole("link", { name: new RegExp(`一样：${soft}`) }));
  await press(page, button(page, "订下"));
  await expect(main).toContainText("订好了");
  await expect(link(page, "首页")).toBeVisible();
});
