// A passkey instead of the code, with Chromium's virtual authenticator.

import { button, expect, fill, press, test, visit, type Page } from "./fixtures";
import { addAccount, firstFactor, firstSignIn, newLogin, signIn, signOut } from "./staff";

const PASSWORD = "white-egrets-by-the-lake";

/** Puts an authenticator into the browser that asks for a finger and always finds the right one. */
async function authenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    fails: (fails: boolean) =>
      devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: !fails }),
    credentials: async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

test("a passkey is added, signs in, and is removed", async ({ page, another, watch }) => {
  const admin = await another();
  await signIn(admin, "demo-admin");
  const login = newLogin();
  const first = await addAccount(admin, login);
  const key = await authenticator(page);
  await firstSignIn(page, login, first, PASSWORD);
  await visit(page, "/staff/account");
  await expect(page.getByText("还没有通行密钥")).toBeVisible();
  await press(page, button(page, "添加通行密钥"));
  await expect(page).toHaveURL("/staff/account");
  await expect(button(page, "删除这个通行密钥")).toBeVisible();
  expect(await key.credentials()).toHaveLength(1);

  await signOut(page);
  await firstFactor(page, login, PASSWORD);
  // The wrong finger: nothing is sent, and the code still works.
  await key.fails(true);
  await button(page, "用通行密钥登录").click();
  await expect(page.locator("[data-passkey-told]")).toHaveText("没有完成，可以再试一次，也可以用动态码。");
  watch.forgive(/No passkey/);
  await key.fails(false);
  await press(page, button(page, "用通行密钥登录"));
  await expect(page).toHaveURL("/staff");
  await visit(page, "/staff/account");
  await expect(page.getByText("用过")).toBeVisible();

  await press(page, button(page, "删除这个通行密钥"));
  await expect(page.getByText("还没有通行密钥")).toBeVisible();
  await signOut(page);
  await firstFactor(page, login, PASSWORD);
  await expect(button(page, "用通行密钥登录")).toHaveCount(0);
});

test("an answer that was changed on its way signs nobody in", async ({ page, another }) => {
  const admin = await another();
  await signIn(admin, "demo-admin");
  const login = newLogin();
  const first = await addAccount(admin, login);
  await authenticator(page);
  await firstSignIn(page, login, first, PASSWORD);
  await visit(page, "/staff/account");
  await press(page, button(page, "添加通行密钥"));
  await signOut(page);
  await firstFactor(page, login, PASSWORD);
  await page.locator("form[data-passkey]").evaluate((form: HTMLFormElement) => {
    form.submit = () => {
      const field = form.elements.namedItem("credential") as HTMLInputElement;
      const answer = JSON.parse(field.value);
      answer.response.signature = answer.response.signature.replace(/^...../, "AAAAA");
      field.value = JSON.stringify(answer);
      HTMLFormElement.prototype.submit.call(form);
    };
  });
  await press(page, button(page, "用通行密钥登录"), 422);
  await expect(page).toHaveURL("/staff/sign-in/second");
  await fill(page, { code: "000000" });
});
