/* How a phone is emptied of people: at sign-out, by a wipe, or because a progress code that was used on it was erased. */
window.Emptying = (() => {
  "use strict";
  const MARKS = "-attendance"; /* the kind of store in which a trainer's lists lie, and the marks that wait */
  const people = () => JSON.parse(localStorage.getItem("fanal-people") || "[]");
  const gone = (name) => new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = () => failed(request.error);
  });

  /* What nobody of those who are left keeps goes. */
  const forgetKept = async (left) => {
    const found = window.caches && await caches.match("/kept");
    if (!found) return;
    const rows = {};
    for (const [name, row] of Object.entries(await found.json())) {
      const by = row.by.filter((one) => left.includes(one));
      if (by.length) rows[name] = { ...row, by };
      else await caches.delete(row.cache);
    }
    await (await caches.open("fanal-kept")).put("/kept", new Response(JSON.stringify(rows)));
  };

  /* What somebody ticked in this window and did not send stays with the rest that is left for her (along.js). */
  const forgetTicked = (left) => {
    const all = sessionStorage.getItem("along") || "[]";
    sessionStorage.removeItem("along");
    const ticked = all.startsWith("[") ? JSON.parse(all).filter(({ who }) => left.includes(who)) : [];
    if (ticked.length) sessionStorage.setItem("along", JSON.stringify(ticked));
  };

  /* Empty this phone of people, and of kept courses once nobody is left; fail where something stays. Who reads here, and whose
     lists may be shown, is forgotten with it, unless only some are named who go. Names go last: who is cut off begins again. */
  const empty = async (left, named = null) => {
    for (const one of people().filter((id) => !left.includes(id))) {
      for (const kind of ["", MARKS]) await gone(`fanal-${one}${kind}`);
    }
    forgetTicked(left);
    if (left.length) {
      await forgetKept(left);
      localStorage.setItem("fanal-people", JSON.stringify(left));
      for (const name of ["fanal-who", "fanal-holder"]) if (!named || named.includes(localStorage.getItem(name))) localStorage.removeItem(name);
      return;
    }
    for (const name of window.caches ? await caches.keys() : []) await caches.delete(name);
    const workers = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
    await Promise.all(workers.map((worker) => worker.unregister()));
    const stores = async () => (indexedDB.databases ? await indexedDB.databases() : []).filter(({ name }) => name.startsWith("fanal-"));
    for (const { name } of await stores()) await gone(name); /* also one of somebody whom the small store has forgotten */
    const caught = window.caches ? await caches.keys() : [];
    if ((await stores()).length || caught.length) throw new Error("Something stays on this phone.");
    for (const store of [localStorage, sessionStorage]) store.clear();
  };

  return { MARKS, empty };
})();
