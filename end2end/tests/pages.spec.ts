// What holds for every page: which scripts it loads, how much it weighs, how its text is punctuated, that the HTML
// validator can see it.

import { brotliCompressSync } from "node:zlib";

import { keepHtml } from "../tools/vnu.mjs";
import { expect, htmlOf, islands, scripted, test, type Page } from "./fixtures";
import { MODES, TOURS, choose } from "./pages";

const HTML_KIB = 20;

/** Half-width signs beside Chinese characters: 「姓名:」, 「好,」. */
const HALF_WIDTH = /\p{Script=Han} ?[,:;?!]|[,;?!] ?\p{Script=Han}|\p{Script=Han}\.(?=\s|$|\p{Script=Han})/gmu;

/** The text that people see or hear, without what they typed themselves. */
async function words(page: Page): Promise<string> {
  const spoken = await page.locator("[aria-label], [title], [placeholder], [alt]").evaluateAll((all) =>
    all.flatMap((it) => ["aria-label", "title", "placeholder", "alt"].map((name) => it.getAttribute(name) ?? "")),
  );
  return [await page.title(), await page.locator("body").innerText(), ...spoken].join("\n");
}

for (const [name, tour] of TOURS) {
  for (const mode of MODES) {
    test(`pages of the ${name}, ${mode}: scripts, weight, punctuation`, async ({ page, baseURL }) => {
      test.slow();
      await choose(page, mode, baseURL!);
      let loaded: string[] = [];
      page.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (request.isNavigationRequest()) loaded = [];
        else if (!/\.(css|svg|png|jpg)$/.test(pathname)) loaded.push(pathname.replace(/\/app\.[^.]+/, "/app.HASH"));
      });
      for await (const place of tour(page)) {
        const html = htmlOf(page);
        keepHtml(`${place}-${mode}`, html);

        const alive = html.includes("<leptos-island");
        await page.waitForLoadState("load");
        if (alive && scripted()) await islands(page);
        const scripts = alive && scripted() ? ["/island-loader.js", "/pkg/app.HASH.js", "/pkg/app.HASH.wasm"] : [];
        if (html.includes("data-passkey=") && scripted()) scripts.push("/staff-passkey.js");
        // Its own modules, and never those of the other pages; a service worker fetches some of them once more.
        if (place === "verify" || place.startsWith("screener")) {
          expect.soft(loaded.filter((path) => path.startsWith("/pkg/app.")), `what ${place} loads`).toEqual([]);
          loaded = scripts;
        }
        expect.soft(loaded, `what ${place} loads`).toEqual(scripts);

        const weight = brotliCompressSync(html).length / 1024;
        expect.soft(weight, `KiB of ${place}`).toBeLessThanOrEqual(HTML_KIB);

        const found = (await words(page)).match(HALF_WIDTH) ?? [];
        expect.soft(found, `half-width punctuation on ${place}`).toEqual([]);
        expect.soft(await page.locator("html").getAttribute("data-care"), place).toBe(mode === "elder" ? "" : null);
      }
    });
  }
}
