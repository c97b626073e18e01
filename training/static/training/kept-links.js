/* Links of a kept page: without a network, those that are not on this phone say so and never lead to the browser's own error. */
(() => {
  "use strict";
  const PATIENCE = 8000;
  const { send } = document.querySelector("main").dataset;
  const banner = document.querySelector("[data-away]");
  const held = new Set();

  const needsNetwork = (link) => link.id !== "leave" && link.origin === location.origin && link.pathname !== location.pathname && !held.has(link.pathname);

  const mark = () => {
    const isAway = !navigator.onLine;
    banner.hidden = !isAway;
    for (const link of document.querySelectorAll("a[href]")) {
      const isShut = isAway && needsNetwork(link);
      if (isShut) link.setAttribute("aria-disabled", "true");
      else link.removeAttribute("aria-disabled");
    }
  };

  /* A telephone may say that it has a network and have none: a small question tells. */
  const isThere = () => navigator.onLine && Promise.race([
    fetch(send, { cache: "no-store", credentials: "same-origin" }).then(() => true, () => false),
    new Promise((done) => setTimeout(done, PATIENCE, false)),
  ]);

  const clear = () => document.querySelectorAll(".not-here").forEach((one) => one.remove());
  const tell = (link) => {
    clear();
    const told = document.getElementById("no-network").content.firstElementChild.cloneNode(true);
    (link.closest("header, .banner") || link.closest("ul, p, nav") || link).after(told);
    told.focus();
  };

  const begin = async () => {
    const found = window.caches && await caches.match("/kept");
    for (const row of Object.values(found ? await found.json() : {})) for (const url of Object.keys(row.files)) held.add(url);
    for (const link of document.querySelectorAll("a[href*='/keep/']")) if (window.caches && needsNetwork(link) && await caches.match(link.pathname)) held.add(link.pathname);
    mark();
    new MutationObserver(mark).observe(document.querySelector("main"), { childList: true, subtree: true });
    for (const what of ["online", "offline"]) addEventListener(what, mark);
    addEventListener("online", clear);
    document.addEventListener("emptied", () => {
      held.clear();
      mark();
    });
  };
  const ready = begin().catch(mark);

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || !needsNetwork(link)) return;
    event.preventDefault();
    await ready;
    if (!needsNetwork(link) || await isThere()) location.assign(link.href);
    else tell(link);
  });
})();
