// Staff end a confirmation and issue one anew; whoever scans the paper learns of it. At one width alone: nothing here depends on it.

import { apply } from "./applicant";
import { readCode, tokenOf } from "./code";
import { button, expect, fill, link, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

test("a code issued anew takes the old one's place, and a cancelled one stays dead", async ({ page, another }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const old = `/V/${tokenOf(await readCode(page))}`;

  const clerk = await another();
  await signIn(clerk, "demo-district");
  await visit(clerk, "/staff/confirmations");
  await press(clerk, button(clerk, "找这张凭证"), 422);
  await fill(clerk, { text: number });
  await press(clerk, button(clerk, "找这张凭证"));
  await press(clerk, button(clerk, "重新出具"));
  await expect(clerk.getByRole("heading", { name: "这张凭证是真的" })).toBeVisible();

  await visit(page, `/confirm/${number}`);
  const fresh = `/V/${tokenOf(await readCode(page))}`;
  expect(fresh).not.toBe(old);
  await visit(page, old);
  await expect(page.locator("[data-state=replaced]")).toBeVisible();
  await visit(page, fresh);
  await expect(page.locator("[data-state=valid]")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("作废");

  // The clerk scans it: the same page has more, and the way to end it.
  await visit(clerk, fresh);
  await press(clerk, button(clerk, "作废这张凭证"), 422);
  await fill(clerk, { reason: "misuse" });
  await press(clerk, button(clerk, "作废这张凭证"));
  await expect(clerk.getByRole("main")).toContainText("可能被冒用");
  await expect(button(clerk, "作废这张凭证")).toHaveCount(0);
  await visit(page, fresh);
  await expect(page.locator("[data-state=cancelled]")).toBeVisible();
  await visit(page, `/confirm/${number}`);
  await expect(page.getByText("这张凭证已作废")).toBeVisible();
  await expect(link(page, "打印凭条")).toHaveCount(0);
});
