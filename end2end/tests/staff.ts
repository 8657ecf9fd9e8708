// Staff in the browser: signing in as a sample account, making an account of one's own, the codes of an app.

import { createHmac } from "node:crypto";

import { button, expect, fill, press, visit, type Page } from "./fixtures";

export const SAMPLE_PASSWORD = "sample-key-2026";

/** The code that an app shows for a secret, such as `GEZD GNBV …` (RFC 6238). */
export function totp(secret: string, at = Date.now()): string {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replaceAll(" ", "")].map((sign) => signs.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Gives login and password; ends on the second page. */
export async function firstFactor(page: Page, login: string, password: string) {
  await visit(page, "/staff/sign-in");
  await fill(page, { login, password });
  await press(page, button(page, "下一步"));
}

/** Signs in as a sample account, whose code stands on the second page. */
export async function signIn(page: Page, login: string) {
  await firstFactor(page, login, SAMPLE_PASSWORD);
  await fill(page, { code: await page.locator(".xw-figure__value").innerText() });
  await press(page, button(page, "登录"));
  await expect(page).toHaveURL("/staff");
}

export async function signOut(page: Page) {
  await press(page, button(page, "退出登录"));
  await expect(page).toHaveURL("/staff/sign-in");
}

/** A login that nobody has yet. */
export function newLogin(): string {
  return `t-${Date.now().toString(36)}-${Math.floor(Math.random() * 1_000_000).toString(36)}`;
}

/** Has the administrator, who is signed in, make an account; gives its first password. */
export async function addAccount(page: Page, login: string, place = "320214050", role = "street_officer"): Promise<string> {
  await visit(page, "/staff/accounts/new");
  await fill(page, { login, name: "赵样例", role, place });
  await press(page, button(page, "添加"));
  return page.locator(".xw-figure__value").innerText();
}

/** Signs a new account in for the first time: an app is set up, the password changed. Gives the app's secret. */
export async function firstSignIn(page: Page, login: string, first: string, password: string): Promise<string> {
  await firstFactor(page, login, first);
  const secret = await page.locator(".xw-secret").innerText();
  await fill(page, { code: totp(secret) });
  await press(page, button(page, "添加好了，登录"));
  await expect(page).toHaveURL("/staff/account/password");
  await fill(page, { current: first, password, again: password });
  await press(page, button(page, "修改密码"));
  await expect(page).toHaveURL("/staff");
  return secret;
}

/** Sends a complaint about the street of the sample officer; gives its number and its code. */
export async function complain(
  page: Page,
  text: string,
  contact = "13900000011",
  area = "320214050",
): Promise<{ number: string; code: string }> {
  await visit(page, "/feedback");
  await fill(page, { kind: "complaint", area, text, contact });
  await press(page, button(page, "提交"));
  const number = new URL(page.url()).pathname.split("/").at(-1)!;
  const card = page.locator(".xw-card", { hasText: "请记下查询码" });
  return { number, code: await card.locator(".xw-figure__value").innerText() };
}

/** The link that leads to a path. */
export function to(page: Page, path: string) {
  return page.locator(`a[href="${path}"]`);
}
