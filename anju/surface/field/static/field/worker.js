// Pages and pictures seen before stay readable without a signal; what waits is sent when the signal is back.
const PAGES = "anju-field-pages";
const PARTS = "anju-field-parts";
const PATIENCE = 4000; // milliseconds before a page seen before is shown instead of a slow answer

// Kept from the start: what is shown for a page that was never seen while there was a signal.
const UNSEEN = "/f/unseen";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(PARTS).then((store) => store.add(UNSEEN)).catch(() => {}));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const keep = async (name, request, answer) => {
  if (answer.ok && !answer.redirected) await (await caches.open(name)).put(request, answer.clone());
  return answer;
};

const forget = async () => { await caches.delete(PAGES); };

// A page, its pictures and what it is drawn with.
const learn = async (address) => {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.redirected) return;
    const text = await answer.clone().text();
    await keep(PAGES, address, answer);
    for (const [, src] of text.matchAll(/<img src="([^"]+)"/g)) {
      const picture = src.replaceAll("&amp;", "&");
      await keep(PAGES, picture, await fetch(picture, { credentials: "same-origin" }));
    }
  } catch { /* no signal: what is kept stays */ }
};

self.addEventListener("message", (event) => {
  const { learn: pages, parts, forget: gone } = event.data;
  if (parts) event.waitUntil(Promise.all(parts.map(async (part) => {
    const store = await caches.open(PARTS);
    if (!(await store.match(part))) await store.add(part).catch(() => {});
  })));
  if (pages) event.waitUntil((async () => {
    if (gone) await forget();
    for (const page of pages) await learn(page);
  })());
});

const page = async (request) => {
  const kept = await caches.match(request, { cacheName: PAGES, ignoreVary: true });
  const asked = fetch(request).then(async (answer) => {
    if (answer.redirected || answer.type === "opaqueredirect") await forget();
    if (answer.status === 404) await (await caches.open(PAGES)).delete(request.url, { ignoreVary: true });
    if (answer.status >= 500 && kept) return kept; // the page's own program says that the server could not answer
    return keep(PAGES, request.url, answer);
  });
  if (!kept) return asked.catch(async (gone) => (await caches.match(UNSEEN, { cacheName: PARTS, ignoreVary: true })) || Promise.reject(gone));
  const tired = new Promise((ok) => setTimeout(ok, PATIENCE, kept));
  return Promise.race([asked.catch(() => kept), tired]);
};

const part = async (request, name) =>
  (await caches.match(request, { cacheName: name, ignoreVary: true })) || keep(name, request.url, await fetch(request));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (request.destination === "image" && !pathname.startsWith("/static/")) {
    event.respondWith(part(request, PAGES));
  } else if (["style", "script", "image", "font", "manifest"].includes(request.destination)) {
    event.respondWith(part(request, PARTS));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "anju-field") return;
  event.waitUntil((async () => {
    const sent = await self.FieldQueue.sync();
    for (const open of await self.clients.matchAll()) open.postMessage({ sent });
    // The browser asks again later, less and less often, also where no page of ours is open.
    if (sent === "off" || sent === "down") throw new Error(`not sent yet: ${sent}`);
  })());
});
