// What holds for every page in every state, judged on one walk a mode: making the states costs more than looking at them.
//
// - What the server sent: its weight, its scripts, its punctuation; the HTML is kept for the validator.
// - 移动互联网应用（APP）适老化通用设计规范 (工信部 2021-04), measured: type of 18 dp and more, line spacing of 1.3 and more,
//   targets of 60 × 60 dp in elder mode and 44 × 44 elsewhere, on a phone and at a desk; text that can grow to 30 dp.
// - axe finds nothing, in light and in dark colours.

import { brotliCompressSync } from "node:zlib";

import AxeBuilder from "@axe-core/playwright";

import { keepHtml } from "../tools/vnu.mjs";
import { expect, htmlOf, islands, test, type Page } from "./fixtures";
import { misfits, smallTargets, texts } from "./measure";
import { MODES, TOURS, choose, type Mode } from "./pages";

const HTML_KIB = 20;
/** A CSS px is a dp. */
const LEAST = { normal: { text: 14, main: 17, target: 44 }, elder: { text: 18, main: 22, target: 60 } };
const LINE_SPACING = 1.3;
const NARROWEST = { width: 320, height: 640 };
const DESK = { width: 1280, height: 800 };

/** Half-width signs beside Chinese characters: 「姓名:」, 「好,」. */
const HALF_WIDTH = /\p{Script=Han} ?[,:;?!]|[,;?!] ?\p{Script=Han}|\p{Script=Han}\.(?=\s|$|\p{Script=Han})/gmu;

for (const [name, tour] of TOURS) {
  for (const mode of MODES) {
    const trap = mode === "elder" ? "elder_view_at_30dp_text_does_not_clip and " : "";
    test(`pages of the ${name}, ${mode}: ${trap}all that holds for each`, async ({ page, baseURL, viewport }) => {
      test.setTimeout(600_000);
      await choose(page, mode, baseURL!);
      const loaded = loads(page);
      for await (const place of tour(page)) {
        await judgeSent(page, place, mode, loaded);
        await judgeLook(page, place, mode);
        await judgeWidth(page, NARROWEST, place);
        await judgeWidth(page, DESK, place, LEAST[mode].target);
        await page.setViewportSize(viewport!);
        await judgeByAxe(page, place);
        if (mode === "elder") await judgeLargerType(page, place, viewport!.width);
      }
    });
  }
}

/** The paths that a page has loaded besides itself and what it looks like; told anew after each navigation. */
function loads(page: Page): () => string[] {
  let loaded: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.isNavigationRequest()) loaded = [];
    else if (!/\.(css|svg|png|jpg)$/.test(pathname)) loaded.push(pathname.replace(/\/app\.[^.]+/, "/app.HASH"));
  });
  // Until the next page is there, the one before may still ask for something.
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) loaded = [];
  });
  return () => loaded;
}

/** The text that people see or hear, without what they typed themselves. */
async function words(page: Page): Promise<string> {
  const spoken = await page.locator("[aria-label], [title], [placeholder], [alt]").evaluateAll((all) =>
    all.flatMap((it) => ["aria-label", "title", "placeholder", "alt"].map((name) => it.getAttribute(name) ?? "")),
  );
  // What a file must hold to the letter is no sentence.
  const exact = await page.locator(".xw-code").allInnerTexts();
  const body = exact.reduce((text, code) => text.replace(code, ""), await page.locator("body").innerText());
  return [await page.title(), body, ...spoken].join("\n");
}

async function judgeSent(page: Page, place: string, mode: Mode, loaded: () => string[]) {
  const html = htmlOf(page);
  keepHtml(`${place}-${mode}`, html);

  const alive = html.includes("<leptos-island");
  await page.waitForLoadState("load");
  if (alive) await islands(page);
  const scripts = alive ? ["/island-loader.js", "/pkg/app.HASH.js", "/pkg/app.HASH.wasm"] : [];
  if (html.includes("data-passkey=")) scripts.push("/staff-passkey.js");
  if (html.includes("data-aloud=")) scripts.push("/read-aloud.js");
  if (html.includes("data-draw=")) scripts.push("/draw-verify.js");
  // A page with modules of its own loads those, and never those of the other pages; a service worker fetches some of
  // them once more.
  if (["verify", "screener"].some((own) => place.startsWith(own))) {
    expect.soft(loaded().filter((path) => path.startsWith("/pkg/app.")), `what ${place} loads`).toEqual([]);
  } else if (html.includes("data-told=")) {
    // It keeps itself and its script for where there is no network.
    const kept = ["/kept.js", "/kept-worker.js", "/staff-meals.js", "/staff-visit.js", "/timebank-sign.js", "/timebank/devices", "/staff/meals/xg-01/offline/list"];
    const more = loaded().filter((path) => ![...kept, ...scripts, new URL(page.url()).pathname].includes(path));
    expect.soft(more, `what ${place} loads`).toEqual([]);
  } else {
    expect.soft(loaded(), `what ${place} loads`).toEqual(scripts);
  }

  const weight = brotliCompressSync(html).length / 1024;
  expect.soft(weight, `KiB of ${place}`).toBeLessThanOrEqual(HTML_KIB);

  const found = (await words(page)).match(HALF_WIDTH) ?? [];
  expect.soft(found, `half-width punctuation on ${place}`).toEqual([]);
  expect.soft(await page.locator("html").getAttribute("data-care"), place).toBe(mode === "elder" ? "" : null);
}

async function judgeLook(page: Page, place: string, mode: Mode) {
  const least = LEAST[mode];
  const all = await texts(page);
  expect(all.length, `texts on ${place}`).toBeGreaterThan(3);
  const tooSmall = all.filter(({ size, small }) => size < (small ? least.text : least.main));
  expect.soft(tooSmall, `small type on ${place}`).toEqual([]);
  const tooTight = all.filter(({ spacing }) => spacing < LINE_SPACING - 0.001);
  expect.soft(tooTight, `tight lines on ${place}`).toEqual([]);
  expect.soft(await smallTargets(page, least.target), `small targets on ${place}`).toEqual([]);
}

/** At this width nothing sticks out, and, where a least size is given, each target still has it. */
async function judgeWidth(page: Page, size: { width: number; height: number }, place: string, target?: number) {
  await page.setViewportSize(size);
  expect.soft(await misfits(page, size.width), `${place} on ${size.width} px`).toEqual([]);
  if (target) expect.soft(await smallTargets(page, target), `small targets on ${place}, ${size.width} px`).toEqual([]);
}

async function judgeByAxe(page: Page, place: string) {
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(await found(page), place).toEqual([]);
  // Dark mode changes colours and nothing else.
  await page.emulateMedia({ colorScheme: "dark" });
  expect.soft(await found(page, ["color-contrast", "link-in-text-block"]), `${place}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}

/** What axe finds, one line each. */
async function found(page: Page, rules?: string[]): Promise<string[]> {
  // No page has frames: what joins the findings of several, in a window of its own, is not needed.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.replaceAll(/\s+/g, " ")}`),
  );
}

/** As one who sets a larger type in the browser. */
async function judgeLargerType(page: Page, place: string, width: number) {
  const size = await page.evaluate(() => {
    const px = (it: Element) => parseFloat(getComputedStyle(it).fontSize);
    const root = document.documentElement;
    root.style.fontSize = `${(px(root) * 30) / px(document.body)}px`;
    return px(document.body);
  });
  expect(size).toBeCloseTo(30);
  expect.soft(await misfits(page, width), `${place} at 30 dp`).toEqual([]);
}
