// The HTML validator (npm vnu-jar) over saved pages, all in one run of Java.
//
//   node tools/vnu.mjs FOLDER     checks each *.html of the folder, ends with 1 when one has an error
//
// Leptos marks places with `<!>`, which browsers read as an empty comment and the standard calls an error. The text
// given to the validator has `<!---->` there. Nothing else is changed, nothing that it says is filtered.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Keeps the body of an answer for the validator's run at the end. A page that looks the same twice is kept once. */
export function keepHtml(name, html, folder = fileURLToPath(new URL("../out/html", import.meta.url))) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replace(/[^\p{L}\p{N}._-]+/gu, "_")}.html`), html);
}

/** Checks pages, a list of `{ name, html }`; gives the validator's messages as `{ page, type, subType, line, message, extract }`. */
export function validate(pages) {
  if (pages.length === 0) return [];
  const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const folder = mkdtempSync(join(tmpdir(), "vnu-"));
  try {
    const names = new Map();
    pages.forEach(({ name, html }, index) => {
      const file = `${String(index).padStart(5, "0")}.html`;
      writeFileSync(join(folder, file), html.replaceAll("<!>", "<!---->"));
      names.set(file, name);
    });
    const args = ["-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-jar", jar, "--format", "json", "--exit-zero-always", folder];
    const run = spawnSync("java", args, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.error) throw new Error(`java did not start: ${run.error.message}`);
    let report;
    try {
      report = JSON.parse(run.stderr);
    } catch {
      throw new Error(`the validator ended with ${run.status} and no report:\n${run.stderr}${run.stdout}`);
    }
    return report.messages.map(({ url, type, subType, lastLine, message, extract }) => ({
      page: names.get(basename(url ?? "")) ?? url ?? "(the validator itself)",
      type,
      subType,
      line: lastLine,
      message,
      extract,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Is this message an error? `info` messages, warnings among them, are printed and don't fail. */
export const isError = ({ type }) => type !== "info";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .sort()
    .map((name) => ({ name, html: readFileSync(join(folder, name), "utf8") }));
  if (pages.length === 0) throw new Error(`${folder} has no page: the specs keep them with keepHtml()`);

  const messages = validate(pages);
  for (const { page, type, subType, line, message, extract } of messages) {
    console.log(`${page}:${line ?? "-"}: ${subType ?? type}: ${message}`);
    if (extract) console.log(`    ${extract.replaceAll("\n", "\\n")}`);
  }
  const wrong = new Set(messages.filter(isError).map(({ page }) => page)).size;
  console.log(`html: ${pages.length - wrong} passed, ${wrong} failed`);
  process.exitCode = wrong ? 1 : 0;
}
