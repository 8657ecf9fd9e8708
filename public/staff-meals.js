// The page on which a meal point hands meals out where there is no network: the day's list lies on this device, each scan is kept here
// before anything else, and goes out by itself, once. Without this file the sheet of paper below does the same.

import { keepPage, keeper, keeps, tell } from "/kept.js";

const form = document.querySelector("form[data-desk]");
const base = form.dataset.desk;
const told = document.querySelector("[data-told]");
const sum = document.querySelector("[data-sum]");
const problems = document.querySelector("[data-problems]");
const lines = document.querySelector("[data-lines]");

// Rows are named by what they are: the `day`'s list of a point, the `device`'s own name, a `scan` that waits, and what came back and
// was `told` and nobody has looked at.
const store = keeper("staff-meals");

// The most scans of one request.
const BATCH = 100;

let day = null;
let waiting = [];
let refused = [];

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const random = (length) => hex(crypto.getRandomValues(new Uint8Array(length)));
const clock = (at) => new Date(at).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

async function device() {
  const kept = await store.kept("device");
  if (kept) return kept;
  const made = random(8);
  await store.keep("device", made);
  return made;
}

async function all(what) {
  const found = [];
  for (const row of await store.rows()) {
    const text = row.startsWith(`${what} `) ? await store.kept(row) : null;
    if (text) found.push({ ...JSON.parse(text), row });
  }
  return found;
}

// ---- Showing --------------------------------------------------------------------------------------------------------

function element(name, words, more = {}) {
  return Object.assign(document.createElement(name), { textContent: words, ...more });
}

function lineOf(meal) {
  const item = element("li", "");
  item.dataset.meal = meal.number;
  item.append(element("p", meal.words, { className: "xw-list__title" }));
  if (meal.avoid) item.append(element("strong", `忌口：${meal.avoid}`));
  const scan = waiting.find((one) => one.code === meal.number);
  const state = scan ? `${clock(scan.at)} 领了，等着送出` : meal.out || meal.own;
  item.append(element("p", state, { className: "xw-hint" }));
  if (!scan && !meal.out) {
    const button = element("button", "领了", { type: "button", className: "xw-button xw-button--secondary" });
    button.addEventListener("click", () => record(meal).catch(quiet));
    item.append(button);
  }
  return item;
}

function draw(only = null) {
  const meals = day?.meals ?? [];
  const out = meals.filter((meal) => meal.out || waiting.some((one) => one.code === meal.number)).length;
  sum.textContent = day
    ? `${day.day} 的名单：订了 ${meals.length} 份，领了 ${out} 份，等着送出 ${waiting.length} 份`
    : `这台设备上还没有今天的名单，连上网打开一次就有；等着送出 ${waiting.length} 份`;
  document.documentElement.dataset.waiting = String(waiting.length);
  lines.replaceChildren(...meals.filter((meal) => !only || only.includes(meal)).map(lineOf));
  problems.replaceChildren(
    ...refused.map((one) => {
      const item = element("li", "");
      item.append(element("p", one.words), element("p", `${clock(one.at)} 在这台设备上记的`, { className: "xw-hint" }));
      const button = element("button", "看过了", { type: "button", className: "xw-button xw-button--quiet" });
      button.addEventListener("click", () => store.forget(one.row).then(load).catch(quiet));
      item.append(button);
      return item;
    }),
  );
  problems.hidden = refused.length === 0;
}

async function load() {
  const kept = await store.kept(`day ${base}`);
  day = kept ? JSON.parse(kept) : null;
  // A list of a day that is over has no business here any more.
  if (day && day.day < today()) {
    await store.forget(`day ${base}`);
    day = null;
  }
  waiting = (await all("scan")).filter((one) => one.base === base);
  refused = (await all("told")).filter((one) => one.base === base);
  draw();
}

// ---- Recording ------------------------------------------------------------------------------------------------------

// The same as the server does with each code: what was typed or scanned is looked for without lying here readable.
async function find(typed) {
  const text = typed.normalize("NFKC").trim();
  const upper = text.toUpperCase();
  const token = upper.split("/V/")[1];
  const short = upper.replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  const forms = token ? [token] : [text, upper.replace(/\s/g, ""), short];
  const hashes = await Promise.all(
    forms.map(async (one) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(day.salt + one))))),
  );
  return day.meals.filter((meal) => meal.codes.some((code) => hashes.some((hash) => hash.startsWith(code))));
}

async function keep(code, words) {
  const scan = { base, id: random(16), code, words, at: Date.now(), paid: form.elements["desk-paid"].value || "paid" };
  // Kept before it is sent: a line that breaks in the middle loses nothing, and its id lets it count once.
  await store.keep(`scan ${scan.id}`, JSON.stringify(scan));
  form.elements.code.value = "";
  await load();
  tell(`记下了：${words}`);
  if (navigator.onLine) await sync();
}

async function record(meal) {
  if (meal.out) {
    draw([meal]);
    tell(`这一份${meal.out}，不能再领`);
  } else if (waiting.some((one) => one.code === meal.number)) {
    draw([meal]);
    tell("这台设备刚才记过这一份了，不用再记");
  } else await keep(meal.number, meal.words);
}

let asked = "";

async function typed(event) {
  event.preventDefault();
  const text = form.elements.code.value;
  if (!text.trim()) {
    asked = "";
    draw();
    return;
  }
  const found = day ? await find(text) : [];
  const open = found.filter((meal) => !meal.out && !waiting.some((one) => one.code === meal.number));
  if (found.length === 1 || open.length === 1) await record(open[0] ?? found[0]);
  else if (found.length > 1) {
    draw(found);
    tell("找到不止一份，请在下面点「领了」");
  } else if (asked === text) {
    asked = "";
    await keep(text.trim(), "名单上没有的一份");
  } else {
    asked = text;
    tell("今天的名单上没有这一份。看清楚了就再按一次「记下」，连上网以后再核对");
  }
}

// ---- Sending --------------------------------------------------------------------------------------------------------

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (answer.status === 401) throw new Error("sign in");
  if (!answer.ok) throw new Error("refused");
  return answer.json();
}

async function refresh() {
  const list = await post(`${base}/list`, {});
  await store.keep(`day ${base}`, JSON.stringify(list));
  document.documentElement.dataset.listKept = "";
}

async function send() {
  const scans = await all("scan");
  for (const of of new Set(scans.map((one) => one.base))) {
    const own = scans.filter((one) => one.base === of);
    for (let at = 0; at < own.length; at += BATCH) {
      const part = own.slice(at, at + BATCH);
      const sent = part.map(({ id, code, at: said, paid }) => ({ id, code, at: said, paid }));
      const { answers } = await post(`${of}/scans`, { device: await device(), scans: sent });
      for (const answer of answers) {
        const scan = part.find((one) => one.id === answer.id);
        if (!scan) continue;
        if (!["done", "again"].includes(answer.outcome)) {
          await store.keep(`told ${scan.id}`, JSON.stringify({ base: of, at: scan.at, words: answer.words }));
        }
        await store.forget(scan.row);
      }
    }
  }
}

// One tab at a time; the server takes each scan once anyway.
const sync = () =>
  navigator.locks.request("staff-meals", async () => {
    try {
      await send();
      await refresh();
      if (told.textContent.startsWith("还没有连上网")) told.hidden = true;
    } catch (reason) {
      if (reason.message === "sign in") tell("登录过期了。领了的还存在这台设备里，请重新登录，再打开这一页，会自己送出。");
      else if (reason.message === "refused") tell("没有送成，领了的还存在这台设备里。请过一会儿再打开这一页，或者找管理员。");
      else tell("还没有连上网。领了的存在这台设备里，连上网以后自己送出。");
    }
    await load();
  });

const quiet = (reason) => console.warn("What waits can't be kept or sent.", reason);

if (keeps) {
  form.hidden = false;
  form.addEventListener("submit", (event) => typed(event).catch(quiet));
  window.addEventListener("online", () => sync().catch(quiet));
  load()
    .then(sync)
    .catch(quiet);
  keepPage("/staff/meals/").catch((reason) => console.warn("The page can't be kept.", reason));
}
