// Weighs what a page with islands loads, as brotli sends it, against its budget. Run after `make build`.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const PKG = join(ROOT, "target/site/pkg");

// What single pages load, and no other page.
const SINGLE = /^(verify|screener)[\\/]/;
const module = (page) => (name) => built(new RegExp(`^${page}[\\\\/].*[\\\\/]${name}\\.(js|wasm)$`));
const [verifier, screener] = [module("verify"), module("screener")];

const BUDGETS = [
  { name: "wasm + scripts", limit: 90 * 1024, files: [...resident(/\.wasm$/), ...resident(/\.js$/), join(ROOT, "public/island-loader.js")] },
  { name: "/verify: the page's own", limit: 150 * 1024, files: [...verifier("loader"), ...verifier("verify")] },
  { name: "/verify: signatures, where WebCrypto has no Ed25519", limit: 24 * 1024, files: verifier("signature") },
  { name: "/verify: QR codes, where there is no BarcodeDetector", limit: 100 * 1024, files: verifier("qr_reader") },
  { name: "/aid/check: the page's own", limit: 60 * 1024, files: [...screener("loader"), ...screener("screener")] },
  { name: "stylesheet", limit: 15 * 1024, files: built(/\.css$/) },
];

/** The built files of a kind; exactly what is there, so that a second bundle is noticed. */
function built(kind) {
  const names = existsSync(PKG) ? readdirSync(PKG, { recursive: true }).filter((name) => kind.test(name)) : [];
  if (names.length === 0) throw new Error(`target/site/pkg has no file like ${kind}: make build`);
  return names.map((name) => join(PKG, name));
}

/** Of these, what pages of residents may load. */
function resident(kind) {
  return built(kind).filter((file) => !SINGLE.test(relative(PKG, file)));
}

function weight(file) {
  return brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1).padStart(7)} KiB`;

let failed = 0;
// Without style-bundle in Cargo.toml the parts are left out, and the sum says nothing.
const imports = built(/\.css$/).filter((file) => readFileSync(file, "utf8").includes("@import"));
if (imports.length) throw new Error(`${imports}: has an @import; Cargo.toml needs style-bundle = true`);

for (const { name, limit, files } of BUDGETS) {
  const weights = files.map((file) => [file.slice(ROOT.length + 1), weight(file)]);
  const sum = weights.reduce((total, [, bytes]) => total + bytes, 0);
  const over = sum > limit;
  if (over) failed += 1;
  console.log(`${kib(sum)} br  ${name}, of ${limit / 1024} KiB${over ? "  OVER BUDGET" : ""}`);
  for (const [file, bytes] of weights) console.log(`  ${kib(bytes)}  ${file}`);
}
console.log(`size: ${BUDGETS.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
