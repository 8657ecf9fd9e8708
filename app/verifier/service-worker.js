// Keeps the page /verify and its files, and nothing else: no list, no key, no answer is ever kept or answered from here.
// The server writes VERSION, which follows the content of all files, and FILES above this line.
const SHELL = "/verify";
const CACHE = `verify ${VERSION}`;
// So long the network may take before the kept page is shown.
const PATIENCE_MS = 500;

self.addEventListener("install", (event) => {
  const fresh = (path) => new Request(path, { cache: "reload", credentials: "same-origin" });
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([SHELL, ...FILES].map(fresh)))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const older = (names) => names.filter((name) => name.startsWith("verify ") && name !== CACHE);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(older(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page as it is now, kept if it belongs to the files that are kept.
async function asked(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected && (await answer.clone().text()).includes(VERSION)) {
    await (await caches.open(CACHE)).put(SHELL, answer.clone());
  }
  return answer;
}

async function shell(request) {
  const kept = await (await caches.open(CACHE)).match(SHELL);
  const now = asked(request);
  if (!kept) return now;
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS, kept));
  return Promise.race([now.then((answer) => (answer.status < 500 ? answer : kept), () => kept), late]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL && !url.search) event.respondWith(shell(request));
    return;
  }
  if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
  }
});
