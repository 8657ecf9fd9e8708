// Staff at work: signing in with two factors, a complaint from hand to hand, an application read for a reason, accounts.

import { readFile } from "node:fs/promises";

import { apply } from "./applicant";
import { button, expect, expectErrors, fill, press, test, typed, visit } from "./fixtures";
import {
  SAMPLE_PASSWORD,
  addAccount,
  complain,
  firstFactor,
  firstSignIn,
  newLogin,
  signIn,
  signOut,
  to,
  totp,
} from "./staff";

test("staff sign in with a password and a code, and out again", async ({ page }) => {
  await visit(page, "/staff");
  await expect(page).toHaveURL("/staff/sign-in");
  await press(page, button(page, "下一步"), 422);
  await expectErrors(page, ["login", "password"]);
  await fill(page, { login: "demo-street", password: "not-the-password" });
  await press(page, button(page, "下一步"), 422);
  await expect(page.getByText("账号或密码不对")).toBeVisible();
  expect(await typed(page), "the login is kept, the password is not").toEqual({ login: "demo-street", password: "" });
  await fill(page, { password: SAMPLE_PASSWORD });
  await press(page, button(page, "下一步"));
  await expect(page).toHaveURL("/staff/sign-in/second");
  await press(page, button(page, "登录"), 422);
  await expectErrors(page, ["code"]);
  const code = await page.locator(".xw-figure__value").innerText();
  await fill(page, { code });
  await press(page, button(page, "登录"));
  await expect(page).toHaveURL("/staff");
  await expect(page.getByText("街道经办（旺庄街道）").first()).toBeVisible();
  await visit(page, "/staff/accounts", 403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("您的岗位不办这件事");
  await visit(page, "/staff");
  await signOut(page);
  await visit(page, "/staff/complaints");
  await expect(page).toHaveURL("/staff/sign-in");
});

test("a complaint is taken over, answered and closed, and its sender reads the answer", async ({ page, another }) => {
  const written = `示例：窗口等了三个小时。${newLogin()}`;
  const { number, code } = await complain(page, written);
  const stranger = await another();
  await visit(stranger, `/feedback/${number}`);
  await expect(stranger.getByRole("main")).toContainText("已收到");
  await expect(stranger.getByRole("main")).not.toContainText(written);

  const officer = await another();
  await signIn(officer, "demo-street");
  await expect(officer.getByText(/件投诉建议等着处理/)).toBeVisible();
  await visit(officer, `/staff/complaints/${number}`);
  await expect(officer.getByRole("main")).toContainText(written);
  await press(officer, button(officer, "我来处理"));
  await press(officer, button(officer, "答复居民"), 422);
  await expectErrors(officer, ["reply"]);
  await fill(officer, { reply: "已经道歉，\n并加开窗口。" });
  await press(officer, button(officer, "答复居民"));
  await press(officer, button(officer, "办结"));
  await expect(officer.getByRole("main")).toContainText("已经答复并办结");

  await visit(page, `/feedback/${number}`);
  await expect(page.getByRole("main")).toContainText("并加开窗口");
  await press(stranger, button(stranger, "查看"), 422);
  await expectErrors(stranger, ["code"]);
  await fill(stranger, { code: "0000" });
  await press(stranger, button(stranger, "查看"), 422);
  await expect(stranger.getByText("对不上").first()).toBeVisible();
  await fill(stranger, { code: code.toLowerCase() });
  await press(stranger, button(stranger, "查看"));
  await expect(stranger.getByRole("main")).toContainText("并加开窗口");
  const family = await another();
  await visit(family, `/feedback/${number}`);
  await fill(family, { code: "0011" });
  await press(family, button(family, "查看"));
  await expect(family.getByRole("main")).toContainText(written);
});

test("a street passes a complaint on to the district", async ({ page, another }) => {
  const { number } = await complain(page, "示例：街道没有回话。");
  const officer = await another();
  await signIn(officer, "demo-street");
  await visit(officer, `/staff/complaints/${number}`);
  await press(officer, button(officer, "转给区里处理"));
  await visit(officer, `/staff/complaints/${number}`, 403);
  const district = await another();
  await signIn(district, "demo-district");
  await visit(district, `/staff/complaints/${number}`);
  await expect(button(district, "我来处理")).toBeVisible();
  const auditor = await another();
  await signIn(auditor, "demo-auditor");
  await visit(auditor, "/staff/audit");
  await expect(auditor.getByRole("heading", { name: "旺庄街道的投诉与建议" })).toBeVisible();
});

/** A street for each project, so that none works off another's list. */
const STREETS: Record<string, string> = {
  phone: "320214051",
  "phone-noscript": "320214052",
  desktop: "320214053",
};

test("whoever has a landline alone is rung by staff", async ({ page, another }, info) => {
  const street = STREETS[info.project.name];
  const { number } = await complain(page, "示例：请打座机回我。", "0510-85212345", street);
  const login = newLogin();
  const admin = await another();
  await signIn(admin, "demo-admin");
  const first = await addAccount(admin, login, street);
  const officer = await another();
  await firstSignIn(officer, login, first, "white-egrets-by-the-lake");
  await visit(officer, `/staff/complaints/${number}`);
  await press(officer, button(officer, "我来处理"));
  await fill(officer, { reply: "已经处理，谢谢您。" });
  await press(officer, button(officer, "答复居民"));
  await visit(officer, "/staff");
  await press(officer, officer.getByRole("link", { name: /个电话要打/ }));
  await press(officer, officer.getByRole("link", { name: /打一个电话/ }).first());
  await expect(officer.getByRole("main")).toContainText("0510-85212345");
  const at = officer.url();
  await press(officer, button(officer, "已经打过，本人知道了"));
  await expect(officer).toHaveURL("/staff/deliveries");
  await visit(officer, new URL(at).pathname, 404);
});

test("an application opens in its own area, for a reason, with its numbers in part", async ({ page, another }) => {
  const number = await apply(page);
  const officer = await another();
  await signIn(officer, "demo-district");
  await visit(officer, `/staff/cases/${number}`);
  await expect(officer.getByRole("main")).not.toContainText("王样例");
  await press(officer, button(officer, "打开申请"), 422);
  await expectErrors(officer, ["purpose"]);
  await fill(officer, { purpose: "handling" });
  await press(officer, button(officer, "打开申请"));
  const main = officer.getByRole("main");
  for (const shown of ["王样例", "厨房失火", "样例老人", "139****0011"]) await expect(main).toContainText(shown);
  await expect(main).not.toContainText("320205199912319937");
  await press(officer, button(officer, "显示完整号码"));
  await expect(main).toContainText("320205199912319937");
  // The emergency was in another street than the sample officer's.
  const neighbour = await another();
  await signIn(neighbour, "demo-street");
  await visit(neighbour, `/staff/cases/${number}`, 403);
  await expect(neighbour.getByRole("main")).not.toContainText("王样例");
});

test("the register of an area is a file that names nobody in full", async ({ page, another }) => {
  const number = await apply(page);
  const officer = await another();
  await signIn(officer, "demo-district");
  await visit(officer, "/staff/cases");
  await press(officer, officer.getByRole("link", { name: "导出登记表" }));
  await press(officer, button(officer, "导出"), 422);
  await expectErrors(officer, ["purpose"]);
  await fill(officer, { purpose: "handling" });
  const [download] = await Promise.all([officer.waitForEvent("download"), button(officer, "导出").click()]);
  expect(download.suggestedFilename()).toMatch(/^applications-\d{4}-\d{2}-\d{2}\.csv$/);
  const table = await readFile(await download.path(), "utf8");
  expect(table).toContain("编号,地方,");
  expect(table).toMatch(new RegExp(`${number},.*,王＊＊`));
  expect(table).not.toContain("王样例");
});

test("an administrator makes an account, which sets up a code and a password of its own", async ({ page, another }) => {
  const login = newLogin();
  await signIn(page, "demo-admin");
  await visit(page, "/staff/accounts/new");
  await press(page, button(page, "添加"), 422);
  await expectErrors(page, ["login", "name", "role"]);
  const first = await addAccount(page, login);
  const person = await another();
  const secret = await firstSignIn(person, login, first, "white-egrets-by-the-lake");
  await expect(person.getByRole("main")).toContainText("街道经办（旺庄街道）");
  await signOut(person);
  await firstFactor(person, login, "white-egrets-by-the-lake");
  // The code of the last half minute was used up; the next one is good already.
  await fill(person, { code: totp(secret, Date.now() + 30_000) });
  await press(person, button(person, "登录"));
  await expect(person).toHaveURL("/staff");

  await press(page, to(page, "/staff/accounts").first());
  await press(page, page.getByRole("link", { name: login }));
  // The hidden fields of the posts held already have the same names.
  await page.locator("select#role").selectOption("auditor");
  await page.locator("select#place").selectOption("320214");
  await press(page, button(page, "加上这个岗位"));
  await expect(page.getByText("审计（全区）")).toBeVisible();
  await visit(person, "/staff/audit");
  const added = page.locator("li", { hasText: "审计（全区）" });
  await press(page, added.getByRole("button", { name: "取消这个岗位" }));
  await visit(person, "/staff/audit", 403);
  await press(page, button(page, "停用这个账号"));
  await visit(person, "/staff");
  await expect(person, "a disabled account is out at once").toHaveURL("/staff/sign-in");
});
