// Signing in with an account at a provider: there and back, and what is said when it does not succeed. The attacks on it
// are tried over HTTP (server/tests/api/sign_in_provider.rs).

import { button, expect, fill, link, press, test, visit } from "./fixtures";
import { FOREIGN, atProvider, newLogin, signInWith, signOutHere, toProvider } from "./provider";
import { keepIdentity, newDocument, newNumber, signIn } from "./resident";

test("one signs in with an account whose real name the provider has proved", async ({ page, another, watch }) => {
  const login = newLogin("real", newDocument());
  await signInWith(page, login);
  await expect(page).toHaveURL("/me/profile");
  await expect(page.getByRole("main")).toContainText("王样例");
  await expect(page.getByRole("main")).toContainText("已核对证件");
  // The only way in can't be taken away.
  await visit(page, "/me/devices");
  await expect(page.getByRole("main")).toContainText("不能断开");
  await expect(button(page, "断开示例平台")).toHaveCount(0);
  // The same person on another device.
  const phone = await another();
  await signInWith(phone, login);
  await expect(phone).toHaveURL("/me/profile");
  await expect(phone.getByRole("main")).toContainText("王样例");
  watch.forgive(FOREIGN);
});

test("without a proved name, a new device asks for name and digits", async ({ page, another, watch }) => {
  const login = newLogin("bare");
  await signInWith(page, login);
  await expect(page.getByRole("main")).toContainText("还没有核对证件");
  await keepIdentity(page);
  await signOutHere(page);
  await signInWith(page, login);
  await expect(page).toHaveURL("/me/profile");
  const phone = await another();
  await signInWith(phone, login);
  await expect(phone).toHaveURL("/sign-in/prove?next=/me/profile");
  await expect(phone.getByRole("main")).toContainText("第一次用这个账号登录");
  await expect(button(phone, "以前用这个号码的不是我")).toHaveCount(0);
  await fill(phone, { name: "王样例", document_tail: "9937" });
  await press(phone, button(phone, "继续"));
  await expect(phone).toHaveURL("/me/profile");
  await expect(phone.getByRole("main")).toContainText("王样例");
  watch.forgive(FOREIGN);
});

test("a document that another account has is for the counter", async ({ page, another, watch }) => {
  const number = newDocument();
  await signInWith(page, newLogin("real", number));
  await expect(page.getByRole("main")).toContainText("已核对证件");
  const second = await another();
  await signInWith(second, `${newLogin("real", number)}.13900001234`);
  await expect(second).toHaveURL("/sign-in/counter?next=/me/profile");
  await expect(second.getByRole("main")).toContainText("请带身份证件到社区或街道窗口");
  await press(second, link(second, "知道了，继续"));
  await expect(second.getByRole("main")).toContainText("还没有核对证件");
  watch.forgive(FOREIGN);
});

test("an account is connected with one's own, and disconnected", async ({ page, another, watch }) => {
  const login = newLogin("bare");
  await signIn(page, newNumber());
  await visit(page, "/me/devices");
  await toProvider(page, "连接示例平台");
  await atProvider(page, login);
  await expect(page).toHaveURL("/me/devices");
  await expect(button(page, "断开示例平台")).toBeVisible();
  // It can't be another person's too.
  const other = await another();
  await signIn(other, newNumber());
  await visit(other, "/me/devices");
  await toProvider(other, "连接示例平台");
  const refused = other.waitForResponse((response) => response.url().includes("/sign-in/callback/"));
  await atProvider(other, login);
  expect((await refused).status()).toBe(409);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("没有连接成功");
  watch.expectRefusal((await refused).request());
  await press(page, button(page, "断开示例平台"));
  await expect(button(page, "连接示例平台")).toBeVisible();
  watch.forgive(FOREIGN);
});

test("a refusal says what happened, and leads back", async ({ page, watch }) => {
  await visit(page, "/sign-in");
  await press(page, button(page, "用停机平台登录"), 503);
  await expect(page.getByRole("main")).toContainText("没有回应");
  await press(page, link(page, "回到登录页"));
  await visit(page, "/sign-in/callback/province?code=made-up&state=forged", 400);
  await expect(page.getByRole("main")).toContainText("为了您的安全，我们没有接受");
  await press(page, link(page, "回到登录页"));
  // One changes one's mind at the provider.
  await toProvider(page);
  const cancelled = page.waitForResponse((response) => response.url().includes("/sign-in/callback/"));
  await page.getByRole("link", { name: /cancel/i }).click();
  expect((await cancelled).status()).toBe(403);
  watch.expectRefusal((await cancelled).request());
  await expect(page.getByRole("main")).toContainText("没有同意登录");
  await press(page, link(page, "回到登录页"));
  await expect(page).toHaveURL("/sign-in");
  watch.forgive(FOREIGN);
});
