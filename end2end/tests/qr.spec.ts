// The signed code outside of our own pages: on a screen, on paper, on the command line, in another library.

import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readConfirmation, scanPrint } from "../tools/qr.mjs";
import { command } from "../tools/server.mjs";
import { apply } from "./applicant";
import { altered, readCode, tokenOf } from "./code";
import { expect, test, visit } from "./fixtures";

const dataDir = process.env.E2E_DATA_DIR!;

/** What the server's command line says of a text. */
function verify(text: string): { code: number; said: string } {
  return command(["verify", text], process.env.E2E_PORT, dataDir);
}

/** The public half of the key that the server signs with. */
function publicKey(): string {
  const pem = readFileSync(join(dataDir, "keys/signing.pem"), "utf8");
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ""), "base64");
  // The seed alone, as PKCS#8 version 1: OpenSSL 3.0, also the one in Node, reads no version 2 (RFC 5958).
  const at = der.indexOf(Buffer.from("04220420", "hex")) + 4;
  const version1 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), der.subarray(at, at + 32)]);
  const key = createPublicKey(createPrivateKey({ key: version1, format: "der", type: "pkcs8" }));
  return key.export({ format: "pem", type: "spki" }).toString();
}

test("the code is read from the screen, upper case and short enough for version 10", async ({ page, baseURL }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const text = await readCode(page);
  expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
  expect(text.startsWith(`${baseURL!.toUpperCase()}/V/`), text).toBe(true);
  expect(text.length).toBeLessThanOrEqual(311);
});

test("the slip is one A5 page, and a 203 dpi print of it holds the same code", async ({ page }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const text = await readCode(page);
  await visit(page, `/confirm/${number}/slip`);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const info = spawnSync("pdfinfo", ["-"], { input: pdf, encoding: "utf8" }).stdout;
  expect(info).toMatch(/Pages:\s+1\n/);
  expect(info).toMatch(/Page size: .* pts \(A5\)/);
  expect(scanPrint(pdf, 203)).toEqual([text]);

  const words = spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf, encoding: "utf8" }).stdout;
  expect(words).toContain(`LS ${number.slice(2, 8)} ${number.slice(8)}`);
  for (const onlyOnScreen of ["长辈版", "打印", "投诉"]) expect(words).not.toContain(onlyOnScreen);
});

test("the command line verifies the code and finds one changed character", async ({ page }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const text = await readCode(page);
  for (const handed of [text, tokenOf(text)]) {
    const good = verify(handed);
    expect(good.said).toMatch(/^valid\n/);
    expect(good.said).toContain(number);
    expect(good.code).toBe(0);
  }
  const bad = verify(altered(text));
  expect(bad.said).toMatch(/^altered/);
  expect(bad.said).not.toContain(number);
  expect(bad.code).toBe(1);
  const foreign = verify("HELLO");
  expect(foreign.said).toMatch(/^not a confirmation/);
  expect(foreign.code).toBe(1);
});

test("an independent library verifies the code with the public key alone", async ({ page, baseURL }) => {
  const number = await apply(page);
  await visit(page, `/confirm/${number}`);
  const text = await readCode(page);
  const claims = readConfirmation(text, publicKey());
  expect(claims["1"], "iss").toBe("XW");
  const [issued, expires] = [claims["6"], claims["4"]];
  expect(Math.abs(issued - Date.now() / 1000), "iat").toBeLessThan(300);
  expect(expires, "exp").toBeGreaterThan(issued);
  expect(JSON.stringify(claims)).toContain(number);
  for (const secret of ["王样例", "320205199912319937", "13900000011"]) {
    expect(JSON.stringify(claims)).not.toContain(secret);
  }
  for (const published of ["jwks.json", "cose-keys"]) {
    const address = `${baseURL}/.well-known/${published}`;
    expect(readConfirmation(text, address), published).toEqual(claims);
    expect(() => readConfirmation(altered(text), address), published).toThrow(/refused/);
  }
  expect(() => readConfirmation(altered(text), publicKey())).toThrow(/refused/);
});
