// Reads QR codes the way others would: Debian's zbarimg on a picture, and on a print at a receipt printer's resolution;
// and the confirmation inside with an independent library, PyPI's cwt.

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { dots, readPgm, writePgm } from "./camera.mjs";

const ZBAR = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable"];

function run(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  return done;
}

/** Calls `use` with a temporary folder and removes it afterwards. */
function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "qr-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scanFile(file) {
  const done = run("zbarimg", [...ZBAR, file]);
  // 4: no code in the picture.
  if (done.status !== 0 && done.status !== 4) throw new Error(`zbarimg ended with ${done.status}: ${done.stderr}`);
  return done.stdout.split("\n").filter(Boolean);
}

/** The texts of the QR codes in a PNG, such as a screenshot. */
export function scan(png) {
  return inFolder((folder) => {
    const file = join(folder, "picture.png");
    writeFileSync(file, png);
    return scanFile(file);
  });
}

/** The same for a picture of camera.mjs, while others are looked at. */
export function scanPicture(picture) {
  const folder = mkdtempSync(join(tmpdir(), "qr-"));
  const file = join(folder, "picture.pgm");
  writeFileSync(file, writePgm(picture));
  return new Promise((read, failed) => {
    execFile("zbarimg", [...ZBAR, file], (error, said) => {
      rmSync(folder, { recursive: true, force: true });
      // 4: no code in the picture.
      if (error && error.code !== 4) failed(error);
      else read(said.split("\n").filter(Boolean));
    });
  });
}

/** The first page of a PDF as the dots of a printer of 203 dpi. (pdftoppm's own -mono blackens each dot that is touched at all.) */
export function printDots(pdf) {
  const args = ["-r", "203", "-singlefile", "-gray", "-"];
  const done = spawnSync("pdftoppm", args, { input: pdf, maxBuffer: 1 << 26 });
  if (done.error || done.status !== 0) throw new Error(`pdftoppm: ${done.error?.message ?? done.stderr}`);
  return dots(readPgm(done.stdout));
}

/** The texts of the QR codes in a PDF that is printed at `dpi`; 203 is what cheap label and slip printers have. */
export function scanPrint(pdf, dpi = 203) {
  return inFolder((folder) => {
    const file = join(folder, "print.pdf");
    writeFileSync(file, pdf);
    const done = run("pdftoppm", ["-r", String(dpi), "-png", file, join(folder, "page")]);
    if (done.status !== 0) throw new Error(`pdftoppm ended with ${done.status}: ${done.stderr}`);
    const pages = readdirSync(folder).filter((name) => name.endsWith(".png")).sort();
    return pages.flatMap((page) => scanFile(join(folder, page)));
  });
}

/**
 * The claims of a confirmation, verified by PyPI's cwt; throws where it refuses.
 * `key` is an Ed25519 public key: a JWK or JWK set as JSON, a JWK's x, 64 hex digits, or PEM; or the address of a JWK set or
 * of a COSE key set.
 */
export function readConfirmation(text, key) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "zhangshangban/tools");
  const installed = () => readdirSync(cache).filter((name) => name.startsWith("cwt-")).sort().at(-1);
  const python = process.env.CWT_PYTHON ?? join(cache, installed() ?? "cwt", "bin/python");
  const script = fileURLToPath(new URL("verify_cwt.py", import.meta.url));
  const done = run(python, [script, text, typeof key === "string" ? key : JSON.stringify(key)]);
  if (done.status !== 0) throw new Error(done.stderr.trim() || `verify_cwt.py ended with ${done.status}`);
  return JSON.parse(done.stdout);
}
