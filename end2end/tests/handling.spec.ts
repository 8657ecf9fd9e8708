// A case between two browsers: the resident's phone and the offices' desks, from receipt to decision.

import { apply } from "./applicant";
import { button, expect, expectErrors, fill, link, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

test("a case is corrected, accepted, decided by four eyes, and the person reads why and what to do about it", async ({ page, another }) => {
  // Its emergency was in the street of 梅村, which no sample officer has: the street's part is done by one of its own.
  const number = await apply(page);
  const receipt = `/confirm/${number}`;
  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, button(street, "一次告诉居民"), 422);
  await expectErrors(street, ["note-applicant"]);
  await fill(street, { "note-paper": "示例：请补灶具维修的收据。" });
  await press(street, button(street, "一次告诉居民"));
  await expect(street.getByRole("main")).toContainText("等居民补充");

  await visit(page, receipt);
  await press(page, link(page, "现在补"));
  await press(page, button(page, "交回去"), 422);
  await expectErrors(page, ["answer-paper"]);
  await fill(page, { "answer-paper": "示例：收据烧掉了，维修师傅可以作证。" });
  await press(page, button(page, "交回去"));
  await expect(page).toHaveURL(receipt);
  await expect(page.getByRole("main")).toContainText("维修师傅可以作证");

  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, button(street, "受理"));
  await press(street, button(street, "提出意见"), 422);
  await expectErrors(street, ["outcome", "reasons"]);
  await fill(street, { outcome: "refuse", ground: "not-in-hardship", reasons: "示例：厨房已经由保险修好，家里有存款。" });
  await press(street, button(street, "提出意见"));
  await expect(button(street, "同意，不予救助")).toHaveCount(0);

  const district = await another();
  await signIn(district, "demo-district");
  await visit(district, `/staff/cases/${number}/handle`);
  await press(district, button(district, "退回街道再了解"), 422);
  await expectErrors(district, ["why"]);
  await press(district, button(district, "同意，不予救助"));
  await expect(district.getByRole("main")).toContainText("已经办结");

  await visit(page, receipt);
  const main = page.getByRole("main");
  for (const words of ["不予救助", "家里有存款", "《社会救助法》第十三条", "60 天", "6 个月", "人民政府"]) {
    await expect(main).toContainText(words);
  }
  await expect(link(page, "在网上申请行政复议")).toHaveAttribute("href", "https://fuyi.example.cn/");
  await expect(link(page, "撤回申请")).toHaveCount(0);
});

test("whoever sent an application takes it back", async ({ page }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  await press(page, link(page, "撤回申请"));
  await press(page, button(page, "撤回"), 422);
  await expectErrors(page, ["sure"]);
  await fill(page, { sure: "yes" });
  await press(page, button(page, "撤回"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("申请已撤回");
});
