// Pictures of every page for people to look at: LOOKS=1 node_modules/.bin/playwright test

import { join } from "node:path";

import { expect, scripted, islands, test } from "./fixtures";
import { MODES, TOURS, choose } from "./pages";

const FOLDER = join(import.meta.dirname, "../out/looks");

for (const [name, tour] of TOURS) {
  for (const mode of MODES) {
    test(`pictures of the ${name}, ${mode}`, async ({ page, baseURL }, info) => {
      test.slow();
      await choose(page, mode, baseURL!);
      let pictures = 0;
      for await (const place of tour(page)) {
        if (scripted() && (await page.locator("leptos-island").count())) await islands(page);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          const path = join(FOLDER, `${place}-${info.project.name}-${mode}-${colorScheme}.png`);
          pictures += (await page.screenshot({ path, fullPage: true, scale: "css" })).length > 0 ? 1 : 0;
        }
      }
      expect(pictures).toBeGreaterThan(10);
    });
  }
}
