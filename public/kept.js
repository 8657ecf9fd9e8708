// What a page keeps on this device for where there is no network: rows that are sealed with a key that never leaves this browser, and,
// through the worker, the page itself. The pages that use it have a script of their own.

export const CACHE = "kept 1";

/** The rows of one kind of page, each under a name. */
export function keeper(name, more = []) {
  function database() {
    return new Promise((done, failed) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => ["keys", "waiting", ...more].forEach((store) => opening.result.createObjectStore(store));
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
  }

  async function table(store, mode, act) {
    const db = await database();
    try {
      return await new Promise((done, failed) => {
        const work = db.transaction(store, mode);
        const asked = act(work.objectStore(store));
        work.oncomplete = () => done(asked.result);
        work.onerror = work.onabort = () => failed(work.error);
      });
    } finally {
      db.close();
    }
  }

  async function key() {
    const kept = await table("keys", "readonly", (keys) => keys.get("key"));
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await table("keys", "readwrite", (keys) => keys.put(made, "key"));
    return made;
  }

  async function keep(row, body) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(body));
    await table("waiting", "readwrite", (waiting) => waiting.put({ iv, sealed }, row));
  }

  async function kept(row) {
    const found = await table("waiting", "readonly", (waiting) => waiting.get(row));
    if (!found) return null;
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await key(), found.sealed);
    return new TextDecoder().decode(text);
  }

  return {
    table,
    keep,
    kept,
    forget: (row) => table("waiting", "readwrite", (waiting) => waiting.delete(row)),
    rows: () => table("waiting", "readonly", (waiting) => waiting.getAllKeys()),
  };
}

/** Says something to the person, and to whoever listens. */
export function tell(words) {
  const told = document.querySelector("[data-told]");
  told.textContent = words;
  told.hidden = false;
}

/** Sends a form as a page would. */
export const send = (path, body, headers = {}) =>
  fetch(path, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body });

/** Takes a page out of the worker's cache: its form was used. */
export const forgetPage = async (path) => (await caches.open(CACHE)).delete(new URL(path, location.href).href);

/** Keeps this page and all that it is drawn with, and marks it so. */
export async function keepPage(scope) {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/kept-worker.js", { scope });
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) {
    await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  }
  // They go through the worker once, so that each is kept.
  // What the page asked for besides, such as a list, is no file and not asked for again.
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const drawn = loaded.filter((name) => /\.[a-z0-9]+$/.test(new URL(name).pathname));
  const page = await fetch(new Request(location.href, { cache: "reload" }));
  if (page.ok && !page.redirected) await (await caches.open(CACHE)).put(location.href, page);
  await Promise.all(drawn.map((name) => fetch(name).catch(() => {})));
  document.documentElement.dataset.kept = "";
}

/** Whether this browser can keep anything. */
export const keeps = window.isSecureContext && Boolean(window.indexedDB);
