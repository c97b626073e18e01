/* Keeping is switched off: this worker takes away what was kept, the lists of groups with their names, and itself. What waits
   to be sent is not its own: marks of attendance are still sent from the pages of groups, and why one was not taken is kept
   until it was read, by the number of the person. */
"use strict";
const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

/* As `leave` in lists.js does with one list. It is said once more here, since that script is made for pages, and what
   switches keeping off must not fail for a second file that did not come. */
const withoutNames = async (name) => {
  const db = await asked(indexedDB.open(name));
  const work = db.transaction(["tests", "refused"], "readwrite");
  work.objectStore("tests").clear();
  const answers = work.objectStore("refused");
  for (const one of await asked(answers.getAll())) {
    if (one.reason) answers.put({ ...one, said: undefined });
    else answers.delete(one.id);
  }
  await new Promise((done, failed) => {
    work.oncomplete = done;
    work.onabort = () => failed(work.error);
  });
  db.close();
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const stores = indexedDB.databases ? await indexedDB.databases() : [];
  for (const { name } of stores) if (/^fanal-.+-attendance$/.test(name)) await withoutNames(name).catch(() => null);
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
})()));
