// A case between two browsers: the resident's phone and the offices' desks, from receipt to decision.

import { apply } from "./applicant";
import { button, expect, expectErrors, fill, link, press, test, visit } from "./fixtures";
import { addAccount, firstSignIn, newLogin, signIn } from "./staff";

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

test("after the decision: a bad rating is answered, a third person looks once more, a change at home is told", async ({ page, another }) => {
  const number = await apply(page);
  const receipt = `/confirm/${number}`;
  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, button(street, "受理"));
  await fill(street, { outcome: "refuse", ground: "not-in-hardship", reasons: "示例：厨房已经由保险修好，家里有存款。" });
  await press(street, button(street, "提出意见"));
  const district = await another();
  await signIn(district, "demo-district");
  await visit(district, `/staff/cases/${number}/handle`);
  await press(district, button(district, "同意，不予救助"));

  await visit(page, receipt);
  await press(page, page.getByRole("link", { name: /^评价受理/ }));
  await press(page, button(page, "提交评价"), 422);
  await expectErrors(page, ["grade"]);
  await fill(page, { grade: "bad", words: "示例：跑了三趟才说清楚。" });
  await press(page, button(page, "提交评价"));
  await press(page, link(page, "看这件投诉"));
  await expect(page.getByRole("main")).toContainText("跑了三趟才说清楚");

  await visit(page, receipt);
  await press(page, page.getByRole("link", { name: /^不同意，申请复核/ }));
  const words = page.getByLabel("您的理由");
  await expect(words).toHaveValue(/没有同意给予[^]*家里有存款[^]*我认为：$/);
  await press(page, button(page, "提交复核申请"), 422);
  await expectErrors(page, ["words"]);
  await fill(page, { words: `${await words.inputValue()}示例：保险只赔了一半。` });
  await press(page, button(page, "提交复核申请"));
  await expect(page.getByRole("main")).toContainText("正在复核");

  await visit(district, `/staff/cases/${number}/follow-up`);
  await expect(district.getByRole("main")).toContainText("不能再由您复核");
  const [admin, third, login] = [await another(), await another(), newLogin()];
  await signIn(admin, "demo-admin");
  const first = await addAccount(admin, login, "320214", "district_officer");
  await firstSignIn(third, login, first, "a-long-password-2026");
  await visit(third, `/staff/cases/${number}/follow-up`);
  await press(third, button(third, "告诉居民"), 422);
  await expectErrors(third, ["outcome", "reasons"]);
  await fill(third, { outcome: "reopened", reasons: "示例：保险单上确实只赔了一半，要重新了解。" });
  await press(third, button(third, "告诉居民"));

  await visit(page, receipt);
  for (const said of ["重新办理", "只赔了一半", "已受理"]) await expect(page.getByRole("main")).toContainText(said);
  await press(page, page.getByRole("link", { name: /^报告变化/ }));
  await press(page, button(page, "告诉街道"), 422);
  await expectErrors(page, ["kind-household", "since", "words"]);
  await fill(page, { "kind-income": "yes", since: "2026-11-01", words: "示例：儿子找到工作了。" });
  await press(page, button(page, "告诉街道"));
  await visit(street, `/staff/cases/${number}/follow-up`);
  await fill(street, { "outcome-1": "no-effect", "note-1": "示例：收到了，不影响这次救助。" });
  await press(street, button(street, "看过了，告诉居民"));
  await visit(page, receipt);
  await expect(page.getByRole("main")).toContainText("不影响这次救助");
});
