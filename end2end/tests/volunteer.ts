// The time bank in the browser: people whose names were checked, and a need of today.

import { button, expect, fill, press, visit, type Page } from "./fixtures";
import { newDocument, newNumber, signIn as signInResident } from "./resident";
import { signIn, signOut } from "./staff";

/** Somebody with a telephone. */
export type Person = { phone: string; name: string; document_number: string };

export function newPerson(name: string): Person {
  return { phone: newNumber(), name, document_number: newDocument() };
}

/** Has a clerk see the documents of these people. */
export async function seen(page: Page, people: Person[]) {
  await signIn(page, "demo-street");
  for (const person of people) {
    await visit(page, "/staff/counter/identity");
    await fill(page, { ...person, seen: "yes" });
    await press(page, button(page, "核对无误，登记"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("已经登记");
  }
  await signOut(page);
}

/** Signs in on a phone that the account does not know yet. */
export async function enter(phone: Page, person: Person) {
  await signInResident(phone, person.phone);
  await fill(phone, { name: person.name, document_tail: person.document_number.slice(-4) });
  await press(phone, button(phone, "继续"));
}

/** What an elder tells on the telephone: a visit late today, so that it is still to come. */
export function need(elder: Person) {
  return {
    name: elder.name,
    phone: elder.phone,
    street: "320214050",
    community: "320214050001",
    detail: "新光路 1 号",
    kind: "companionship",
    day: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
    starts: "23:59",
    minutes: "30",
    language: "both",
  };
}

/** An event of five minutes that begins soon, so that its door is open. */
export function event(title: string) {
  const clock = (minutes: number) => new Date(Date.now() + 8 * 3_600_000 + minutes * 60_000).toISOString();
  // It begins and ends on one day.
  const soon = clock(15).slice(0, 10) === clock(20).slice(0, 10) ? 15 : 20;
  return {
    title,
    kind: "companionship",
    street: "320214050",
    community: "320214050001",
    detail: "活动室",
    day: clock(soon).slice(0, 10),
    starts: clock(soon).slice(11, 16),
    ends: clock(soon + 5).slice(11, 16),
    places: "2",
  };
}

export const VOLUNTEER = { "kind-companionship": "yes", street: "320214050", language: "both", agreed: "yes" };
