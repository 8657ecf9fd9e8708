// Makes the modules of the page /verify: compiles, binds, shrinks, compresses; `node app/verifier/build.mjs [--locked]`.
//
//   target/site/pkg/verify/<hash>/loader.js {verify,signature,qr_reader}.{js,wasm}, each with its .br and .gz
//
// The folder's name is the hash of all that is in it, so that a browser may keep it for ever.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../..");
const COMPILED = join(ROOT, "target/wasm32-unknown-unknown/wasm-release");
const PLACE = join(ROOT, "target/site/pkg/verify");
const MODULES = ["verify", "signature", "qr_reader"];
// What the compiler uses anyway, and browsers have had since 2021.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map(
  (name) => `--enable-${name}`,
);

function run(command, ...args) {
  execFileSync(command, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
}

run("cargo", "build", "-p", "verifier", "--bins", "--profile", "wasm-release", "--target", "wasm32-unknown-unknown", ...process.argv.slice(2));

const bound = mkdtempSync(join(tmpdir(), "verifier-"));
try {
  const files = new Map([["loader.js", readFileSync(join(HERE, "loader.js"))]]);
  for (const name of MODULES) {
    run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", bound, "--out-name", name, join(COMPILED, `${name}.wasm`));
    const small = join(bound, `${name}.wasm`);
    run("wasm-opt", "-Oz", ...FEATURES, join(bound, `${name}_bg.wasm`), "-o", small);
    files.set(`${name}.js`, readFileSync(join(bound, `${name}.js`)));
    files.set(`${name}.wasm`, readFileSync(small));
  }

  const hash = createHash("sha256");
  for (const [name, content] of files) hash.update(name).update("\0").update(content);
  const folder = join(PLACE, hash.digest("base64url").slice(0, 22));
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  console.log(`verifier: ${readdirSync(folder).length} files in ${folder.slice(ROOT.length + 1)}`);
} finally {
  rmSync(bound, { recursive: true, force: true });
}
