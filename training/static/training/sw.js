/* Answers for what this phone keeps: pages under /<language>/keep/ and the files they need. Everything else goes to the
   network untouched. Nothing is put in here: the page that keeps a course does that, and checks what it fetched. */
"use strict";
const PAGE = /^\/[a-z-]+\/keep\//;

const held = async (request, url) => {
  const found = await caches.match(url.pathname, { ignoreSearch: true });
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    const index = PAGE.test(url.pathname) && await caches.match(`/${url.pathname.split("/")[1]}/keep/`);
    if (index) return index;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = PAGE.test(url.pathname) && !url.pathname.endsWith("/keep.json");
  if (isPage || /^\/(static|media)\//.test(url.pathname)) event.respondWith(held(request, url));
});
