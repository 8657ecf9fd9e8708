// Keeps the pages that are used where there is no network, and what they are drawn with: a visit at home, the start and the end of a
// volunteer's service, the served person's code, a meal point's hand-out. These pages hold nothing of another person. Nothing else is
// ever kept or answered from here.
const CACHE = "kept 1";
const PAGE = /^\/(staff\/cases\/[A-Z0-9]+\/visit|staff\/meals\/[a-z0-9-]+\/offline|timebank\/needs\/[a-z0-9]+\/(sign|code))$/;
const FILE = /^\/(pkg\/[^?]+|kept\.js|staff-(meals|visit)\.js|timebank-sign\.js|island-loader\.js|icon\.svg)$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The network first; what was kept where it fails. A page that leads elsewhere, such as to the sign-in, is not kept.
async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(request.url, answer.clone());
    return answer;
  } catch (reason) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
    throw reason;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const page = request.mode === "navigate" && PAGE.test(url.pathname) && !url.search;
  if (page || FILE.test(url.pathname)) event.respondWith(networkFirst(request));
});
