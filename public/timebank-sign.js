// Start and end of a volunteer's service. The volunteer's page takes the time, has this device sign it together with what the served
// person told, and keeps it until it could be sent, once. The served person's page shows a code that changes by the minute. Both work
// without a network once they were opened. Without this file the forms are sent as any other.

import { forgetPage, keepPage, keeper, keeps, send, tell } from "/kept.js";

const store = keeper("timebank-sign");
const page = document.querySelector("[data-sign]");
const served = document.querySelector("[data-served-code]");
const forms = [...document.querySelectorAll("form[data-act]")];

const ACTS = { start: "签到", end: "签退" };
// In the order in which they are sent.
const rowOf = (need, act) => `${need} ${act === "start" ? 1 : 2} ${act}`;
const pathOf = (need) => `/timebank/needs/${need}`;

const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const fromBase64url = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));
const newKey = () => hex(crypto.getRandomValues(new Uint8Array(16)));
const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

// ---- The device's key -----------------------------------------------------------------------------------------------

/** The key pair of this volunteer on this device; its private half can't be read out. */
async function signer() {
  const name = `signer ${page.dataset.signer}`;
  let keys = await store.table("keys", "readonly", (rows) => rows.get(name));
  if (!keys) {
    keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    await store.table("keys", "readwrite", (rows) => rows.put(keys, name));
  }
  const raw = await crypto.subtle.exportKey("raw", keys.publicKey);
  const sign = async (text) =>
    base64url(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, bytes(text)));
  return { id: await sha256(raw), raw, sign };
}

let registered = false;

/** Tells the server the public half, once a page. */
async function register() {
  if (!page || registered) return;
  const { raw, sign } = await signer();
  const [idempotency_key, public_key] = [newKey(), base64url(raw)];
  const signature = await sign(["timebank-device 1", idempotency_key, public_key].join("\n"));
  const answer = await send("/timebank/devices", new URLSearchParams({ idempotency_key, public_key, signature }));
  registered = answer.status === 204;
}

// ---- What waits -----------------------------------------------------------------------------------------------------

async function lineOf(row) {
  const text = await store.kept(row);
  return text ? JSON.parse(text) : null;
}

function say(line) {
  const what = `${ACTS[line.act]} ${clock(line.at)}`;
  if (line.again) return `${what}：${line.refused}。时间留着，请再填一次服务码。`;
  if (line.refused) return `${what}：${line.refused}`;
  return `${what}：存在这台手机里，连上网以后自己送出。`;
}

/** Shows what waits for this service, and the form that comes next. */
async function show() {
  const lines = [];
  for (const row of await store.rows()) {
    const line = await lineOf(row);
    if (line && (!page || line.need === page.dataset.sign)) lines.push(line);
  }
  if (lines.length) tell(lines.map(say).join(" "));
  const of = (act) => lines.find((line) => line.act === act);
  const open = (line) => !line || line.again;
  const starts = forms.find((form) => form.dataset.act === "start");
  for (const form of forms) {
    const line = of(form.dataset.act);
    form.hidden = form === starts ? !open(line) : !open(line) || (starts && open(of("start")));
  }
  const over = lines.find((line) => line.refused && !line.again);
  if (page && over && !page.querySelector("[data-seen]")) {
    const seen = Object.assign(document.createElement("button"), { type: "button", textContent: "知道了" });
    seen.className = "xw-button xw-button--quiet";
    seen.dataset.seen = "";
    seen.addEventListener("click", async () => {
      for (const line of lines) await store.forget(rowOf(line.need, line.act));
      location.reload();
    });
    page.append(seen);
  }
}

/** Sends what waits. What the server has judged is never sent again as it was. */
async function sync() {
  const stuck = new Set();
  let sent = false;
  for (const row of await store.rows()) {
    const line = await lineOf(row);
    // An end behind a start that was refused has to wait for it.
    if (!line || line.refused || stuck.has(line.need)) {
      if (line) stuck.add(line.need);
      continue;
    }
    let answer;
    try {
      answer = await send(`${pathOf(line.need)}/sign`, line.body, { "x-device-time": String(Date.now()) });
    } catch {
      break;
    }
    const here = new URL(answer.url).pathname;
    if (answer.ok && here === pathOf(line.need)) {
      await store.forget(row);
      if (line.act === "end") await forgetPage(`${pathOf(line.need)}/sign`);
      sent = true;
    } else if (here.startsWith("/sign-in") || answer.status === 401) {
      tell("连上网了。请先登录，再打开这次服务，存着的签到和签退会自己送出。");
      return;
    } else if (answer.status === 422 || answer.status === 409) {
      const said = new DOMParser().parseFromString(await answer.text(), "text/html");
      const wrong = said.getElementById(`${line.act}-code-error`);
      const why = wrong ?? said.querySelector("[data-refused]");
      line.refused = why?.textContent.trim() ?? "没有收下，请打电话给社区，请他们替您记";
      line.again = Boolean(wrong);
      await store.keep(row, JSON.stringify(line));
      stuck.add(line.need);
    } else {
      stuck.add(line.need);
    }
  }
  if (sent) location.reload();
  else await show();
}

let going = Promise.resolve();

/** One round after the other: two at once would send a line twice. */
function round() {
  going = going.then(register).catch(() => {}).then(sync);
  return going;
}

const looksLikeACode = (code) => /^([\d\s-]{6,14}|[\dA-Za-z]{4}-?[\dA-Za-z]{4}|\S{40,})$/.test(code);

async function submitted(event) {
  event.preventDefault();
  const form = event.target;
  const { act } = form.dataset;
  const code = form.elements[`${act}-code`].value.trim();
  if (!looksLikeACode(code)) {
    if (navigator.onLine) form.submit();
    else tell("请先填服务码：6 位数字、9 位数字，或者出示卡上的短码。");
    return;
  }
  try {
    const need = page.dataset.sign;
    const row = rowOf(need, act);
    const before = await lineOf(row);
    const at = before?.again ? before.at : Date.now();
    const { id, sign } = await signer();
    const key = newKey();
    const text = ["timebank-sign 1", need, act, at, id, key, await sha256(bytes(code))].join("\n");
    const body = new URLSearchParams({
      idempotency_key: key,
      act,
      [`${act}-code`]: code,
      at,
      device: id,
      signature: await sign(text),
    });
    // Kept before it is sent: a line that breaks in the middle loses nothing, and the key lets it count once.
    await store.keep(row, JSON.stringify({ need, act, at, body: body.toString() }));
  } catch (reason) {
    console.warn("Nothing can be kept on this device.", reason);
    form.submit();
    return;
  }
  await show();
  if (navigator.onLine) await round();
}

/** A photo of the card's code fills the field, where the browser reads codes. */
function scans(form) {
  const button = form.querySelector("[data-scan]");
  const photo = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", capture: "environment" });
  button.hidden = false;
  button.addEventListener("click", () => photo.click());
  photo.addEventListener("change", async () => {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(photo.files[0]));
    if (found.length) form.elements[`${form.dataset.act}-code`].value = found[0].rawValue;
    else tell("没有认出码，请离近一点再拍，或者填卡上的短码。");
  });
}

// ---- The served person's telephone ----------------------------------------------------------------------------------

async function phoneKey(need) {
  const name = `phone ${need}`;
  try {
    const answer = await send(`${pathOf(need)}/code`, "");
    if (answer.ok && !answer.redirected) {
      const raw = fromBase64url((await answer.json()).key);
      const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      await store.table("keys", "readwrite", (keys) => keys.put(key, name));
    }
  } catch {
    // Without a network the key that is here will do.
  }
  return store.table("keys", "readonly", (keys) => keys.get(name));
}

async function showCode(need) {
  const key = await phoneKey(need);
  if (!key) return;
  const value = served.querySelector(".xw-figure__value");
  const draw = async () => {
    const text = ["timebank-phone 1", need, Math.floor(Date.now() / 60_000)].join("\n");
    const mac = new DataView(await crypto.subtle.sign("HMAC", key, bytes(text)));
    const digits = String(mac.getBigUint64(0) % 1_000_000_000n).padStart(9, "0");
    value.textContent = digits.replace(/(\d{3})(?=\d)/g, "$1 ");
  };
  await draw();
  setInterval(draw, 5_000);
}

// ---------------------------------------------------------------------------------------------------------------------

const quiet = (reason) => console.warn("What waits can't be sent.", reason);

if (keeps) {
  window.addEventListener("online", () => round().catch(quiet));
  if (served) showCode(served.dataset.servedCode).catch(quiet);
  else (navigator.onLine ? round() : show()).catch(quiet);
  if (page || served) keepPage("/timebank/needs/").catch((reason) => console.warn("The page can't be kept.", reason));
  for (const form of forms) {
    form.addEventListener("submit", submitted);
    if ("BarcodeDetector" in window) scans(form);
  }
}
