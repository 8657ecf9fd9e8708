import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

import { freePort } from "./tools/server.mjs";

// Each journey runs where it is used, with JavaScript on and off: a resident's on a phone, staff's at a desk, and without
// JavaScript on a phone, whose pages are the narrowest. A spec named *.hydrate.spec.ts is about the islands and runs with
// JavaScript only. The walk over all pages runs once a mode and changes the window's size itself.
//
//   LOOKS=1 playwright test     takes pictures of every page into out/looks, for people to look at

// Workers read this file again; they inherit what the first reading decided.
const external = process.env.XW_E2E_URL;
if (!external) {
  process.env.E2E_PORT ??= String(await freePort());
  process.env.E2E_DATA_DIR ??= join(tmpdir(), `zhangshangban-e2e-${process.pid}`);
  process.env.E2E_LOG ??= join(import.meta.dirname, "out/server.log");
}
const baseURL = external ?? `http://localhost:${process.env.E2E_PORT}`;

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1280, height: 800 } };
const noscript = { javaScriptEnabled: false };
const scripted = ["**/*.hydrate.spec.ts", "**/walk.spec.ts", "**/readers.spec.ts"];
const office = ["**/counter.spec.ts", "**/handling.spec.ts", "**/staff*.spec.ts"];
const looks = "**/looks.spec.ts";

export default defineConfig({
  testDir: "tests",
  outputDir: "out/results",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // A whole application on a machine that compiles beside it.
  timeout: 120_000,
  reporter: "list",
  use: {
    baseURL,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    actionTimeout: 15_000,
    navigationTimeout: 15_000,
    screenshot: "only-on-failure",
    // Recording one costs time with every step; `playwright test --trace on` makes one of a test that is looked into.
    trace: "off",
    launchOptions: { executablePath: process.env.XW_CHROMIUM ?? "/usr/bin/chromium" },
  },
  projects: process.env.LOOKS
    ? [
        { name: "phone", use: phone, testMatch: looks },
        { name: "desktop", use: desktop, testMatch: looks },
      ]
    : [
        { name: "phone", use: phone, testIgnore: [looks, ...office] },
        { name: "phone-noscript", use: { ...phone, ...noscript }, testIgnore: [looks, ...scripted] },
        { name: "desktop", use: desktop, testMatch: office },
      ],
  webServer: external ? undefined : ownServer(),
});

function ownServer(): PlaywrightTestConfig["webServer"] {
  return {
    command: "node tools/server.mjs",
    url: `http://127.0.0.1:${process.env.E2E_PORT}/healthz`,
    reuseExistingServer: false,
    timeout: 30_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 12_000 },
    stdout: "pipe",
    stderr: "pipe",
  };
}
