// At the counter: a document is seen, an agreement on paper recorded; the residents see it on their own phones.

import { readCode, tokenOf } from "./code";
import { button, expect, expectErrors, fill, link, press, test, visit } from "./fixtures";
import { halfAYear, newDocument, newNumber, signIn as signInResident } from "./resident";
import { signIn } from "./staff";

test("a document is seen, an agreement on paper recorded, and both show on the residents' phones", async ({ page, another }) => {
  const [elder, helper] = [newNumber(), newNumber()];
  const document_number = newDocument();
  await signIn(page, "demo-street");
  await visit(page, "/staff/counter");
  await visit(page, "/staff/counter/proxy");
  const paper = {
    kind: "relative",
    paper: "consent_form",
    name: "样例老人",
    document_number,
    representative_name: "王样例",
    representative_phone: helper,
    relation: "parent",
    scope_aid: "yes",
    ends_on: halfAYear(),
    signed: "yes",
  };
  await fill(page, paper);
  await press(page, button(page, "登记代办"), 422);
  await expectErrors(page, ["document_number"]);
  await visit(page, "/staff/counter/identity");
  await press(page, button(page, "核对无误，登记"), 422);
  await expectErrors(page, ["phone", "name", "document_number", "seen"]);
  await fill(page, { phone: elder, name: "样例老人", document_number, seen: "yes" });
  await press(page, button(page, "核对无误，登记"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("已经登记");
  await expect(page.getByRole("main")).not.toContainText("样例老人");
  await visit(page, "/staff/counter/proxy");
  await fill(page, paper);
  await press(page, button(page, "登记代办"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("已经登记");

  const phone = await another();
  await signInResident(phone, elder);
  await fill(phone, { name: "样例老人", document_tail: document_number.slice(-4) });
  await press(phone, button(phone, "继续"));
  await visit(phone, "/me/profile");
  await expect(phone.getByText("已核对证件")).toBeVisible();
  await visit(phone, "/me/data");
  await expect(phone.getByText("核对了您的证件", { exact: false })).toBeVisible();
  const relative = await another();
  await signInResident(relative, helper);
  await visit(relative, "/me/acting");
  await press(relative, relative.getByRole("button", { name: /^现在替 样/ }));
  await expect(relative.getByText("您正在替")).toBeVisible();
});

test("a person without a telephone gets a card that anyone can check, until it is lost", async ({ page, another }) => {
  await signIn(page, "demo-street");
  await visit(page, "/staff/counter/visit");
  await press(page, button(page, "开始接待"), 422);
  await expect(page.locator("#error-summary")).toBeVisible();
  await fill(page, { name: "样例老人", document_number: newDocument(), seen: "yes" });
  await press(page, button(page, "开始接待"));
  await press(page, button(page, "办一张卡"));
  const visitPath = new URL(page.url()).pathname.replace(/\/card$/, "");
  await visit(page, visitPath);
  await press(page, link(page, "打印这张卡"));
  const card = await readCode(page);
  const stranger = await another();
  await visit(stranger, card);
  await expect(stranger.getByRole("heading", { name: "这张卡是真的" })).toBeVisible();
  await expect(stranger.getByRole("main")).not.toContainText("样例老人");
  await visit(page, visitPath);
  await press(page, button(page, "卡丢了，挂失"));
  await visit(stranger, `/V/${tokenOf(card)}`);
  await expect(stranger.getByRole("heading", { name: "这张卡是真的" })).toHaveCount(0);
  await expect(stranger.getByRole("main")).toContainText("挂失");
  await visit(page, visitPath);
  await press(page, button(page, "结束接待"));
  await visit(page, visitPath);
  await expect(page.getByText("这次接待已经结束")).toBeVisible();
});
