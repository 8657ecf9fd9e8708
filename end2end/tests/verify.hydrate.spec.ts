// The page at a counter: it checks in the browser, with the network and without it, and never believes what it is handed.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { chromium, type BrowserContext, type Page } from "@playwright/test";

import { DAY, HOUR, Office, STREET, issuerIn, meet, offline, scan } from "../tools/office.mjs";
import { apply } from "./applicant";
import { altered, readCode } from "./code";
import { button, expect, test, visit } from "./fixtures";
import { signIn } from "./staff";

const MODULES = join(import.meta.dirname, "../node_modules");

/** Opens the page and waits until it has asked for its lists. */
async function open(page: Page) {
  await visit(page, "/verify");
  await ready(page);
}

async function ready(page: Page) {
  await expect(page.locator("#verify")).toHaveAttribute("data-ready", "");
  await expect(page.locator("#verify")).toHaveAttribute("data-refreshed", /\d+/);
}

/** The deployment's short name, which an office of ours must bear. */
async function issuerOf(page: Page): Promise<string> {
  return issuerIn(await (await page.request.get("/verify")).text());
}

async function expectState(page: Page, state: string, tone: string) {
  const result = page.locator("#verify-result");
  await expect(result).toHaveAttribute("data-state", state);
  await expect(result.locator("[data-slot=verdict]")).toHaveAttribute("data-tone", tone);
}

/** A picture of a code as a camera may see it, as the only film that it shows. */
async function film(page: Page, svg: string, file: string) {
  const studio = await page.context().browser()!.newPage({ viewport: { width: 1280, height: 720 } });
  await studio.setContent(`<body style="margin:0;background:#bbb;display:grid;place-items:center;height:100vh">
    <style>svg { display: block; width: 420px; height: auto }</style>
    <div style="padding:40px;background:#fff;transform:rotate(3deg)">${svg}</div>`);
  const frame = await studio.screenshot({ type: "jpeg", quality: 90 });
  await studio.close();
  writeFileSync(file, Buffer.concat(Array.from({ length: 10 }, () => frame)));
}

test("a camera reads a real code, with the network and without, with either reader", async ({ page, baseURL }, info) => {
  await visit(page, `/confirm/${await apply(page)}`);
  const svg = await page.locator(".xw-qr__code").innerHTML();
  const file = info.outputPath("camera.mjpeg");
  await film(page, svg, file);
  const browser = await chromium.launch({
    executablePath: process.env.XW_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${file}`],
  });
  try {
    for (const reader of ["module", "browser"] as const) {
      const context = await browser.newContext({ baseURL: baseURL!, permissions: ["camera"] });
      if (reader === "browser") await withDetector(context);
      const counter = await context.newPage();
      await counter.goto("/verify");
      await ready(counter);
      await button(counter, "打开相机").click();
      await expectState(counter, "valid", "good");
      await expect(counter.locator("#verify")).toHaveAttribute("data-reader", reader);
      await offline(counter);
      const began = Date.now();
      await counter.reload();
      await expect(counter.locator("#verify")).toHaveAttribute("data-ready", "");
      console.log(`/verify from its cache with the network off: ${Date.now() - began} ms`);
      await button(counter, "打开相机").click();
      await expectState(counter, "valid", "good");
      await expect(counter.locator("#verify-network")).toHaveText("没有网络，照样能核对");
      await context.close();
    }
  } finally {
    await browser.close();
  }
});

/** Chromium on Linux has no BarcodeDetector: one that keeps to the standard, from the package `barcode-detector`. */
async function withDetector(context: BrowserContext) {
  const code = readFileSync(join(MODULES, "barcode-detector/dist/iife/ponyfill.js"), "utf8");
  const wasm = readFileSync(join(MODULES, "zxing-wasm/dist/reader/zxing_reader.wasm")).toString("base64");
  await context.addInitScript(`${code}
    BarcodeDetectionAPI.prepareZXingModule({
      overrides: { wasmBinary: Uint8Array.from(atob("${wasm}"), (sign) => sign.charCodeAt(0)).buffer },
    });
    window.BarcodeDetector = BarcodeDetectionAPI.BarcodeDetector;`);
}

test("a photo, another photo, and the short code of a real confirmation", async ({ page, another }, info) => {
  await visit(page, `/confirm/${await apply(page)}`);
  const text = await readCode(page);
  const picture = info.outputPath("code.png");
  await page.getByRole("img", { name: "二维码" }).screenshot({ path: picture });
  const short = await page.locator(".xw-qr__short").innerText();
  const counter = await another();
  await open(counter);
  await counter.locator("#verify-photo").setInputFiles(picture);
  await expectState(counter, "valid", "good");
  await expect(counter.locator("#verify-result")).toContainText("收件凭证");
  await expect(counter.locator("#verify-result")).not.toContainText("王");
  await counter.locator("#verify-photo").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: await counter.locator("h1").screenshot() });
  await expectState(counter, "other", "quiet");
  await scan(counter, altered(text));
  await expectState(counter, "altered", "bad");
  await counter.locator("#code").fill(short.toLowerCase());
  await counter.locator("#code").press("Enter");
  await expectState(counter, "valid", "good");
});

for (const verifier of ["browser", "module"] as const) {
  test(`every state, judged by the ${verifier === "browser" ? "browser's own" : "module's"} arithmetic`, async ({ page }) => {
    if (verifier === "module") {
      // A browser without Ed25519.
      await page.addInitScript(() => {
        const all = crypto.subtle.importKey.bind(crypto.subtle) as (...args: unknown[]) => Promise<CryptoKey>;
        const refuse = () => Promise.reject(new DOMException("no Ed25519", "NotSupportedError"));
        Object.defineProperty(SubtleCrypto.prototype, "importKey", {
          value: (...args: unknown[]) => (args[2] === "Ed25519" ? refuse() : all(...args)),
        });
      });
    }
    const issuer = await issuerOf(page);
    const office = new Office(issuer);
    const cancelled = office.confirmation("meal");
    const used = office.confirmation("meal");
    const states = office.states([
      { id: cancelled.id, state: 1, at: Date.now() },
      { id: used.id, state: 4, at: Date.now() - HOUR, office: STREET },
    ]);
    await meet(page.context(), office, { states });
    const asked: string[] = [];
    await open(page);
    await expect(page.locator("#verify")).toHaveAttribute("data-verifier", verifier);
    // What the page asks for every minute, whatever is checked, and the icon of the tab.
    const always = ["/.well-known/jwks.json", "/verify/list", "/icon.svg"];
    page.on("request", (request) => {
      if (!always.includes(new URL(request.url()).pathname)) asked.push(request.url());
    });
    const good = office.confirmation("card").text;
    const now = Date.now();
    for (const [text, state, tone] of [
      [good, "valid", "good"],
      [good.toLowerCase(), "valid", "good"],
      [office.confirmation("meal", { until: now - 1_000 }).text, "expired", "warn"],
      [office.confirmation("meal", { after: now + HOUR }).text, "not_yet", "warn"],
      [cancelled.text, "cancelled", "bad"],
      [used.text, "used", "warn"],
      [altered(good), "altered", "bad"],
      [new Office(issuer).confirmation("meal").text, "unknown_key", "warn"],
      [new Office("ELSE").confirmation("meal").text, "not_ours", "quiet"],
      ["https://example.cn/menu", "not_ours", "quiet"],
      [JSON.stringify({ kind: "meal", name: "<script>alert(1)</script>" }), "not_ours", "quiet"],
    ]) {
      await scan(page, text);
      await expectState(page, state, tone);
    }
    expect(asked, "a check asks nobody").toEqual([]);
    await scan(page, used.text);
    await expect(page.locator("#verify-result")).toContainText("已在旺庄街道用过一次");
  });
}

test("old lists are told of, and are never plain green", async ({ page, watch }) => {
  const office = new Office(await issuerOf(page));
  const { text } = office.confirmation("card");
  const answers = { states: office.states([], Date.now() - 25 * HOUR) as Buffer | null };
  await meet(page.context(), office, answers);
  await open(page);
  await expect(page.locator("#verify-list")).toHaveText("名单：1 天前更新");
  await expect(page.locator("#verify-list")).toHaveAttribute("data-tone", "warn");
  await scan(page, text);
  await expectState(page, "valid", "warn");
  await expect(page.locator("#verify-result")).toContainText("名单超过 24 小时没有更新");

  answers.states = null;
  await page.clock.setFixedTime(Date.now() + 7 * DAY);
  await page.reload();
  await expect(page.locator("#verify-list")).toHaveAttribute("data-tone", "bad");
  await expect(page.locator("#verify-list")).toHaveText("名单：8 天前更新");
  await scan(page, office.confirmation("card", { until: Date.now() + 30 * DAY }).text);
  await expectState(page, "valid", "warn");
  await expect(page.locator("#verify-result")).toContainText("名单超过 7 天没有更新");
  watch.forgive(/ERR_FAILED/);
});

test("a list from before is refused, whoever hands it out, and so is one that is not genuine", async ({ page }) => {
  const issuer = await issuerOf(page);
  const office = new Office(issuer);
  const cancelled = office.confirmation("card");
  const ended = [{ id: cancelled.id, state: 1 as const, at: Date.now() }];
  const answers = { states: office.states(ended) };
  const old = office.states([], Date.now() - HOUR);
  await meet(page.context(), office, answers);
  await open(page);
  await scan(page, cancelled.text);
  await expectState(page, "cancelled", "bad");

  const refused = async (states: Buffer, words: string) => {
    answers.states = states;
    await page.reload();
    await ready(page);
    await expect(page.locator("#verify-notice")).toContainText(words);
    await scan(page, cancelled.text);
    await expectState(page, "cancelled", "bad");
  };
  await refused(old, "收到了一份旧名单，没有采用");
  await refused(new Office(issuer).states(), "签章不对的名单，没有采用");
  await refused(Buffer.from("<html>"), "没有取到名单");
});

test("a service worker that somebody slipped in changes nothing with its old list", async ({ browser, page, baseURL }) => {
  const office = new Office(await issuerOf(page));
  const cancelled = office.confirmation("card");
  const lists = { now: office.states([{ id: cancelled.id, state: 1, at: Date.now() }]), old: office.states([], Date.now() - HOUR) };
  // It takes over with the next opening: the page has seen the list of now by then.
  const worker = `self.addEventListener("install", () => self.skipWaiting());
    self.addEventListener("fetch", (event) => {
      if (event.request.url.endsWith("/verify/list")) event.respondWith(fetch("/verify/old-list"));
    });`;
  const bodies = new Map<string, [string, string | Buffer]>([
    ["/verify/service-worker.js", ["text/javascript", worker]],
    ["/verify/list", ["application/cose", lists.now]],
    ["/verify/old-list", ["application/cose", lists.old]],
    ["/.well-known/jwks.json", ["application/json", office.jwks()]],
  ]);
  // Somebody between the counter and the server.
  const between = createServer(async ({ url }, answer) => {
    const [type, body] = bodies.get(url!) ?? [];
    if (type) return answer.writeHead(200, { "content-type": type, "service-worker-allowed": "/verify" }).end(body);
    const real = await fetch(baseURL + url!);
    const headers = { "content-type": real.headers.get("content-type")!, "content-security-policy": real.headers.get("content-security-policy")! };
    answer.writeHead(real.status, headers).end(Buffer.from(await real.arrayBuffer()));
  });
  await new Promise<void>((done) => between.listen(0, "127.0.0.1", done));
  const context = await browser.newContext({ baseURL: `http://localhost:${(between.address() as AddressInfo).port}` });
  try {
    const counter = await context.newPage();
    await counter.goto("/verify");
    await ready(counter);
    await scan(counter, cancelled.text);
    await expectState(counter, "cancelled", "bad");
    await counter.evaluate(() => navigator.serviceWorker.ready);
    await counter.reload();
    await expect(counter.locator("#verify-notice")).toContainText("收到了一份旧名单，没有采用");
    await scan(counter, cancelled.text);
    await expectState(counter, "cancelled", "bad");
  } finally {
    await context.close();
    between.closeAllConnections();
    between.close();
  }
});

test("a clock that is a year off is told of, and nothing is plain green by it", async ({ page }) => {
  const office = new Office(await issuerOf(page));
  await meet(page.context(), office, { states: office.states() });
  const year = 365 * DAY;
  await page.clock.setFixedTime(Date.now() - year);
  await open(page);
  await expect(page.locator("#verify-clock")).toContainText("这台设备的时间慢了");
  // By this clock it would hold.
  await scan(page, office.confirmation("card", { from: Date.now() - 2 * year, until: Date.now() - 10 * DAY }).text);
  await expectState(page, "valid", "warn");
  await expect(page.locator("#verify-result")).toContainText("有没有过期说不准");
});

test("a short code is judged by the day's list, or needs the network", async ({ page, watch }) => {
  const office = new Office(await issuerOf(page));
  const { id } = office.confirmation("meal");
  await meet(page.context(), office, {
    states: office.states(),
    // Nought throughout fits its own check sign.
    day: office.day([{ code: "00000000", id, kind: "meal" }]),
  });
  await signIn(page, "demo-street");
  await open(page);
  await expect(page.locator("#verify-day")).toContainText("今天的短码名单，1 个");
  await page.context().route("**/verify/scans", (route) => route.abort("failed"));
  await offline(page);
  const type = async (code: string) => {
    await page.locator("#code").fill(code);
    await page.locator("#code").press("Enter");
  };
  await type("0000-0001");
  await expect(page.locator("#code-error")).toBeVisible();
  await type("0000-0000");
  await expectState(page, "valid", "good");
  // 1 in the first place, and the sign that fits it.
  await type(fitting("1000000"));
  await expectState(page, "other", "quiet");
  await expect(page.locator("#verify-result")).toContainText("需要联网");
  watch.forgive(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
});

/** Seven signs with the one that fits them (the field of 32 elements, x^5 + x^2 + 1). */
function fitting(seven: string): string {
  const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const sum = [...seven].reduce((sum, sign) => {
    const doubled = (sum ^ signs.indexOf(sign)) << 1;
    return doubled & 32 ? (doubled ^ 0b10_0101) & 31 : doubled;
  }, 0);
  return seven + signs[sum];
}

test("two counters that used one code are both told, once they have a network", async ({ page, another, watch }) => {
  const office = new Office(await issuerOf(page));
  const meal = office.confirmation("meal");
  const counters = [page, await another()];
  const scans: { id: string; confirmation: string; at: number; offline: boolean }[][] = [[], []];
  let network = false;
  for (const [at, counter] of counters.entries()) {
    await meet(counter.context(), office, { states: office.states(), day: office.day([]) });
    await counter.context().route("**/verify/scans", async (route) => {
      if (!network) return route.fulfill({ status: 401 });
      const sent = route.request().postDataJSON().scans as (typeof scans)[0];
      for (const scan of sent) if (!scans[at].some(({ id }) => id === scan.id)) scans[at].push(scan);
      const use = (counter: number) => ({ at: scans[counter][0].at, office: STREET, place: "新安街道", own: counter === at });
      const other = 1 - at;
      const later = scans[other].length > 0 && scans[other][0].at < scans[at][0].at;
      const first = later ? use(other) : use(at);
      const also = !later && scans[other].length > 0 ? [use(other)] : [];
      const answers = sent.map(({ id }) => ({ id, state: later ? "used" : "valid", first, also, refused: false }));
      return route.fulfill({ json: { now: Date.now(), answers } });
    });
    await signIn(counter, "demo-street");
    await open(counter);
    await scan(counter, meal.text);
    await expectState(counter, "valid", "good");
    await expect(counter.locator("#verify-waiting")).toContainText("有 1 次使用还没有上报");
  }
  await scan(page, meal.text);
  await expectState(page, "used", "warn");
  await expect(page.locator("#verify-result")).toContainText("已在本单位用过一次");
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept, "no token and no name is kept").not.toMatch(/王|\/V\/|[A-Z2-7]{60}/);

  network = true;
  for (const counter of [counters[0], counters[1], counters[0]]) {
    await counter.reload();
    await ready(counter);
  }
  expect(scans.map((kept) => kept.length), "the same scan sent again is the same scan").toEqual([1, 1]);
  expect(Object.keys(scans[0][0])).toEqual(["id", "confirmation", "at", "offline"]);
  await expect(counters[1].locator("#verify-lines li").first()).toContainText(/\d\d:\d\d 已在新安街道用过一次/);
  await expect(counters[0].locator("#verify-lines li").last()).toContainText(/已登记使用；\d\d:\d\d 又在新安街道用了一次/);
  await expect(counters[0].locator("#verify-waiting")).toBeHidden();
  watch.forgive(/verify\/scans 401/);
});
