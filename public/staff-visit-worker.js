// Keeps the pages on which a visit at home is entered, and what they are drawn with, for where there is no network. These pages
// hold nothing of a resident. Nothing else is ever kept or answered from here.
const CACHE = "staff-visit 1";
const VISIT = /^\/staff\/cases\/[A-Z0-9]+\/visit$/;
const FILE = /^\/(pkg\/[^?]+|staff-visit\.js|icon\.svg)$/;

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
  const visit = request.mode === "navigate" && VISIT.test(url.pathname) && !url.search;
  if (visit || FILE.test(url.pathname)) event.respondWith(networkFirst(request));
});
