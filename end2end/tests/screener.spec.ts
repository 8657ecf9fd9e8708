// The screener: the same questions, answers and errors, whether the server judges or the phone.

import { button, expect, expectErrors, fill, press, scripted, test, visit, type Page } from "./fixtures";
import { FAMILY } from "./household";

/** Opens the questions. */
async function open(page: Page) {
  await visit(page, "/aid/check");
  if (scripted()) await expect(page.locator("#screener")).toHaveAttribute("data-ready", "");
}

/** Asks for the result; the phone gives it in place. */
async function ask(page: Page, status = 200) {
  if (scripted()) await button(page, "看结果").click();
  else await press(page, button(page, "看结果"), status);
}

const item = (page: Page, slug: string) => page.locator(`[data-item="${slug}"]`);

test("a household finds what may fit and why, changes an answer, and goes on into the application", async ({ page }) => {
  await open(page);
  await fill(page, { income: "很少" });
  await ask(page, 422);
  await expectErrors(page, ["people", "income"]);

  await fill(page, FAMILY);
  await ask(page);
  await expect(page.locator("#error-summary")).toHaveCount(0);
  await expect(page.locator("[aria-invalid]")).toHaveCount(0);
  const title = page.getByRole("heading", { name: /^您家可能符合 \d+ 项$/ });
  await expect(title).toBeVisible();
  if (scripted()) await expect(title).toBeFocused();
  const zunlao = item(page, "old-age-allowance");
  await zunlao.getByText("为什么").click();
  await expect(zunlao.getByText(/^依据：/).first()).toBeVisible();
  // The demo's standard, marked as made up.
  const dibao = item(page, "minimum-living-security");
  await dibao.getByText("为什么").click();
  await expect(dibao).toContainText(/1,010.*示例/s);
  await expect(item(page, "home-adaptation").getByRole("link", { name: /问这一项$/ })).toHaveAttribute("href", /^tel:/);
  await expect(page.getByText("这只是参考，不是决定")).toBeVisible();

  // Younger than 80: what fitted no longer does.
  await fill(page, { oldest: "60" });
  await ask(page);
  const standing = zunlao.locator("xpath=ancestor::*[@data-standing]");
  await expect(standing).toHaveAttribute("data-standing", "not-now");

  await press(page, button(page, "去申请临时救助"));
  await expect(page).toHaveURL(/\/apply\/applicant$/);
  await visit(page, "/aid/temporary-aid/apply/finances");
  await expect(page.locator("#monthly_income")).toHaveValue("1,500");
});
