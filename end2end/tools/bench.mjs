// Measures the release server and its pages against their budgets; ends with 1 when one is over. `make bench`.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { Office, issuerIn, meet, offline, scan } from "./office.mjs";
import { crawl, get } from "./pages.mjs";
import { Client } from "./session.mjs";
import { alive, command, freePort, freshDataDir, prepare, serve, stop } from "./server.mjs";

const STARTS = 5;
const LCP_RUNS = 5;

const CHECKS = 21;
const OPENINGS = 5;

const BUDGET = {
  startMs: 1000,
  rssMiB: 60,
  htmlKiB: 20,
  lcpRatio: 1.3,
  signedInRatio: 1.3,
  signUs: 2_500,
  checkUs: 200,
  // At a quarter of this machine's speed.
  checkMs: 50,
  openOfflineMs: 1000,
};
const ASKED = 1_000;
// At least 400 a second signed, encoded and drawn, and 5,000 a second checked, on one core.
const CONFIRMATIONS = 2_000;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The resident memory of a process in MiB. */
function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

const rows = [];
function row(what, value, unit, budget) {
  rows.push({ what, value, unit, budget, over: budget !== undefined && value > budget });
}

async function starts(port, dataDir) {
  const times = [];
  const sizes = [];
  for (let run = 0; run < STARTS; run += 1) {
    const began = performance.now();
    const child = serve(port, dataDir);
    times.push(await alive(port, child, began));
    sizes.push(residentMiB(child.pid));
    await stop(child);
  }
  row(`start until /healthz answers, median of ${STARTS}`, median(times), "ms", BUDGET.startMs);
  row(`resident memory after start, median of ${STARTS}`, median(sizes), "MiB", BUDGET.rssMiB);
}

/** Weighs every page that links lead to, as sent to a browser that takes brotli. */
async function weights(base) {
  const pages = await crawl(base);
  if (pages.length === 0) throw new Error("the home page does not answer 200 with HTML");
  for (const { path, html } of pages) {
    const { headers, body } = await get(base, path, { accept: "br" });
    const how = headers["content-encoding"] === "br" ? "br" : "UNCOMPRESSED";
    row(`${path} (${(Buffer.byteLength(html) / 1024).toFixed(1)} KiB plain)`, body.length / 1024, `KiB ${how}`, BUDGET.htmlKiB);
  }
  return pages;
}

/** Lighthouse's mobile LCP of a page with islands, against the same page with its scripts blocked. */
async function paint(base, path) {
  const modules = join(process.env.LIGHTHOUSE_DIR, "node_modules");
  const load = (file) => import(pathToFileURL(join(modules, file)));
  const { default: lighthouse } = await load("lighthouse/core/index.js");
  const { launch } = await load("chrome-launcher/dist/index.js");
  const chrome = await launch({
    chromePath: process.env.XW_CHROMIUM ?? "/usr/bin/chromium",
    chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
    logLevel: "error",
  });
  const lcp = async (blockedUrlPatterns) => {
    const options = { port: chrome.port, output: "json", logLevel: "error", onlyAudits: ["largest-contentful-paint"] };
    const { lhr } = await lighthouse(new URL(path, base).href, { ...options, blockedUrlPatterns });
    const value = lhr.audits["largest-contentful-paint"].numericValue;
    if (value === undefined) throw new Error(`Lighthouse: ${lhr.runtimeError?.message ?? "no LCP"}`);
    return value;
  };
  const scripted = [];
  const plain = [];
  try {
    for (let run = 0; run < LCP_RUNS; run += 1) {
      scripted.push(await lcp([]));
      plain.push(await lcp(["*.js", "*.wasm"]));
    }
  } finally {
    chrome.kill();
  }
  row(`LCP of ${path} with islands, median of ${LCP_RUNS}`, median(scripted), "ms");
  row(`LCP of ${path} with scripts blocked, median of ${LCP_RUNS}`, median(plain), "ms");
  row("LCP with islands / without", median(scripted) / median(plain), "×", BUDGET.lcpRatio);
}

/** The 95th percentile of a page's time for somebody who is signed in, against the same page signed out, in turns. */
async function signedIn(base, path) {
  const [resident, stranger] = [new Client(base), new Client(base)];
  await resident.signIn("13900000001");
  const times = new Map([[resident, []], [stranger, []]]);
  for (let turn = 0; turn < ASKED + 50; turn += 1) {
    for (const [client, taken] of times) {
      const began = performance.now();
      const { status } = await client.ask(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      // The first ones warm everything up.
      if (turn >= 50) taken.push(performance.now() - began);
    }
  }
  const [inside, outside] = [...times.values()].map((taken) => taken.toSorted((a, b) => a - b)[Math.floor(ASKED * 0.95)]);
  row(`${path} signed in, 95th percentile of ${ASKED}`, inside, "ms");
  row(`${path} signed out, 95th percentile of ${ASKED}`, outside, "ms");
  row(`${path} signed in / signed out`, inside / outside, "×", BUDGET.signedInRatio);
}

/** One confirmation signed, encoded and drawn as SVG, and one checked, by one thread of the release server. */
function confirmations(port, dataDir) {
  const { code, said } = command(["keys", "try", "--count", String(CONFIRMATIONS)], port, dataDir);
  if (code !== 0) throw new Error(`server keys try failed:\n${said}`);
  const [signed, checked] = [...said.matchAll(/(\d+) microseconds each/g)].map(([, figure]) => Number(figure));
  row(`sign, encode and draw a confirmation, mean of ${CONFIRMATIONS}`, signed, "µs", BUDGET.signUs);
  row(`check a confirmation, mean of ${CONFIRMATIONS}`, checked, "µs", BUDGET.checkUs);
}

/** The page at a counter: a check on a slow device by both arithmetics, and opening from the cache with the network off. */
async function counter(base) {
  const { chromium } = await import("@playwright/test");
  const browser = await chromium.launch({ executablePath: process.env.XW_CHROMIUM ?? "/usr/bin/chromium" });
  try {
    for (const verifier of ["browser", "module"]) {
      const context = await browser.newContext({ baseURL: base });
      const page = await context.newPage();
      // A browser without Ed25519.
      if (verifier === "module") await page.addInitScript(() => delete SubtleCrypto.prototype.importKey);
      const { body } = await get(base, "/verify");
      const office = new Office(issuerIn(body.toString()));
      await meet(context, office, { states: office.states() });
      await page.goto("/verify");
      await page.waitForSelector(`#verify[data-refreshed][data-verifier=${verifier}]`);
      const devtools = await context.newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      const times = [];
      for (let check = 0; check < CHECKS; check += 1) {
        const result = page.locator("#verify-result");
        await result.evaluate((result) => result.removeAttribute("data-took"));
        await scan(page, office.confirmation("card").text);
        await page.waitForSelector("#verify-result[data-took][data-state=valid]");
        times.push(Number(await result.getAttribute("data-took")));
      }
      const how = verifier === "browser" ? "WebCrypto" : "the fallback";
      row(`/verify: a check by ${how} at 4 × CPU slowdown, median of ${CHECKS}`, median(times), "ms", BUDGET.checkMs);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
      await offline(page);
      const openings = [];
      for (let opening = 0; opening < OPENINGS; opening += 1) {
        await page.reload();
        await page.waitForSelector("#verify[data-ready]");
        openings.push(await page.evaluate(() => performance.now()));
      }
      row(`/verify opens from its cache with the network off, median of ${OPENINGS}`, median(openings), "ms", BUDGET.openOfflineMs);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

const port = await freePort();
const base = `http://localhost:${port}`;
const dataDir = freshDataDir();
let child;
try {
  prepare(port, dataDir);
  confirmations(port, dataDir);
  await starts(port, dataDir);
  child = serve(port, dataDir);
  await alive(port, child);
  const pages = await weights(base);
  await signedIn(base, "/aid/temporary-aid");
  await counter(base);
  row(`resident memory after ${pages.length * 2} pages`, residentMiB(child.pid), "MiB");
  const withIslands = process.argv[2] ?? pages.find(({ html }) => html.includes("<leptos-island"))?.path;
  if (withIslands) await paint(base, withIslands);
  else console.log("bench: no linked page has an island; name one: node end2end/tools/bench.mjs /path");
} finally {
  if (child) await stop(child);
  rmSync(dataDir, { recursive: true, force: true });
}

for (const { what, value, unit, budget, over } of rows) {
  const figure = value.toFixed(unit === "×" ? 2 : 1).padStart(8);
  const limit = budget === undefined ? "" : `of ${budget}`;
  console.log(`${figure} ${unit.padEnd(7)} ${limit.padEnd(8)} ${over ? "OVER  " : "      "}${what}`);
}
const judged = rows.filter(({ budget }) => budget !== undefined);
const failed = judged.filter(({ over }) => over).length;
console.log(`bench: ${judged.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
