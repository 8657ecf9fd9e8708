// 移动互联网应用（APP）适老化通用设计规范 (工信部 2021-04), measured in the browser: type of 18 dp and more, line spacing
// of 1.3 and more, targets of 60 × 60 dp in elder mode and 44 × 44 elsewhere, and text that can grow to 30 dp.

import { expect, test } from "./fixtures";
import { misfits, smallTargets, texts } from "./measure";
import { MODES, TOURS, choose } from "./pages";

/** A CSS px is a dp. */
const LEAST = { normal: { text: 14, main: 17, target: 44 }, elder: { text: 18, main: 22, target: 60 } };
const LINE_SPACING = 1.3;
const NARROWEST = 320;

for (const [name, tour] of TOURS) {
  for (const mode of MODES) {
    test(`pages of the ${name}, ${mode}: type, targets, ${NARROWEST} px`, async ({ page, baseURL, viewport }) => {
      test.slow();
      await choose(page, mode, baseURL!);
      const least = LEAST[mode];
      for await (const place of tour(page)) {
        const all = await texts(page);
        expect(all.length, `texts on ${place}`).toBeGreaterThan(3);
        const tooSmall = all.filter(({ size, small }) => size < (small ? least.text : least.main));
        expect.soft(tooSmall, `small type on ${place}`).toEqual([]);
        const tooTight = all.filter(({ spacing }) => spacing < LINE_SPACING - 0.001);
        expect.soft(tooTight, `tight lines on ${place}`).toEqual([]);
        expect.soft(await smallTargets(page, least.target), `small targets on ${place}`).toEqual([]);

        await page.setViewportSize({ width: NARROWEST, height: 640 });
        expect.soft(await misfits(page, NARROWEST), `${place} on ${NARROWEST} px`).toEqual([]);
        await page.setViewportSize(viewport!);
      }
    });
  }

  test(`elder_view_at_30dp_text_does_not_clip: pages of the ${name}`, async ({ page, baseURL, viewport }) => {
    test.slow();
    await choose(page, "elder", baseURL!);
    for await (const place of tour(page)) {
      // As one who sets a larger type in the browser.
      const size = await page.evaluate(() => {
        const px = (it: Element) => parseFloat(getComputedStyle(it).fontSize);
        const root = document.documentElement;
        root.style.fontSize = `${(px(root) * 30) / px(document.body)}px`;
        return px(document.body);
      });
      expect(size).toBeCloseTo(30);
      expect.soft(await misfits(page, viewport!.width), place).toEqual([]);
    }
  });
}
