// A reader that is not ours reads the code wherever it stands: on a screen, on both slips, on the picture to keep; whole, and
// as a hasty photograph has it. 20 codes in 5 states: 100 of 100 of each. The server has the longest address that there may be, so
// that the codes are the densest: version 10, 4 printer dots a module.

import { rmSync } from "node:fs";

import { DISTORTIONS, aim, readPng } from "../tools/camera.mjs";
import { printDots, scanPicture } from "../tools/qr.mjs";
import { alive, freePort, freshDataDir, prepare, serve, stop } from "../tools/server.mjs";
import { ORIGINS, apply } from "./applicant";
import { expect, test, visit, type Page } from "./fixtures";

const CODES = 20;

const LONGEST_ADDRESS = "http://minzheng-zs.xinwu.wuxi.example.cn";

/** A picture of camera.mjs. */
interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** What a reader gets to see of a confirmation. */
async function sights(page: Page, number: string): Promise<Record<string, Picture>> {
  await visit(page, `/confirm/${number}`);
  const screen = readPng(await page.getByRole("img", { name: "二维码" }).screenshot());
  const card = await page.request.get(`/confirm/${number}/card.png`);
  await visit(page, `/confirm/${number}/slip`);
  const a5 = printDots(await page.pdf({ preferCSSPageSize: true }));
  await visit(page, `/confirm/${number}/slip/58mm`);
  const roll = printDots(await page.pdf({ preferCSSPageSize: true }));
  return { screen, card: readPng(await card.body()), a5: aim(a5, 40), roll: aim(roll, 40) };
}

/** The next picture of a hand that is never still: what is seen falls on other points of the sensor. */
function next({ width, height, data }: Picture): Picture {
  const moved = { width: width + 1, height: height + 1, data: new Uint8Array((width + 1) * (height + 1)).fill(255) };
  for (let y = 0; y < height; y += 1) moved.data.set(data.subarray(y * width, (y + 1) * width), (y + 1) * moved.width + 1);
  return moved;
}

/** Of so many codes one may need a second picture, where all distortions come together; a camera takes dozens. */
const SECOND_PICTURES = 2;

let page: Page;
let end: () => Promise<void>;

test.beforeAll(async ({ browser }) => {
  const [port, dataDir] = [await freePort(), freshDataDir()];
  const more = { XW_BASE_URL: LONGEST_ADDRESS };
  prepare(port, dataDir, more);
  const server = serve(port, dataDir, { more });
  await alive(port, server);
  const baseURL = `http://127.0.0.1:${port}`;
  page = await browser.newPage({ baseURL, viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 });
  ORIGINS.set(page, baseURL);
  end = async () => {
    await page.close();
    await stop(server);
    rmSync(dataDir, { recursive: true, force: true });
  };
});

test.afterAll(() => end());

test("zbarimg reads every code on screen, slips and picture, distorted too", async () => {
  test.slow();
  const read: Record<string, number> = {};
  const seconds: Record<string, number> = {};
  const texts = new Set<string>();
  for (let code = 0; code < CODES; code += 1) {
    const number = await apply(page);
    const all = await sights(page, number);
    const [text] = await scanPicture(all.screen);
    expect(text.startsWith(`${LONGEST_ADDRESS.toUpperCase()}/V/`), text).toBe(true);
    expect(text.length, "version 10").toBeGreaterThan(262);
    texts.add(text);
    for (const [sight, picture] of Object.entries(all)) {
      const scans = Object.entries(DISTORTIONS).map(async ([distortion, distort]) => {
        let found = await scanPicture(distort(picture));
        if (!found.length && distortion === "all together") {
          found = await scanPicture(distort(next(picture)));
          seconds[sight] = (seconds[sight] ?? 0) + 1;
        }
        const name = `${sight}, ${distortion}`;
        read[name] = (read[name] ?? 0) + (found.length === 1 && found[0] === text ? 1 : 0);
      });
      await Promise.all(scans);
    }
  }
  expect(texts.size, "each code is another").toBe(CODES);
  expect(Object.keys(read)).toHaveLength(4 * Object.keys(DISTORTIONS).length);
  for (const [name, times] of Object.entries(read)) expect.soft(times, name).toBe(CODES);
  for (const [name, times] of Object.entries(seconds)) {
    expect.soft(times, `second pictures of ${name}`).toBeLessThanOrEqual(SECOND_PICTURES);
  }
});
