// The draw of a hot day: a couple enters, and a draw that was drawn is worked out anew, by the page and by a script of its own.

import { recompute } from "../tools/draw.mjs";
import { COUPLE } from "./couple";
import { button, expect, fill, link, press, scripted, test, visit } from "./fixtures";

test("a couple enters a draw, its other one is asked, and it takes the entry back", async ({ page }) => {
  await visit(page, "/marriage/offices/xinwu/times/ceremony");
  await press(page, page.getByRole("link", { name: /示例：正在报名/ }));
  await expect(page.getByText("种子的摘要", { exact: true })).toBeVisible();
  await press(page, link(page, "两个人一起报名"));
  await press(page, button(page, "报名"), 422);
  await expect(page.locator("#error-summary")).toBeVisible();
  const { way: _, ...couple } = COUPLE();
  await fill(page, couple);
  await press(page, button(page, "报名"));
  await expect(page.getByText("还差一步：等对方确认")).toBeVisible();
  await expect(page.getByRole("img", { name: "二维码" })).toBeVisible();
  await visit(page, "/marriage/waiting");
  await press(page, page.getByRole("link", { name: /摇号，号码/ }));
  await press(page, button(page, "撤回报名"));
  await expect(page.getByText("撤回了报名")).toBeVisible();
});

test("what was drawn is worked out anew by the page and by a script of its own", async ({ page }) => {
  await visit(page, "/marriage/offices/xinwu/times/ceremony");
  await press(page, page.getByRole("link", { name: /示例：抽过了/ }));
  await press(page, link(page, "看摇号"));
  const told = page.locator("[data-draw]");
  const file = (await told.getAttribute("data-draw"))!;
  const draw = await (await page.request.get(file)).json();
  const order = draw.order.map((entry: { number: string }) => entry.number);
  expect(order.length).toBe(3);
  expect(recompute(draw)).toEqual(order);
  expect(() => recompute({ ...draw, seed: "another" })).toThrow();
  await expect(page.getByText("server draw verify draw.json")).toBeVisible();
  if (scripted()) await expect(told).toContainText("自己算了一遍：种子和摘要对得上，3 个号码的顺序也对");
  else await expect(told).toContainText("打开 JavaScript");
});
