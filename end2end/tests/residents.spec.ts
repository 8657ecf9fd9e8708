// Residents with an account: signing in, the profile, acting for the family, one's own data.

import { APPLY, ELDER, apply, fillDraft, lastForm, post } from "./applicant";
import { button, expect, expectErrors, fill, link, press, test, typed, visit } from "./fixtures";
import { IDENTITY, agree, ask, codeShown, keepButton, keepIdentity, newNumber, signIn } from "./resident";

test("one signs in with a code, and wrong ones are told beside the field", async ({ page }) => {
  await visit(page, "/");
  await press(page, page.getByRole("main").getByRole("link", { name: /^登录/ }));
  await press(page, button(page, "获取验证码"), 422);
  await expectErrors(page, ["phone"]);
  await fill(page, { phone: "139" });
  await press(page, button(page, "获取验证码"), 422);
  expect(await typed(page)).toMatchObject({ phone: "139" });
  const number = newNumber();
  await fill(page, { phone: number });
  await press(page, button(page, "获取验证码"));
  await expect(page.getByText(`139****${number.slice(-4)}`)).toBeVisible();
  const code = await codeShown(page);
  await press(page, button(page, "登录"), 422);
  await expectErrors(page, ["code"]);
  await fill(page, { code: code === "000000" ? "000001" : "000000" });
  await press(page, button(page, "登录"), 422);
  await expectErrors(page, ["code"]);
  await fill(page, { code });
  await press(page, button(page, "登录"));
  await expect(page).toHaveURL("/me");
  await press(page, button(page, "退出登录"));
  await expect(page).toHaveURL("/");
  await visit(page, "/me/profile");
  await expect(page).toHaveURL("/sign-in?next=/me/profile");
});

test("a landline gets its code by voice", async ({ page }) => {
  await visit(page, "/sign-in");
  const number = `0510-8${String(Math.floor(Math.random() * 10_000_000)).padStart(7, "0")}`;
  await fill(page, { phone: number });
  await press(page, button(page, "获取验证码"));
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "登录"));
  await expect(page).toHaveURL("/me");
});

test("the profile is typed once and fills the application", async ({ page }) => {
  const number = newNumber();
  await signIn(page, number);
  await visit(page, "/me/profile/identity");
  await press(page, keepButton(page), 422);
  await expectErrors(page, ["name", "document_number"]);
  await keepIdentity(page);
  await visit(page, "/me/profile/address");
  await press(page, button(page, "保存"), 422);
  await expectErrors(page, ["street", "community", "detail"]);
  await fill(page, { street: "320214050", community: "320214050001", detail: "样例路 1 号" });
  await press(page, button(page, "保存"));
  await press(page, link(page, "添加一位家人"));
  await fill(page, ELDER);
  await press(page, button(page, "保存"));
  await visit(page, "/me/profile/needs");
  await press(page, button(page, "保存"), 422);
  await expectErrors(page, ["reach"]);
  await fill(page, { wheelchair: "yes", reach: "inbox" });
  await press(page, button(page, "保存"));
  const main = page.getByRole("main");
  for (const words of ["王样例", "样例路 1 号", "样例老人", "坐轮椅"]) await expect(main).toContainText(words);
  await expect(main).not.toContainText(IDENTITY.document_number);
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/applicant`);
  expect(await typed(page)).toMatchObject({ ...IDENTITY, mobile: number });
  await visit(page, `${APPLY}/household`);
  await expect(page.getByRole("main")).toContainText("样例老人");
});

test("another phone proves name and digits, then sees the same things", async ({ page, another }) => {
  const number = newNumber();
  await signIn(page, number);
  await keepIdentity(page);
  const sent = await apply(page);
  const phone = await another();
  await signIn(phone, number);
  await expect(phone.getByRole("heading", { level: 1 })).toHaveText("请再证明一下是您");
  await press(phone, button(phone, "继续"), 422);
  await expectErrors(phone, ["name", "document_tail"]);
  await fill(phone, { name: IDENTITY.name, document_tail: "1234" });
  await press(phone, button(phone, "继续"), 422);
  await expect(phone.getByText("姓名和证件号码对不上")).toBeVisible();
  await fill(phone, { document_tail: IDENTITY.document_number.slice(-4) });
  await press(phone, button(phone, "继续"));
  await expect(phone).toHaveURL("/me");
  await expect(phone.getByRole("main")).toContainText(sent);
  await press(phone, phone.getByRole("link", { name: /^我的数据/ }));
  await expect(phone.getByText("还没有工作人员看过您的材料")).toBeVisible();
});

test("who got somebody else's number starts afresh", async ({ page, another }) => {
  const number = newNumber();
  await signIn(page, number);
  await keepIdentity(page);
  const phone = await another();
  await signIn(phone, number);
  await press(phone, button(phone, "以前用这个号码的不是我"));
  await visit(phone, "/me/profile");
  await expect(phone.getByRole("main")).not.toContainText("王样例");
});

test("a relative applies for an elder who agreed on their own phone, and either ends it", async ({ page, another }) => {
  await signIn(page, newNumber());
  await visit(page, "/me/acting");
  await expect(page.getByText("先填一下您的姓名")).toBeVisible();
  await keepIdentity(page);
  await visit(page, "/me/acting/new");
  await press(page, button(page, "发给对方"), 422);
  await expectErrors(page, ["name", "phone", "relation", "scope_aid", "ends_on"]);
  const elder = newNumber();
  const message = await ask(page, elder);
  const phone = await another();
  await visit(phone, message.path);
  await expect(phone.getByText("王＊＊", { exact: false }).first()).toBeVisible();
  await press(phone, button(phone, "我同意他代办"), 422);
  await expectErrors(phone, ["code"]);
  await fill(phone, { code: message.code === "000000" ? "000001" : "000000" });
  await press(phone, button(phone, "我同意他代办"), 422);
  await expect(phone.getByText("同意码对不上")).toBeVisible();
  await agree(phone, message);

  await visit(page, "/me/acting");
  await press(page, page.getByRole("button", { name: /^现在替/ }));
  await expect(page.getByText("您正在替")).toBeVisible();
  await fillDraft(page);
  const sent = (await post(page, `${APPLY}/check`, await lastForm(page))).split("/").at(-1)!;
  await visit(page, `/confirm/${sent}`);
  await expect(page.getByText("您正在替")).toBeVisible();
  await press(page, button(page, "结束代办"));
  await expect(page).toHaveURL("/me/acting");
  await visit(page, "/me/inbox");
  await expect(page.getByRole("main")).toContainText("代办已经同意");
  await press(page, button(page, "都看过了"));
  await expect(button(page, "都看过了")).toHaveCount(0);

  // The elder's own phone: name and digits of what was sent for them prove who they are.
  await signIn(phone, elder);
  await fill(phone, { name: IDENTITY.name, document_tail: IDENTITY.document_number.slice(-4) });
  await press(phone, button(phone, "继续"));
  await visit(phone, "/me/acting");
  await press(phone, button(phone, "不让他再代办"));
  await visit(page, "/me/acting");
  await expect(page.getByRole("button", { name: /^现在替/ })).toHaveCount(0);
});

test("a form sent after the session ended is kept", async ({ page, context }) => {
  await signIn(page, newNumber());
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/applicant`);
  await fill(page, { name: "王样例", mobile: "13900000011" });
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.endsWith("xw_session"))!;
  // As a session that has ended: a token that opens nothing.
  await context.addCookies([{ ...session, value: "a".repeat(32) }]);
  await press(page, button(page, "下一步"), 401);
  await expect(page.getByText("您填的内容还在")).toBeVisible();
  await context.addCookies([session]);
  await press(page, button(page, "登录好了，再提交一次"), 422);
  expect(await typed(page)).toMatchObject({ name: "王样例", mobile: "13900000011" });
});

test("one reads all that is kept, and deletes the account", async ({ page }) => {
  const number = newNumber();
  await signIn(page, number);
  await keepIdentity(page);
  await visit(page, "/me/data/readable");
  await expect(page.getByRole("main")).toContainText(IDENTITY.document_number);
  await visit(page, "/me/devices");
  await expect(page.getByText("就是这台")).toBeVisible();
  await visit(page, "/me/data/delete");
  await press(page, button(page, "删除账号"), 422);
  await expectErrors(page, ["sure"]);
  await fill(page, { sure: "yes" });
  await press(page, button(page, "删除账号"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("账号已经删除");
  await signIn(page, number);
  await expect(page).toHaveURL("/me");
  await visit(page, "/me/profile");
  await expect(page.getByRole("main")).not.toContainText("王样例");
});
