// Meals in the browser: an elder whose document was seen and whose address is known, and what a point cooks today.

import { randomBytes } from "node:crypto";

import { expect, fill, press, visit, type Page } from "./fixtures";
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

/** Sends a form of a page with a key of its own, as the browser would. */
export async function send(page: Page, path: string, fields: Record<string, string>): Promise<string> {
  const answer = await page.request.post(path, {
    form: { idempotency_key: randomBytes(16).toString("hex"), ...fields },
    headers: { origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
  expect(answer.status(), `${path}: ${answer.status()}`).toBe(303);
  return answer.headers().location!;
}

/** The day in Shanghai, so many days from today. */
export function dayAhead(ahead: number): string {
  return new Date(Date.now() + (ahead * 24 + 8) * 3_600_000).toISOString().slice(0, 10);
}

/** Has the point cook this on a day for a breakfast that can be ordered and fetched whenever this runs. */
export async function cooks(cook: Page, dish: { day: string; name: string; ingredients: string; [field: string]: string }) {
  await send(cook, "/staff/meals/xg-01/services", {
    service_kind: "breakfast", starts: "23:58", ends: "23:59", cutoff_days: "0", cutoff: "23:57",
  });
  await send(cook, "/staff/meals/xg-01/dishes", { kind: "breakfast", price: "12", quota: "100", ...dish });
}

/** The id of a dish that the point has on its plan. */
export async function dishId(cook: Page, name: string): Promise<string> {
  await visit(cook, "/staff/meals/xg-01");
  const plan = await cook.content();
  return plan.slice(plan.indexOf(name)).match(/\/staff\/meals\/xg-01\/dishes\/([a-z0-9]+)"/)![1]!;
}

/** Has the community worker write down somebody whose papers were seen; gives the page of their orders. */
export async function registered(worker: Page, person: { name: string; document_number: string }, avoid = ""): Promise<string> {
  return send(worker, "/staff/meal-orders/new", {
    name: person.name, document_kind: "citizen_id", document_number: person.document_number, phone: "", street: "320214050",
    community: "320214050001", detail: "示例路 1 号", huji: "here", avoid, seen: "yes",
  });
}
