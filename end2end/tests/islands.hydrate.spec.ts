// What the islands add to pages that work without them.

import { APPLY, STEPS, fillDraft, post } from "./applicant";
import { button, expect, expectErrors, fill, islands, press, test, typed, visit, type Page } from "./fixtures";

async function openStep(page: Page, slug: string) {
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/${slug}`);
  await islands(page);
}

test("a field is checked when it is left, with the server's sentence, which goes when it is put right", async ({ page }) => {
  await openStep(page, "applicant");
  const { name, document_number, mobile } = STEPS[0].wrong[1].values;
  const told: Record<string, string> = {};
  for (const [id, wrong] of Object.entries({ name, document_number, mobile })) {
    const field = page.locator(`#${id}`);
    const message = page.locator(`#${id}-error`);
    await expect(message).toBeHidden();
    await field.fill(wrong);
    await expect(message, "nothing is said while one types").toBeHidden();
    await field.blur();
    await expect(message).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    told[id] = await message.innerText();
  }
  await press(page, button(page, "下一步"), 422);
  for (const [id, sentence] of Object.entries(told)) await expect(page.locator(`#${id}-error`)).toHaveText(sentence);

  await islands(page);
  for (const [id, right] of Object.entries(STEPS[0].right)) {
    await page.locator(`#${id}`).fill(right);
    await page.locator(`#${id}`).blur();
    await expect(page.locator(`#${id}-error`)).toBeHidden();
    await expect(page.locator(`#${id}`)).not.toHaveAttribute("aria-invalid", "true");
  }
});

test("passing through empty fields says nothing", async ({ page }) => {
  await openStep(page, "applicant");
  for (const id of ["name", "document_number", "mobile"]) {
    await page.locator(`#${id}`).focus();
    await page.keyboard.press("Tab");
    await expect(page.locator(`#${id}-error`)).toBeHidden();
  }
});

test("a number is judged by the kind of document chosen, also when the kind changes", async ({ page }) => {
  await openStep(page, "applicant");
  const number = page.locator("#document_number");
  await number.fill("82000019880808995X");
  await number.blur();
  await expect(page.locator("#document_number-error")).toBeHidden();
  await number.fill("E12345678");
  await number.blur();
  await expect(page.locator("#document_number-error")).toBeVisible();
  await page.locator("#document_kind").selectOption("passport");
  await expect(page.locator("#document_number-error")).toBeHidden();
});

test("a card number that fails Luhn is warned about and goes through", async ({ page }) => {
  await fillDraft(page);
  await visit(page, `${APPLY}/bank-account`);
  await islands(page);
  const number = page.locator("#number");
  await expect(page.locator("#number-warning")).toBeHidden();
  await number.fill("6222023200000000012");
  await number.blur();
  await expect(page.locator("#number-warning")).toBeVisible();
  await expect(page.locator("#number-error")).toBeHidden();
  await expect(number).not.toHaveAttribute("aria-invalid", "true");
  await number.fill("6222023200000000011");
  await number.blur();
  await expect(page.locator("#number-warning")).toBeHidden();
  await number.fill("6222023200000000012");
  await press(page, button(page, "下一步"));
  await expect(page).toHaveURL(`${APPLY}/notice`);
});

test("the street chosen shortens the list of communities", async ({ page }) => {
  await openStep(page, "address");
  const groups = page.locator("#community optgroup");
  const open = () => groups.evaluateAll((all) => all.filter((it) => !it.hidden && !(it as HTMLOptGroupElement).disabled).map((it) => it.getAttribute("label")));
  expect(await open()).toHaveLength(6);
  await fill(page, { street: "320214050", community: "320214050001" });
  expect(await open()).toEqual(["旺庄街道"]);
  expect(await page.locator("#emergency_community optgroup[hidden]").count(), "the other list has its own street").toBe(0);
  await fill(page, { street: "320214051" });
  expect(await open()).toEqual(["硕放街道"]);
  expect((await typed(page)).community, "a community of another street is not kept").toBe("");
  await fill(page, { community: "unknown" });
  await fill(page, { street: "320214054" });
  expect((await typed(page)).community, "「不清楚」 fits every street").toBe("unknown");
  await fill(page, { street: "" });
  expect(await open()).toHaveLength(6);
});

test("a street that was kept shortens the list on arrival", async ({ page }) => {
  await fillDraft(page);
  await visit(page, `${APPLY}/address`);
  await islands(page);
  expect(await typed(page)).toMatchObject(STEPS[1].right);
  await expect(page.locator("#community optgroup:not([hidden])")).toHaveCount(1);
});

test("a form that came back takes the keyboard to what has to be put right", async ({ page }) => {
  await openStep(page, "situation");
  await press(page, button(page, "下一步"), 422);
  await islands(page);
  await expect(page.locator("#error-summary")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator("#kind")).toBeFocused();
});

test("the button is pressed at once, while the wrong field still has the keyboard", async ({ page }) => {
  await openStep(page, "applicant");
  await fill(page, STEPS[0].right);
  await page.locator("#mobile").fill("139");
  // A message that came up between pressing and releasing would move the button away from under the finger.
  await page.locator("#mobile").focus();
  await press(page, button(page, "下一步"), 422);
  await expectErrors(page, ["mobile"]);
  await islands(page);
  await fill(page, STEPS[0].right);
  await page.locator("#mobile").focus();
  await press(page, button(page, "下一步"));
  await expect(page).toHaveURL(`${APPLY}/address`);
});

test("the scripts wait until the page is loaded", async ({ page }) => {
  await openStep(page, "applicant");
  const times = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const scripts = performance.getEntriesByType("resource").filter(({ name }) => /\/pkg\/.+\.(js|wasm)$/.test(name));
    return { loaded: navigation.loadEventStart, scripts: scripts.map(({ startTime }) => startTime) };
  });
  expect(times.scripts).toHaveLength(2);
  for (const start of times.scripts) expect(start).toBeGreaterThanOrEqual(times.loaded);
});

test("without the module the page does its work", async ({ page, watch }) => {
  await page.route("**/*.wasm", (route) => route.abort("failed"));
  await post(page, APPLY, {});
  await visit(page, `${APPLY}/applicant`);
  await expect(page.locator("html")).toHaveAttribute("data-islands", "off");
  await press(page, button(page, "下一步"), 422);
  await expectErrors(page, ["name", "document_number", "mobile"]);
  await expect(page.locator("html")).toHaveAttribute("data-islands", "off");
  await fill(page, STEPS[0].right);
  await press(page, button(page, "下一步"));
  await expect(page).toHaveURL(`${APPLY}/address`);
  await expect(page.locator("html")).toHaveAttribute("data-islands", "off");
  // The loader says quietly what it could not load.
  watch.forgive(/net::ERR_FAILED|Islands not loaded/);
});
