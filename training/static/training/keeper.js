/* What this phone keeps for the time without a network: a set of pages and files under a name, fetched one after another,
   each checked, in a new cache beside the old one. The list of the sets is one entry that changes when everything is there. */
window.Keeper = (() => {
  "use strict";
  const LIST = "fanal-kept";
  const usable = Boolean(window.Outbox && Outbox.usable && window.caches && navigator.serviceWorker);
  const kilobytes = (bytes) => Math.ceil(bytes / 1024);

  const list = async () => {
    const found = await caches.match("/kept");
    return found ? found.json() : {};
  };
  const writeList = async (rows) => (await caches.open(LIST)).put("/kept", new Response(JSON.stringify(rows)));

  const digest = async (content) => {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /* Fetch what is not there yet; a file that is the same in another set is taken from there. */
  const fetchAll = async (files, cache, rows, tell) => {
    const all = files.reduce((sum, file) => sum + file.travels, 0);
    let come = 0;
    for (const file of files) {
      if (!await cache.match(file.url)) {
        const before = Object.values(rows).find((row) => row.files[file.url] === file.sha256);
        const known = before && await (await caches.open(before.cache)).match(file.url);
        const answer = known || await fetch(file.url, { cache: "no-store", credentials: "same-origin", redirect: "error" });
        const content = await answer.arrayBuffer();
        if (await digest(content) !== file.sha256) throw new Error(`${file.url} is not what was listed.`);
        await cache.put(file.url, new Response(content, { headers: { "Content-Type": answer.headers.get("Content-Type") } }));
      }
      come += file.travels;
      tell(come, all);
    }
  };

  const room = async (files) => {
    const needed = files.reduce((sum, file) => sum + file.bytes, 0);
    const { quota = Infinity, usage = 0 } = navigator.storage?.estimate ? await navigator.storage.estimate() : {};
    return { needed, free: quota - usage };
  };

  const isFull = (space) => space.free < space.needed;

  const begin = async (worker) => {
    await navigator.serviceWorker.register(worker, { scope: "/" });
    if (navigator.storage?.persist) await navigator.storage.persist();
  };

  /* Keep a set for a person, in place of the one of before; return the room that is missing, or nothing. */
  const keep = async (name, who, { etag, version, start, heading, tongue, twins }, files, tell) => {
    const rows = await list();
    const mine = rows[name];
    const into = `fanal-${name}-${etag}`;
    try {
      await fetchAll(files, await caches.open(into), rows, tell);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      await caches.delete(into);
      return room(files);
    }
    const sums = Object.fromEntries(files.map((file) => [file.url, file.sha256]));
    const by = [...new Set([...mine?.by || [], who])];
    await writeList({ ...rows, [name]: { cache: into, etag, version, start, heading, tongue, twins, by, at: new Date().toISOString(), files: sums } });
    if (mine && mine.cache !== into) await caches.delete(mine.cache);
    await Promise.resolve(Away.keep()).catch(() => null); /* the set is kept, whether or not this comes */
    return null;
  };

  /* A half of an earlier try that is no longer offered goes too. */
  const sweep = async (name, etag = "") => {
    const held = new Set(Object.values(await list()).map((one) => one.cache));
    for (const one of await caches.keys()) {
      if (one.startsWith(`fanal-${name}-`) && !held.has(one) && !(etag && one.endsWith(etag))) await caches.delete(one);
    }
  };

  /* Take a set off this phone once nobody else keeps it; with the last one goes the worker. */
  const forget = async (name, who) => {
    const rows = await list();
    const mine = rows[name];
    const others = mine.by.filter((one) => one !== who);
    if (others.length) {
      await writeList({ ...rows, [name]: { ...mine, by: others } });
      return;
    }
    delete rows[name];
    await writeList(rows);
    await caches.delete(mine.cache);
    if (Object.keys(rows).length) return;
    for (const one of await caches.keys()) await caches.delete(one);
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  };

  return { usable, kilobytes, list, room, isFull, begin, keep, sweep, forget };
})();
