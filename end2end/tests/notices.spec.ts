// 低保 between three browsers: a resident applies, the street puts its opinion up, a neighbour objects, the street looks again.

import { applyFor } from "./applicant";
import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { signIn } from "./staff";

test("an opinion on 低保 is put up in public, objected to and looked into again before anybody decides", async ({ page, another }) => {
  const number = await applyFor(page, "minimum-living-security", "示例：母亲长期生病，没有别的收入。");

  const street = await another();
  await signIn(street, "demo-meicun");
  await visit(street, `/staff/cases/${number}/handle`);
  await press(street, button(street, "受理"));
  await expect(street.getByRole("main")).toContainText("一提出就在社区公示");
  // Nobody was there yet: no opinion to give aid.
  await fill(street, { outcome: "grant", amount: "1530", reasons: "示例：母亲长期生病，人均收入低于标准。" });
  await press(street, button(street, "提出意见"), 422);
  await expectErrors(street, ["outcome"]);
  await visit(street, `/staff/cases/${number}/visit`);
  await street.getByLabel("和谁一起去的").selectOption({ index: 1 });
  const seen = "示例：一室一厅，家里没有值钱的东西，母亲卧床。";
  await fill(street, { family: "示例家人", "family-is": "母亲", findings: seen, signed: "paper" });
  await press(street, button(street, "登记"));
  await expect(street).toHaveURL(`/staff/cases/${number}/inquiry`);
  await visit(street, `/staff/cases/${number}/handle`);
  const reasons = "示例：入户看了，母亲长期生病，人均收入低于标准。";
  await fill(street, { outcome: "grant", amount: "1530", reasons });
  await press(street, button(street, "提出意见"));
  await visit(page, `/confirm/${number}`);
  await expect(page.getByRole("main")).toContainText("正在社区公示");

  const neighbour = await another();
  await visit(neighbour, "/notices?street=320214054");
  await expect(neighbour.getByRole("main")).not.toContainText("样例路");
  await press(neighbour, neighbour.getByRole("link", { name: "提出异议" }).first());
  await press(neighbour, button(neighbour, "提交异议"), 422);
  await expectErrors(neighbour, ["text"]);
  await fill(neighbour, { text: "示例：他家的儿子在外地有工作，一直在寄钱。" });
  await press(neighbour, button(neighbour, "提交异议"));
  await expect(neighbour.getByRole("main")).toContainText("街道会去查");

  const district = await another();
  await signIn(district, "demo-district");
  await visit(district, `/staff/cases/${number}/handle`);
  await expect(district.getByRole("main")).toContainText("有异议还没有查清");
  await expect(button(district, "同意，给予救助")).toHaveCount(0);
  await visit(street, `/staff/cases/${number}/handle`);
  await fill(street, { outcome: "reinvestigate", answer: "示例：寄钱的事要再问一问。" });
  await press(street, button(street, "记下处理"));
  await expect(button(street, "提出意见")).toBeVisible();
});
