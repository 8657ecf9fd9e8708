// An elder's whole path in elder mode: find a point, see what is cooked and who pays, order, give the meal up.

import { button, expect, fill, press, test, visit } from "./fixtures";
import { choose } from "./pages";
import { enter, newPerson, seen } from "./volunteer";

test("an elder orders a meal in elder mode, sees who pays, and gives it up for nothing", async ({ page, another, baseURL }) => {
  const elder = newPerson("样例老人");
  await seen(await another(), [elder]);
  await choose(page, "elder", baseURL!);
  await enter(page, elder);
  await visit(page, "/me/profile/address");
  const home = { street: "320214050", community: "320214050001", detail: "示例路 1 号 502 室" };
  await fill(page, home);
  await press(page, page.getByRole("button", { name: /保存$/ }));

  await visit(page, "/meals?street=320214050");
  await expect(page.getByRole("main")).toContainText("示例");
  await visit(page, "/meals/xg-01");
  // The last day of the week: nobody is late for it.
  await page.locator('input[name^="pick-"]:not([value=""])').last().check();
  await press(page, button(page, "看价钱"));
  await expect(page.getByRole("main")).toContainText("到点我一共付");
  await expect(page.getByLabel("自己来吃")).toBeChecked();
  await press(page, button(page, "订下"));
  await expect(page.getByRole("main")).toContainText("订好了");
  await expect(page.getByRole("main")).toContainText("可以退，不要钱");
  await press(page, button(page, "退掉这一餐"));
  await expect(page.getByRole("main")).toContainText("退了");
});
