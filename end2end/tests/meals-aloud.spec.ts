// The menu of a point, read aloud: what is spoken is what stands on the page; the same button stops it.

import { button, expect, scripted, test, visit } from "./fixtures";

declare global {
  interface Window {
    spoken: string[];
    silenced: number;
  }
}

test("the menu is read aloud with its tags and stopped by the same button", async ({ page }) => {
  // A browser on a test machine has no voice: what it is told to say is written down.
  await page.addInitScript(() => {
    window.spoken = [];
    window.silenced = 0;
    const speak = (said: SpeechSynthesisUtterance) => window.spoken.push(`${said.lang} ${said.text}`);
    const cancel = () => (window.silenced += 1);
    Object.defineProperty(window, "speechSynthesis", { value: { speak, cancel } });
  });
  await visit(page, "/meals/xg-01");
  const read = button(page, "读给我听");
  if (!scripted()) {
    await expect(read).toBeHidden();
    return;
  }
  await read.click();
  const spoken = await page.evaluate(() => window.spoken);
  expect(spoken.length).toBeGreaterThan(10);
  expect(spoken.every((line) => line.startsWith("zh-CN "))).toBe(true);
  const all = spoken.join("\n");
  for (const words of ["元，还有", "用料：", "软烂"]) expect(all).toContain(words);
  expect(all).not.toContain("这一餐不订");
  // Nothing is said that is not there to be read.
  const there = (await page.locator("[data-read]").innerText()).replace(/\s+/g, "").replaceAll("·", "，");
  for (const line of spoken) expect(there).toContain(line.slice("zh-CN ".length).replace(/\s+/g, ""));
  await button(page, "别读了").click();
  await expect(read).toBeVisible();
  expect(await page.evaluate(() => window.silenced)).toBe(2);
  expect((await page.evaluate(() => window.spoken)).length).toBe(spoken.length);
});

test("a browser that cannot speak has no button for it", async ({ page }) => {
  await page.addInitScript(() => {
    // @ts-expect-error as old browsers are
    delete window.SpeechSynthesisUtterance;
  });
  await visit(page, "/meals/xg-01");
  await expect(page.getByRole("heading", { name: "这几天的菜单" })).toBeVisible();
  await expect(button(page, "读给我听")).toBeHidden();
});
