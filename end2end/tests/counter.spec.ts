// At the counter: a document is seen, an agreement on paper recorded; the residents see it on their own phones.

import { button, expect, expectErrors, fill, press, test, visit } from "./fixtures";
import { halfAYear, newNumber, signIn as signInResident } from "./resident";
import { signIn } from "./staff";

/** A made-up citizen number of somebody born in 1945 (GB 11643), another one for each test. */
function newDocument(): string {
  const body = `32022219450312${String(Math.floor(Math.random() * 1_000)).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0);
  return body + "10X98765432"[sum % 11];
}

test("a document is seen, an agreement on paper recorded, and both show on the residents' phones", async ({ page, another }) => {
  const [elder, helper] = [newNumber(), newNumber()];
  const document_number = newDocument();
  await signIn(page, "demo-street");
  await visit(page, "/staff/counter");
  await visit(page, "/staff/counter/proxy");
  const paper = {
    document_number,
    representative_name: "王样例",
    representative_phone: helper,
    relation: "parent",
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
