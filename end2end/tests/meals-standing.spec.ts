// A standing order in elder mode: the same meals each week, a pause for the hospital, and the end.

import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { choose } from "./pages";
import { dayAhead, elder } from "./meals";

test("an elder orders once for each week, stops it for the hospital, goes on and ends it", async ({ page, another, baseURL }) => {
  await choose(page, "elder", baseURL!);
  await elder(page, await another());
  await visit(page, "/meals/xg-01");
  await press(page, page.getByRole("link", { name: "每周固定订" }));
  await press(page, button(page, "每周这样订"), 422);
  await expectErrors(page, ["weekday-0", "standing_kind"]);
  for (const name of ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]) {
    await page.getByLabel(name, { exact: true }).check();
  }
  await page.getByLabel("午饭", { exact: true }).check();
  await press(page, button(page, "每周这样订"));
  await expect(page.getByRole("main")).toContainText("每天");
  await expect(page.getByRole("main")).toContainText("订好了");

  await fill(page, { [(await page.locator('[name^="pause_from-"]').getAttribute("name"))!]: dayAhead(1) });
  await press(page, button(page, "停一阵"));
  await expect(page.getByRole("main")).toContainText("什么时候接着订，您说了算");
  await visit(page, "/meals/mine");
  await expect(page.getByRole("main")).toContainText("退了");
  await press(page, page.getByRole("link", { name: /^每天 午饭/ }));
  await press(page, button(page, "接着订"));
  await expect(page.getByRole("main")).toContainText("订好了");
  await press(page, button(page, "不再固定订"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("我的订餐");
  await expect(page.getByRole("link", { name: /^每天 午饭/ })).toHaveCount(0);
});
