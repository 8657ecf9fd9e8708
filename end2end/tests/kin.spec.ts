// Acting for someone with the counter's help: agreements recorded and ended there, guardians of children, a clerk who fills in.

import { APPLY, fillDraft, lastForm, post } from "./applicant";
import { button, expect, expectErrors, fill, link, press, test, typed, visit, type Page } from "./fixtures";
import { halfAYear, keepButton, newChild, newDocument, newNumber, signIn as signInResident } from "./resident";
import { signIn } from "./staff";

const GUARDIAN = { name: "样例家长" };

/** Begins a visit of somebody without a telephone; gives its path. */
async function begin(page: Page, name: string, document_number: string): Promise<string> {
  await visit(page, "/staff/counter/visit");
  await fill(page, { name, document_number, seen: "yes" });
  await press(page, button(page, "开始接待"));
  return new URL(page.url()).pathname;
}

/** Begins a visit of somebody with a telephone, whose document is seen in it; gives its path. */
async function beginWithPhone(page: Page, phone: string, name: string, document_number: string): Promise<string> {
  await visit(page, "/staff/counter/visit");
  await fill(page, { phone });
  await press(page, button(page, "开始接待"));
  await fill(page, { name, document_number, seen: "yes" });
  await press(page, button(page, "证件已核对"));
  return new URL(page.url()).pathname;
}

/** Signs in on a phone that the account does not know yet. */
async function prove(phone: Page, number: string, name: string, document: string) {
  await signInResident(phone, number);
  await fill(phone, { name, document_tail: document.slice(-4) });
  await press(phone, button(phone, "继续"));
}

test("an agreement is recorded in a visit, and ended there on the person's word", async ({ page, another }) => {
  await signIn(page, "demo-street");
  const path = await begin(page, "样例老人", newDocument());
  await press(page, link(page, "他请家人代办"));
  await press(page, button(page, "登记代办"), 422);
  const asked = ["representative_name", "representative_phone", "relation", "scope_aid", "ends_on", "signed"];
  await expectErrors(page, asked);
  const helper = newNumber();
  const paper = {
    representative_name: "王样例",
    representative_phone: helper,
    relation: "parent",
    scope_aid: "yes",
    ends_on: halfAYear(),
  };
  await fill(page, paper);
  await press(page, button(page, "登记代办"), 422);
  await expectErrors(page, ["signed"]);
  expect(await typed(page)).toMatchObject({ representative_phone: helper });
  await fill(page, { signed: "yes" });
  await press(page, button(page, "登记代办"));
  await expect(page).toHaveURL(path);
  await expect(page.getByText("王＊＊ 替他办：救助", { exact: false })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(helper);

  const phone = await another();
  await signInResident(phone, helper);
  await visit(phone, "/me/acting");
  await press(phone, phone.getByRole("button", { name: /^现在替/ }));
  await post(phone, APPLY, {});
  await visit(phone, `${APPLY}/applicant`);
  // Their own affairs stay their own.
  await visit(phone, "/me/profile", 403);
  await expect(phone.getByText("您正在替别人办事")).toBeVisible();

  await press(page, button(page, "按本人的话结束代办"), 422);
  await expectErrors(page, ["proxy", "reason"]);
  await page.locator("#proxy").check();
  await fill(page, { reason: "own_wish" });
  await press(page, button(page, "按本人的话结束代办"));
  await expect(page.getByRole("main")).toContainText("已结束");
  await visit(phone, "/me/acting");
  await expect(phone.getByRole("button", { name: /^现在替/ })).toHaveCount(0);
  await expect(phone.getByText("您正在替")).toHaveCount(0);
});

test("a child signs up for nothing alone; a guardian is recorded and acts, and sees who read it", async ({ page, another }) => {
  const [document_number, child, number] = [newDocument(), newChild(), newNumber()];
  const alone = await another();
  await signInResident(alone, newNumber());
  await visit(alone, "/me/profile/identity");
  await fill(alone, { name: "样例孩子", document_number: child });
  await press(alone, keepButton(alone), 403);
  await expect(alone.getByRole("heading", { level: 1 })).toHaveText("请监护人来办");
  await visit(alone, "/me/profile");
  await expect(alone.getByRole("main")).not.toContainText("样例孩子");

  await signIn(page, "demo-street");
  const path = await beginWithPhone(page, number, GUARDIAN.name, document_number);
  await press(page, link(page, "他是孩子的监护人"));
  await press(page, button(page, "登记代办"), 422);
  await expectErrors(page, ["paper", "name", "document_number", "relation", "scope_aid", "signed", "consent"]);
  await fill(page, {
    paper: "household_register",
    name: "样例孩子",
    document_number: child,
    relation: "child",
    scope_aid: "yes",
    signed: "yes",
    consent: "yes",
  });
  await press(page, button(page, "登记代办"));
  await expect(page).toHaveURL(path);
  await expect(page.getByText("他是孩子 样＊＊＊ 的监护人：救助", { exact: false })).toBeVisible();
  await press(page, button(page, "结束接待"));

  const phone = await another();
  await prove(phone, number, GUARDIAN.name, document_number);
  await visit(phone, "/me/acting");
  await expect(phone.getByRole("heading", { name: "我是孩子 样＊＊＊ 的监护人" })).toBeVisible();
  await press(phone, phone.getByRole("button", { name: /^现在替/ }));
  await post(phone, APPLY, {});
  await visit(phone, `${APPLY}/applicant`);
  expect(await typed(phone)).toMatchObject({ name: "样例孩子", document_number: child });
  await press(phone, button(phone, "结束代办"));
  await visit(phone, "/me/data");
  await expect(phone.getByRole("heading", { name: "谁看过孩子 样＊＊＊ 的材料" })).toBeVisible();
  await expect(phone.getByText("登记了监护关系", { exact: false }).first()).toBeVisible();
});

test("a clerk fills in for the person at the counter, and nothing stays once the visit ends", async ({ page, context }) => {
  await signIn(page, "demo-street");
  const document_number = newDocument();
  const path = await begin(page, "样例老人", document_number);
  await press(page, button(page, "开始帮他填"), 422);
  await expectErrors(page, ["help"]);
  await fill(page, { help: "spoken" });
  await press(page, button(page, "开始帮他填"));
  await expect(page.getByText("窗口帮办：正在替")).toBeVisible();
  await visit(page, "/me/profile", 403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("帮办时不能打开这一页");
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/applicant`);
  expect(await typed(page)).toMatchObject({ name: "样例老人", document_number });
  await fillDraft(page);
  const sent = (await post(page, `${APPLY}/check`, await lastForm(page))).split("/").at(-1)!;
  await visit(page, `/confirm/${sent}`);
  await expect(page.getByText("窗口帮办：正在替")).toBeVisible();
  await press(page, button(page, "结束帮办"));
  await expect(page).toHaveURL(path);
  await fill(page, { help: "spoken" });
  await press(page, button(page, "开始帮他填"));
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/address`);
  const desk = await context.newPage();
  await visit(desk, path);
  await press(desk, button(desk, "结束接待"));
  // The page that is still open in the other tab takes nothing more.
  await press(page, button(page, "下一步"), 403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("帮办已经结束");
  await visit(page, "/me");
  await expect(page.getByRole("main")).not.toContainText(sent);
  expect((await context.cookies()).filter(({ name }) => name.endsWith("helping"))).toEqual([]);
});
