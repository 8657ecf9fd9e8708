// Starts the release server on a data folder of its own, for tests and measurements.
//
//   node tools/server.mjs     serves until it is told to stop, with the sample data loaded and a sign-in provider beside it
//
// from the environment: E2E_PORT, E2E_DATA_DIR (made and removed here when it isn't given), E2E_LOG (a file).

import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, mkdirSync, openSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const BINARY = join(ROOT, "target/release/server");

/** A port that nobody listens on at the moment. */
export function freePort() {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

/** A fresh folder for the database and the keys. */
export function freshDataDir() {
  return mkdtempSync(join(tmpdir(), "zhangshangban-"));
}

/** The settings of a server under test; nothing is taken from the caller's own XW_ variables. */
function settings(port, dataDir, more = {}) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("XW_"));
  return {
    ...Object.fromEntries(others),
    XW_ADDR: `127.0.0.1:${port}`,
    XW_BASE_URL: `http://localhost:${port}`,
    XW_DATA_DIR: dataDir,
    XW_SITE_ROOT: join(ROOT, "target/site"),
    // Each test names a client address of its own (tests/fixtures.ts), so that one test's wrong tries don't lock
    // another out. The tools that measure all come from one.
    XW_TRUSTED_HOPS: "1",
    XW_REQUESTS_PER_MINUTE: "100000",
    ...more,
  };
}

/** Runs a command of the server to its end, such as `["verify", text]`; gives its exit code and what it said. */
export function command(args, port, dataDir, more) {
  if (!existsSync(BINARY)) throw new Error("target/release/server is missing: make build");
  // In the data folder: no server.toml of the developer's is read.
  const done = spawnSync(BINARY, args, { env: settings(port, dataDir, more), cwd: dataDir, encoding: "utf8" });
  if (done.error) throw done.error;
  return { code: done.status, said: done.stdout + done.stderr };
}

/** Makes the database and loads the sample data. */
export function prepare(port, dataDir, more) {
  for (const name of ["migrate", "demo"]) {
    const { code, said } = command([name], port, dataDir, more);
    if (code !== 0) throw new Error(`server ${name} failed:\n${said}`);
  }
}

/** Starts `server serve`; `log` is a file for what it says. */
export function serve(port, dataDir, { more, log } = {}) {
  let output = "ignore";
  if (log) {
    mkdirSync(dirname(log), { recursive: true });
    output = openSync(log, "w");
  }
  const child = spawn(BINARY, ["serve"], {
    env: settings(port, dataDir, more),
    cwd: dataDir,
    stdio: ["ignore", output, output],
  });
  if (log) closeSync(output);
  return child;
}

/** Waits until the server answers that it is alive; gives the milliseconds since `began`. */
export async function alive(port, child, began = performance.now()) {
  while (performance.now() - began < 20_000) {
    if (child.exitCode !== null) throw new Error(`server serve ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (answer?.ok) return performance.now() - began;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error("the server does not answer /healthz within 20 s");
}

/** Tells the server to stop; gives its exit code and the milliseconds that it took. */
export async function stop(child) {
  const began = performance.now();
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }
  return { code: child.exitCode, signal: child.signalCode, took: performance.now() - began };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.E2E_PORT ?? 3210);
  const dataDir = process.env.E2E_DATA_DIR ?? freshDataDir();
  mkdirSync(dataDir, { recursive: true });
  // One that signs people in, and one that nobody answers for.
  const { entry, startProvider } = await import("./oidc-provider.mjs");
  const provider = await startProvider(await freePort());
  const entries = [entry("province", "示例平台", provider.issuer), entry("gone", "停机平台", "http://localhost:1")];
  const more = { XW_OIDC_PROVIDERS: `[${entries.join(", ")}]` };
  prepare(port, dataDir, more);
  const child = serve(port, dataDir, { more, log: process.env.E2E_LOG });
  const end = async () => {
    await stop(child);
    await provider.stop();
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  child.once("exit", (code) => {
    if (code !== 0) console.error(`server serve ended with ${code}; its words: ${process.env.E2E_LOG ?? "not kept"}`);
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(code ?? 1);
  });
}
