// axe finds nothing on any page, in any mode.

import AxeBuilder from "@axe-core/playwright";

import { expect, islands, test, type Page } from "./fixtures";
import { MODES, TOURS, choose } from "./pages";

/** What axe finds, one line each. */
async function found(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.replaceAll(/\s+/g, " ")}`),
  );
}

for (const [name, tour] of TOURS) {
  for (const mode of MODES) {
    test(`axe on the pages of the ${name}, ${mode} and dark`, async ({ page, baseURL }) => {
      test.slow();
      await choose(page, mode, baseURL!);
      for await (const place of tour(page)) {
        if (await page.locator("leptos-island").count()) await islands(page);
        await page.emulateMedia({ colorScheme: "light" });
        expect.soft(await found(page), place).toEqual([]);
        // Dark mode changes colours and nothing else.
        await page.emulateMedia({ colorScheme: "dark" });
        expect.soft(await found(page, ["color-contrast", "link-in-text-block"]), `${place}, dark`).toEqual([]);
      }
    });
  }
}
