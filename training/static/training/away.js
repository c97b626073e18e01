/* The page that opens in place of any other one while there is no network, the list of what this phone keeps, and the one
   that empties the phone; in English and in the language that is read here. Only a phone that keeps something of hers gets it, and the worker with it. */
window.Away = (() => {
  "use strict";
  const LIST = "fanal-kept";
  const FRESH = 86400000;
  const NAMED = /\.[0-9a-f]{12}\.\w+$/;
  const root = document.querySelector("[data-away-worker]");
  const { awayWorker: worker, awayWho: who } = root ? root.dataset : {};

  const got = async (url, known) => {
    const answer = known || await fetch(url, { cache: "no-store", credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    return { type: answer.headers.get("Content-Type"), content: await answer.text() };
  };
  const put = (cache, url, { type, content }) => cache.put(url, new Response(content, { headers: { "Content-Type": type, Date: new Date().toUTCString() } }));

  /* The page and what it needs. A file whose name tells what is in it comes once, also where a course brought it along. The
     page is put last: whoever goes on before all has come has none yet, instead of one whose scripts are missing for a day. */
  const page = async (cache, url) => {
    const held = await cache.match(url);
    if (held && Date.now() - Date.parse(held.headers.get("Date")) < FRESH) return false;
    const fresh = await got(url, held ? null : await caches.match(url)); /* a course that is kept brings it along */
    const read = new DOMParser().parseFromString(fresh.content, "text/html");
    for (const one of read.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")) {
      const file = one.getAttribute("href") || one.getAttribute("src");
      const isNamed = NAMED.test(file);
      if (!isNamed || !await cache.match(file)) await put(cache, file, await got(file, isNamed && await caches.match(file)));
    }
    await put(cache, url, fresh);
    return true;
  };

  /* Files that no page here names any more go. */
  const tidy = async (cache) => {
    const rows = await cache.keys();
    let pages = "";
    for (const one of rows) if (/\/keep\/(wipe\/)?$/.test(one.url)) pages += await (await cache.match(one)).text();
    for (const one of rows) if (one.url.includes("/static/") && !pages.includes(`"${new URL(one.url).pathname}"`)) await cache.delete(one);
  };

  /* One window at a time: files come before the page that names them. */
  const keep = () => navigator.locks.request("fanal-away", async () => {
    await navigator.serviceWorker.register(worker, { scope: "/" });
    const cache = await caches.open(LIST);
    let isNew = false;
    for (const code of new Set([document.documentElement.lang, "en"])) {
      for (const tail of ["wipe/", ""]) isNew = await page(cache, `/${code}/keep/${tail}`) || isNew;
    }
    if (isNew) await tidy(cache);
  });

  /* Who is signed in now is whose this phone is; somebody who has nothing here is shown nothing of the one before. */
  const mine = () => {
    const people = JSON.parse(localStorage.getItem("fanal-people") || "[]");
    const isHere = people.includes(who);
    if (isHere) localStorage.setItem("fanal-who", who);
    else localStorage.removeItem("fanal-who");
    return isHere;
  };

  /* Somebody else has a store here: it may be of a code that is hers now. The scripts come in this order, and only then. */
  const others = () => {
    const people = JSON.parse(localStorage.getItem("fanal-people") || "[]");
    if (!root.dataset.awayMore || !people.some((one) => one !== who)) return;
    for (const src of root.dataset.awayMore.split(" ")) document.head.append(Object.assign(document.createElement("script"), { src, async: false }));
  };

  const isAble = Boolean(worker && window.caches && navigator.serviceWorker && navigator.locks);
  if (root) others();
  if (root && "awayWho" in root.dataset && mine() && isAble) keep().catch(() => null);
  return { keep: () => (isAble ? keep() : null) };
})();
