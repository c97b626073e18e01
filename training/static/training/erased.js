/* A progress code that was used on this phone may have been erased from another one. The server is asked, and only where it
   says that it was, in so many words, what was kept here under the code goes; whatever else is answered, all stays. */
window.Erased = (() => {
  "use strict";
  const place = document.querySelector("[data-erased]");
  const { erased: door, emptying, away, known } = place.dataset;
  let signedIn = known || "";

  const people = () => JSON.parse(localStorage.getItem("fanal-people") || "[]");
  const owner = () => localStorage.getItem("fanal-who");

  const MOST = 50; /* as many as the door takes at once */
  const askedOf = async (all) => {
    const [who, more] = [all.slice(0, MOST), all.slice(MOST)];
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(door, { method: "POST", cache: "no-store", credentials: "omit", redirect: "error", headers, body: JSON.stringify({ who }) });
    if (!answer.ok) return [];
    const { erased } = await answer.json();
    return [...who.filter((one) => erased.includes(one)), ...more.length ? await askedOf(more) : []];
  };

  const loaded = (src) => new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: failed }));
  });

  /* A page that has stores open gives way to one that has none, which asks and empties in its place. */
  const look = async () => {
    const asked = [...new Set([...people(), owner()])].filter((one) => one && one !== signedIn);
    const gone = asked.length ? await askedOf(asked) : [];
    if (!gone.length) return;
    if (away && (gone.includes(owner()) || document.querySelector("[data-waiting]"))) {
      location.replace(away);
      return;
    }
    if (!window.Emptying) await loaded(emptying);
    await Emptying.empty(people().filter((one) => !gone.includes(one)), gone);
    document.querySelector("main").prepend(place);
    place.hidden = false;
  };
  const ask = (who = signedIn) => {
    signedIn = who;
    return navigator.onLine ? look().catch(() => null) : null;
  };

  addEventListener("online", () => ask());
  if (!("kept" in place.dataset)) ask(); /* a kept page asks once it knows who is signed in */
  return { ask };
})();
