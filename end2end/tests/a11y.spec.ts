// axe finds nothing on any page, in any mode.

import AxeBuilder from "@axe-core/playwright";

import { expect, islands, test, type Page } from "./fixtures";
import { MODES, TOURS, choose } from "./pages";

/** What axe finds, one line each. */
async function found(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
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
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          expect.soft(await found(page), `${place}, ${colorScheme}`).toEqual([]);
        }
      }
    });
  }
}
