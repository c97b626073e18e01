/* Answers for what this phone keeps: pages under /<language>/keep/ and the files they need. Everything else goes to the
   network untouched; a page that does not come, for there is no network, gives way to the list of what is kept, that which
   empties the phone to its like that is kept. Nothing is put in here: the pages that keep something do that, and check what they fetched. */
"use strict";
const PAGE = /^\/[a-z-]+\/keep\//;
const WIPE = /^\/[a-z-]+\/(keep\/)?wipe\/$/;
/* Forms that lead to a page which may be kept: the test, a scene of a story. */
const FORM = /^\/[a-z-]+\/(learning\/[a-z0-9_-]+\/test|scenario\/[a-z0-9_-]+)\/$/i;
const FILE = /^\/(static|media|clips|documents|[a-z-]+\/captions)\//;

/* Players ask for parts of a file; some play nothing else. */
const partOf = async (request, found) => {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) return found;
  const whole = await found.blob();
  const begins = Number(asked[1]);
  const ends = Math.min(whole.size, asked[2] ? Number(asked[2]) + 1 : whole.size);
  if (begins >= ends) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  const headers = { "Content-Type": found.headers.get("Content-Type"), "Content-Range": `bytes ${begins}-${ends - 1}/${whole.size}` };
  return new Response(whole.slice(begins, ends), { status: 206, headers });
};

/* The list of what is kept, or the page beside it of that tail, in the language of the address, else in one in which something is kept, of those first one of
   the phone's, else in one of the phone's, else in English, else the one that lies here: of a course that has not come whole. */
const list = async (url, tail = "") => {
  const rows = await caches.match("/kept");
  const kept = Object.keys(rows ? await rows.json() : {}).map((name) => name.split("/")[1]);
  const phone = navigator.languages.map((one) => one.split("-")[0]);
  for (const code of [url.pathname.split("/")[1], ...phone.filter((one) => kept.includes(one)), ...kept, ...phone, "en"]) {
    const found = await caches.match(`/${code}/keep/${tail}`);
    if (found) return found;
  }
  const like = new RegExp(`^/[a-z-]+/keep/${tail}$`);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const any = (await cache.keys()).find((one) => like.test(new URL(one.url).pathname));
    if (any) return cache.match(any);
  }
  return null;
};
const instead = async (url, error) => {
  const found = (WIPE.test(url.pathname) && await list(url, "wipe/")) || await list(url);
  if (found) return found;
  throw error;
};

const held = async (request, url) => {
  const found = await caches.match(url.pathname, { ignoreSearch: true });
  if (found) return partOf(request, found);
  try {
    return await fetch(request);
  } catch (error) {
    if (PAGE.test(url.pathname)) return instead(url, error);
    throw error;
  }
};

/* What an older one does wrong is not done until the last window is closed. */
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const isForm = request.method === "POST" && request.mode === "navigate" && FORM.test(url.pathname);
  if (isForm) event.respondWith(fetch(request).catch((error) => instead(url, error)));
  if (request.method !== "GET" || request.cache === "no-store") return; /* what is fetched in order to be kept comes as it is now */
  const isPage = PAGE.test(url.pathname) && !url.pathname.endsWith("/keep.json");
  if (isPage || FILE.test(url.pathname)) event.respondWith(held(request, url));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch((error) => instead(url, error)));
});
