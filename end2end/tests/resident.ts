// A resident with an account in the browser. The demo shows on the page what would be sent to a telephone.

import { button, expect, fill, press, visit, type Page } from "./fixtures";

/** A number that no other test of this run uses. */
export function newNumber(): string {
  return `13900${String(Math.floor(Math.random() * 1_000_000)).padStart(6, "0")}`;
}

/** The six digits that stand in the message shown on the page. */
export async function codeShown(page: Page): Promise<string> {
  const text = await page.locator("p.xw-copy").first().innerText();
  return text.match(/(?<!\d)\d{6}(?!\d)/)![0];
}

/** Signs in with a code; ends where it leads. */
export async function signIn(page: Page, number: string) {
  await visit(page, "/sign-in?next=/me");
  await fill(page, { phone: number });
  await press(page, button(page, "获取验证码"));
  await fill(page, { code: await codeShown(page) });
  await press(page, button(page, "登录"));
}

export const IDENTITY = { name: "王样例", document_number: "320205199912319937" };

/** A made-up citizen number (GB 11643) from 14 digits of place and birth date on. */
function documentOf(place: string): string {
  const body = place + String(Math.floor(Math.random() * 1_000)).padStart(3, "0");
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((sum, weight, at) => sum + weight * Number(body[at]), 0);
  return body + "10X98765432"[sum % 11];
}

/** A day of a year as a document's number has it, such as 0312. */
function day(): string {
  return [12, 28].map((most) => String(1 + Math.floor(Math.random() * most)).padStart(2, "0")).join("");
}

/** The number of somebody born in 1945, another one for each test. */
export function newDocument(): string {
  return documentOf(`3202221945${day()}`);
}

/** The number of a child of ten. */
export function newChild(): string {
  return documentOf(`3202142016${day()}`);
}

/** The button that keeps a part of the profile; the first time it is also the consent to keeping it. */
export function keepButton(page: Page) {
  return page.getByRole("button", { name: /^(同意并)?保存$/ });
}

/** Writes name and document into the profile. */
export async function keepIdentity(page: Page, identity = IDENTITY) {
  await visit(page, "/me/profile/identity");
  await fill(page, identity);
  await press(page, keepButton(page));
  await expect(page).toHaveURL("/me/profile");
}

export const ASK = { name: "样例老人", relation: "parent", scope_aid: "yes" };

/** The last day that a request asks for: half a year from now. */
export function halfAYear(): string {
  return new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10);
}

/** Asks somebody to agree; gives path and code of the message to them. */
export async function ask(page: Page, phone: string): Promise<{ path: string; code: string }> {
  await visit(page, "/me/acting/new");
  await fill(page, { ...ASK, phone, ends_on: halfAYear() });
  await press(page, button(page, "发给对方"));
  const text = await page.locator("p.xw-copy").innerText();
  return { path: text.match(/\/acting\/[a-z0-9]{32}/)![0], code: await codeShown(page) };
}

/** Agrees on another phone. */
export async function agree(phone: Page, { path, code }: { path: string; code: string }) {
  await visit(phone, path);
  await fill(phone, { code });
  await press(phone, button(phone, "我同意他代办"));
  await expect(phone.getByText("您已经同意")).toBeVisible();
}
