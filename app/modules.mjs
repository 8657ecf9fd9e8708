// Makes the modules that single pages load: compiles, binds, shrinks, compresses; `node app/modules.mjs [--locked]`.
//
//   target/site/pkg/verify/<hash>/   loader.js {verify,signature,qr_reader}.{js,wasm}   the page /verify
//   target/site/pkg/screener/<hash>/ loader.js screener.{js,wasm}                       the page /aid/check
//
// Each file has its .br and .gz beside it. A folder's name is the hash of all that is in it, so that a browser may keep it for
// ever.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "..");
// Where cargo puts what it compiles; the site stays with the sources.
const COMPILED = join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target"), "wasm32-unknown-unknown/wasm-release");
const PKG = join(ROOT, "target/site/pkg");
// A crate, the folder of what it becomes, its programs.
const PAGES = [
  { crate: "verifier", folder: "verify", modules: ["verify", "signature", "qr_reader"] },
  { crate: "screener", folder: "screener", modules: ["screener"] },
];
// What the compiler uses anyway, and browsers have had since 2021.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"].map(
  (name) => `--enable-${name}`,
);

function run(command, ...args) {
  execFileSync(command, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
}

const crates = PAGES.flatMap(({ crate }) => ["-p", crate]);
run("cargo", "build", ...crates, "--bins", "--profile", "wasm-release", "--target", "wasm32-unknown-unknown", ...process.argv.slice(2));

const bound = mkdtempSync(join(tmpdir(), "modules-"));
try {
  for (const page of PAGES) make(page);
} finally {
  rmSync(bound, { recursive: true, force: true });
}

function make({ crate, folder, modules }) {
  const files = new Map([["loader.js", readFileSync(join(HERE, crate, "loader.js"))]]);
  for (const name of modules) {
    run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", bound, "--out-name", name, join(COMPILED, `${name}.wasm`));
    const small = join(bound, `${name}.wasm`);
    run("wasm-opt", "-Oz", ...FEATURES, join(bound, `${name}_bg.wasm`), "-o", small);
    files.set(`${name}.js`, readFileSync(join(bound, `${name}.js`)));
    files.set(`${name}.wasm`, readFileSync(small));
  }

  const hash = createHash("sha256");
  for (const [name, content] of files) hash.update(name).update("\0").update(content);
  const place = join(PKG, folder);
  const made = join(place, hash.digest("base64url").slice(0, 22));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(made, name), content);
    writeFileSync(join(made, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    writeFileSync(join(made, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
  console.log(`${crate}: ${readdirSync(made).length} files in ${relative(ROOT, made)}`);
}
