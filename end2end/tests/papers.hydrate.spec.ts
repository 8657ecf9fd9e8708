// What the island adds to sending a photo: advice before, progress meanwhile, another try after a broken line.

import { apply } from "./applicant";
import { button, expect, expectErrors, fill, islands, press, test, visit, type Page } from "./fixtures";

interface Photo {
  width: number;
  height: number;
  blur?: number;
  /** Every pixel another colour: what compresses badly. */
  noise?: boolean;
}

/** A photo of a page of print, made in the browser. */
async function photoOf(page: Page, photo: Photo): Promise<Buffer> {
  const base64 = await page.evaluate(async ({ width, height, blur = 0, noise = false }) => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d")!;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
    pen.filter = `blur(${blur}px)`;
    pen.fillStyle = "black";
    pen.font = `${height / 30}px sans-serif`;
    for (let line = 1; line < 24; line += 1) pen.fillText("示例材料 诊断证明书 无锡市 2026 年", width / 20, (line * height) / 25);
    if (noise) {
      const pixels = pen.getImageData(0, 0, width, height);
      for (let at = 0; at < pixels.data.length; at += 65_536) crypto.getRandomValues(pixels.data.subarray(at, at + 65_536));
      pen.putImageData(pixels, 0, 0);
    }
    const file = await new Promise<Blob>((made) => canvas.toBlob((blob) => made(blob!), "image/jpeg", 0.97));
    return new Promise<string>((made) => {
      const reader = new FileReader();
      reader.onload = () => made((reader.result as string).split(",")[1]!);
      reader.readAsDataURL(file);
    });
  }, photo);
  return Buffer.from(base64, "base64");
}

async function choose(page: Page, buffer: Buffer) {
  // Twelve megabytes take their time into a browser that is slowed down on a busy machine.
  await page.locator("#photo").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer }, { timeout: 60_000 });
}

const advice = (page: Page) => page.locator("#photo-advice");

test("a photo is judged before it is sent, and outlives a refusal and a broken line", async ({ page, context, watch }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}/papers`);
  await islands(page);
  const sharp = await photoOf(page, { width: 1500, height: 2000 });
  await choose(page, sharp);
  await expect(advice(page)).toContainText("看起来清楚");
  await choose(page, await photoOf(page, { width: 1500, height: 2000, blur: 14 }));
  await expect(advice(page)).toContainText("好像有点糊");
  await choose(page, await photoOf(page, { width: 480, height: 640 }));
  await expect(advice(page)).toContainText("照片比较小");
  await choose(page, Buffer.from("<html>"));
  await expect(advice(page)).toContainText("可能不是照片");

  // The kind is missing: the page comes back with the photo still chosen.
  await choose(page, sharp);
  await button(page, "交这张照片").click();
  await expectErrors(page, ["kind"]);
  watch.forgive(/papers 422/);
  expect(await page.locator("#photo").evaluate((field: HTMLInputElement) => field.files!.length)).toBe(1);
  await fill(page, { kind: "other" });

  await context.setOffline(true);
  await button(page, "交这张照片").click();
  await expect(page.locator("#photo-sending-words")).toContainText("照片没有传完");
  await expect(button(page, "再传一次")).toBeVisible();
  watch.forgive(/ERR_INTERNET_DISCONNECTED/);
  // It goes on by itself.
  await context.setOffline(false);
  await expect(page).toHaveURL(`/confirm/${number}/papers?done=sent`);
  await expect(page.getByText("交过的照片（1 张）")).toBeVisible();
  // The same photo once more is no second one.
  await choose(page, sharp);
  await fill(page, { kind: "other" });
  await press(page, button(page, "交这张照片"));
  await expect(page.getByText("这张照片已经收到过")).toBeVisible();
});

test("a 12 MB photo on a slow phone arrives, and tells how far it has got", async ({ page }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}/papers`);
  await islands(page);
  const large = await photoOf(page, { width: 4000, height: 3000, noise: true });
  expect(large.length).toBeGreaterThan(12_000_000);
  expect(large.length).toBeLessThan(15 * 1024 * 1024);
  const phone = await page.context().newCDPSession(page);
  await phone.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await choose(page, large);
  await expect(advice(page)).toContainText("连上无线网");
  await fill(page, { kind: "other" });
  const upload = 3_000_000;
  await phone.send("Network.emulateNetworkConditions", { offline: false, latency: 100, downloadThroughput: upload, uploadThroughput: upload });
  await button(page, "交这张照片").click();
  const parts = new Set<string>();
  await expect
    .poll(async () => {
      const words = await page.locator("#photo-sending-words").textContent({ timeout: 500 }).catch(() => "");
      parts.add(/\d+%/.exec(words ?? "")?.[0] ?? "");
      return parts.size;
    })
    .toBeGreaterThan(3);
  await expect(page).toHaveURL(`/confirm/${number}/papers?done=sent`, { timeout: 60_000 });
  await expect(page.locator("img.xw-photos__image")).toHaveCount(1);
});
