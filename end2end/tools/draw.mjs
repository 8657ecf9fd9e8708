// Recomputes a published draw by itself: no line of the product's code is used. Usage: node tools/draw.mjs FILE, or as a function.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const sha256 = (text) => createHash("sha256").update(text, "utf8").digest("hex");

/** The order of the numbers that the seed gives, from the published seed and numbers alone. */
export function recompute(draw) {
  if (sha256(draw.seed) !== draw.seed_sha256) throw new Error("the seed is not the one whose hash was public");
  const numbers = draw.order.map(({ number }) => number).sort();
  const hash = sha256(numbers.join("\n"));
  if (hash !== draw.numbers_sha256) throw new Error("the numbers are not those of the hash");
  return numbers
    .map((number) => ({ number, lot: sha256([draw.seed, hash, number].join("\n")) }))
    .sort((one, other) => (one.lot < other.lot ? -1 : 1))
    .map(({ number }) => number);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const draw = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const order = recompute(draw);
  const published = draw.order.map(({ number }) => number);
  if (order.join() !== published.join()) throw new Error("the order is another one");
  console.log(`${order.length} entries, in the order that was published`);
}
