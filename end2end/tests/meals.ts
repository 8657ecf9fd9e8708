// Meals in the browser: an elder whose document was seen and whose address is known.

import { button, fill, press, visit, type Page } from "./fixtures";
import { enter, newPerson, seen } from "./volunteer";

/** Signs an elder in on this phone; a clerk saw the document on that one. */
export async function elder(page: Page, clerk: Page) {
  const person = newPerson("样例老人");
  await seen(clerk, [person]);
  await enter(page, person);
  await visit(page, "/me/profile/address");
  await fill(page, { street: "320214050", community: "320214050001", detail: "示例路 1 号 502 室" });
  await press(page, page.getByRole("button", { name: /保存$/ }));
  return person;
}
