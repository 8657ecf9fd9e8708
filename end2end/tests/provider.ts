// The sign-in provider beside the server under test (tools/oidc-provider.mjs): its pages are its own.

import { button, expect, press, visit, type Page } from "./fixtures";

/** What the watch over the browser says of the provider's pages. */
export const FOREIGN = /^foreign: http:\/\/localhost:\d+\//;

/** A login there that no other test of this run uses. */
export function newLogin(kind: "real" | "typed" | "bare", number = ""): string {
  const tail = String(Math.floor(Math.random() * 1_000_000_000));
  return kind === "bare" ? `bare.${tail}` : `${kind}.${number}`;
}

/** Signs in on the provider's pages and agrees there; ends on the page of ours that it leads back to. */
export async function atProvider(page: Page, login: string) {
  await page.locator("[name='login']").fill(login);
  await page.locator("[name='password']").fill("any");
  await page.locator("[type='submit']").click();
  await expect(page.locator("[name='prompt']")).toHaveValue("consent");
  await page.locator("[type='submit']").click();
  await expect(page.locator("#main")).toBeVisible();
}

/** Goes to the provider by its button. */
export async function toProvider(page: Page, words = "用示例平台登录") {
  await button(page, words).click();
  await expect(page.locator("[name='prompt']")).toHaveValue("login");
}

/** Signs in with an account there; ends where it leads. */
export async function signInWith(page: Page, login: string, next = "/me/profile") {
  await visit(page, `/sign-in?next=${next}`);
  await toProvider(page);
  await atProvider(page, login);
}

/** Signs out here and is known no longer there. */
export async function signOutHere(page: Page) {
  await visit(page, "/me");
  await press(page, button(page, "退出登录"));
  await page.context().clearCookies({ name: /^_(session|interaction|grant)/ });
}
