// The code on a confirmation, read the way others read it.

import { scan } from "../tools/qr.mjs";
import { expect, type Page } from "./fixtures";

/** The text of the page's QR code, from a picture of it. */
export async function readCode(page: Page): Promise<string> {
  const code = page.getByRole("img", { name: "二维码" });
  const texts = scan(await code.screenshot());
  expect(texts, "one code can be read").toHaveLength(1);
  return texts[0];
}

/** The part of the text that is signed. */
export function tokenOf(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}

/** The text with one character of the signature changed. */
export function altered(text: string): string {
  const at = text.length - 20;
  return text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
}
