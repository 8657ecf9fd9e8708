// An office of our own: its key, its confirmations and its signed lists, written down a second time from the format alone
// (CBOR, COSE_Sign1), so that the page at /verify meets whatever a test can think of.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const KINDS = { receipt: 1, booking: 2, meal: 3, card: 7 };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** 旺庄街道, where the sample officer works. */
export const STREET = 320_214_050;

function head(major, value) {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  const bytes = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;
  const all = Buffer.alloc(9);
  all.writeBigUInt64BE(BigInt(value), 1);
  return Buffer.concat([Buffer.from([(major << 5) | (24 + Math.log2(bytes))]), all.subarray(9 - bytes)]);
}

/** Numbers, texts, bytes, arrays, maps. */
function cbor(value) {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g).map((group) => Number.parseInt(group.padEnd(5, "0"), 2));
  return groups.map((value) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value]).join("");
}

const seconds = (ms) => Math.floor(ms / 1000);

export class Office {
  #issuer;
  #key;
  #published;
  #kid;

  constructor(issuer) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.#issuer = issuer;
    this.#key = privateKey;
    this.#published = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");
    this.#kid = createHash("sha256").update(this.#published).digest().subarray(0, 4);
  }

  /** What stands at /.well-known/jwks.json. */
  jwks() {
    const key = { kty: "OKP", crv: "Ed25519", alg: "EdDSA", x: this.#published.toString("base64url") };
    return JSON.stringify({ keys: [{ ...key, kid: this.#kid.toString("hex"), use: "sig" }] });
  }

  #signed(claims) {
    const [header, payload] = [cbor(new Map([[1, -8]])), cbor(claims)];
    const signature = sign(null, cbor(["Signature1", header, Buffer.alloc(0), payload]), this.#key);
    const parts = [cbor(header), cbor(new Map([[4, this.#kid]])), cbor(payload), cbor(signature)];
    return Buffer.concat([Buffer.from([0xd2, 0x84]), ...parts]);
  }

  /** A confirmation: its identity, and the text of its QR code. `after` is when it begins to hold. */
  confirmation(kind, { from = Date.now() - HOUR, after = 0, until = Date.now() + DAY } = {}) {
    const id = randomBytes(10);
    const details = [1, KINDS[kind], "YC261124000001", STREET, seconds(from), 60];
    if (kind !== "receipt") details.push("王*", "01X");
    const claims = new Map([[1, this.#issuer], [4, seconds(until)]]);
    if (after) claims.set(5, seconds(after));
    claims.set(6, seconds(from)).set(7, id).set(-70_001, details);
    return { id, text: `HTTPS://XW.EXAMPLE.CN/V/${base32(this.#signed(claims))}` };
  }

  /** The signed list of what has ended; states: 1 cancelled, 2 replaced, 3 lost, 4 used. */
  states(ended = [], madeAt = Date.now()) {
    const sorted = [...ended].sort((one, other) => Buffer.compare(one.id, other.id));
    const entries = sorted.map(({ id, state, at, office = 0 }) => [id, state, seconds(at), office]);
    return this.#signed(new Map([[1, this.#issuer], [6, seconds(madeAt)], [-70_002, [1, entries]]]));
  }

  /** The signed list of today's short codes at that street. */
  day(codes, madeAt = Date.now()) {
    const hash = (code) => createHash("sha256").update(`${seconds(madeAt)} ${code}`).digest().subarray(0, 10);
    const hashed = codes.map((entry) => ({ ...entry, hash: hash(entry.code) }));
    hashed.sort((one, other) => Buffer.compare(one.hash, other.hash));
    const [from, until] = [seconds(madeAt - HOUR), seconds(madeAt + DAY)];
    const entries = hashed.map(({ hash, id, kind }) => [hash, id, KINDS[kind], from, 60, from, until]);
    const today = new Date(madeAt + 8 * HOUR).toISOString().slice(0, 10);
    return this.#signed(new Map([[1, this.#issuer], [6, seconds(madeAt)], [-70_003, [1, STREET, today, entries]]]));
  }
}

/** The deployment's short name, as the page at /verify tells it. */
export function issuerIn(html) {
  return /data-issuer="([^"]+)"/.exec(html)[1];
}

/** Has a browser meet this office in place of the server's own; `answers` may be changed while a page is open. */
export async function meet(context, office, answers) {
  const lists = "application/cose";
  await context.route("**/.well-known/jwks.json", (route) => route.fulfill({ body: office.jwks() }));
  await context.route("**/verify/list", (route) =>
    answers.states ? route.fulfill({ body: answers.states, contentType: lists }) : route.abort("failed"),
  );
  await context.route("**/verify/day-list", (route) =>
    answers.day ? route.fulfill({ body: answers.day, contentType: lists }) : route.fulfill({ status: 401 }),
  );
}

/** A hand scanner at that page: types, and ends with Enter. */
export function scan(page, text) {
  return page.evaluate((text) => {
    const keys = [...text, "Enter"];
    for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }, text);
}

/** Waits until the page would open without a network, and takes the network away. */
export async function offline(page) {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
  });
  await page.context().setOffline(true);
}
