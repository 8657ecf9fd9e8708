// The rest of a resident's account: another number to sign in with, what one agreed to, and what one is written.

import { button, expect, expectErrors, fill, link, press, test, typed, visit } from "./fixtures";
import { IDENTITY, codeShown, keepButton, keepIdentity, newDocument, newNumber, signIn } from "./resident";
import { signIn as signInStaff, to } from "./staff";

test("one changes the number that one signs in with, and other devices sign in again", async ({ page, another }) => {
  const [old, next] = [newNumber(), newNumber()];
  await signIn(page, old);
  const tablet = await another();
  await signIn(tablet, old);
  await keepIdentity(page);
  await press(page, to(page, "/me/profile/phone"));
  await press(page, button(page, "获取验证码"), 422);
  await expectErrors(page, ["phone"]);
  await fill(page, { phone: old });
  await press(page, button(page, "获取验证码"), 422);
  expect(await typed(page)).toMatchObject({ phone: old });
  await fill(page, { phone: next });
  await press(page, button(page, "获取验证码"));
  const code = await codeShown(page);
  await fill(page, { code: code === "000000" ? "000001" : "000000" });
  await press(page, button(page, "换成这个号码"), 422);
  await expectErrors(page, ["code"]);
  await fill(page, { code });
  await press(page, button(page, "换成这个号码"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("登录号码换好了");
  await expect(page.getByText(`139****${next.slice(-4)}`, { exact: false })).toBeVisible();
  await visit(page, "/me/inbox");
  await expect(page.getByRole("main")).toContainText("您的账号换了登录号码");
  await visit(tablet, "/me/profile");
  await expect(tablet, "the other device is out").toHaveURL(/\/sign-in/);
  await signIn(tablet, next);
  await expect(tablet.getByRole("heading", { level: 1 })).toHaveText("请再证明一下是您");
  await fill(tablet, { name: IDENTITY.name, document_tail: IDENTITY.document_number.slice(-4) });
  await press(tablet, button(tablet, "继续"));
  await expect(tablet).toHaveURL("/me");
});

test("a number that opens another account is refused, after its code alone", async ({ page, another }) => {
  const [mine, taken] = [newNumber(), newNumber()];
  await signIn(await another(), taken);
  await signIn(page, mine);
  await visit(page, "/me/profile/phone");
  await fill(page, { phone: taken });
  await press(page, button(page, "获取验证码"));
  await expect(page.getByText("已经有一个账号")).toHaveCount(0);
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "换成这个号码"), 409);
  await expect(page.getByText("这个号码已经有一个账号")).toBeVisible();
  await press(page, link(page, "不换了"));
  await expect(page.getByRole("main")).toContainText(`139****${mine.slice(-4)}`);
});

test("staff change the number of a person whose document they saw", async ({ page, another }) => {
  const [old, next] = [newNumber(), newNumber()];
  const document_number = newDocument();
  await signInStaff(page, "demo-street");
  await visit(page, "/staff/counter/visit");
  await fill(page, { phone: old });
  await press(page, button(page, "开始接待"));
  await expect(page.getByRole("link", { name: /^换登录号码/ })).toHaveCount(0);
  await fill(page, { name: "样例老人", document_number, seen: "yes" });
  await press(page, button(page, "证件已核对"));
  await press(page, page.getByRole("link", { name: /^换登录号码/ }));
  await fill(page, { phone: next, paper: "yes" });
  await press(page, button(page, "下一步"), 422);
  await expectErrors(page, ["paper"]);
  await fill(page, { paper: "" });
  await press(page, button(page, "下一步"));
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "换成这个号码"));
  await expect(page.getByRole("main")).toContainText(`139****${next.slice(-4)}`);
  await press(page, button(page, "结束接待"));
  const phone = await another();
  await signIn(phone, next);
  await fill(phone, { name: "样例老人", document_tail: document_number.slice(-4) });
  await press(phone, button(phone, "继续"));
  await visit(phone, "/me/data");
  await expect(phone.getByRole("main")).toContainText("给您换了登录号码");
});

test("what one agreed to is listed, and goes with what was kept by it", async ({ page }) => {
  await signIn(page, newNumber());
  await visit(page, "/me/profile/needs");
  await expect(page.getByText("敏感个人信息", { exact: false })).toBeVisible();
  await fill(page, { hearing: "yes", reach: "text" });
  await press(page, keepButton(page));
  await keepIdentity(page);
  await visit(page, "/me/data");
  await press(page, link(page, "看我同意过什么"));
  await expect(page.getByText("已同意", { exact: true })).toHaveCount(2);
  await press(page, button(page, "收回同意，只看站内消息"));
  await expect(page.getByText("已同意", { exact: true })).toHaveCount(1);
  await press(page, button(page, "收回同意，删除资料"));
  await expect(page.getByText("已同意", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText("收回");
  await visit(page, "/me/profile");
  for (const gone of ["王样例", "听力不便"]) await expect(page.getByRole("main")).not.toContainText(gone);
});

test("an administrator sees what residents are written, at its length and in large print", async ({ page }) => {
  await signInStaff(page, "demo-admin");
  await press(page, to(page, "/staff/templates"));
  const code = page.locator(".xw-card", { hasText: "登录验证码 123456" }).first();
  await expect(code).toContainText(/短信（\d+ 字，算 1 条）/);
  await expect(code).toContainText("1，2，3，4，5，6");
  await press(page, to(page, "/staff/templates/phone_changed/letter"));
  await page.emulateMedia({ media: "print" });
  const size = await page.locator(".xw-letter").evaluate((it) => Number.parseFloat(getComputedStyle(it).fontSize));
  expect(size, "18 points").toBeGreaterThanOrEqual(24);
});
