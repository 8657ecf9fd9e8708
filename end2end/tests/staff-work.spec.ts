// The work list at a desk: a case is taken over, marked, noted on, accepted with others, and handed on.

import { apply } from "./applicant";
import { button, expect, fill, link, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

test("an officer takes a case from the list, marks it and accepts it there", async ({ page, another }) => {
  const number = await apply(await another());
  await signIn(page, "demo-meicun");
  // The newest of many stands behind them: one's own list is short.
  await visit(page, `/staff/cases/${number}`);
  await press(page, link(page, "经办和备注"));
  await fill(page, { to: "me" });
  await press(page, button(page, "交给这个人"));
  await fill(page, { "label-visit": "yes" });
  await press(page, button(page, "保存标签"));
  await fill(page, { note: "示例：周三下午去家里看。" });
  await press(page, button(page, "写上"));
  await expect(page.getByText("示例：周三下午去家里看。")).toBeVisible();

  await visit(page, "/staff/cases?whose=mine&label=visit&state=received&order=waited");
  const row = page.locator(".xw-work__row", { has: page.locator(`[name="case-${number}"]`) });
  await expect(row).toContainText("要上门");
  await expect(row).toContainText(/还有 \d+ 个工作日/);
  await row.locator("input").check();
  await press(page, button(page, "受理选中的（材料都齐了）"));
  await expect(page.getByText("1 件都办好了。")).toBeVisible();
  await visit(page, `/staff/cases/${number}/handle`);
  await expect(button(page, "提出意见")).toBeVisible();
});
