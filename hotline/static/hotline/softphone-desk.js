/* The console, and the page of a call back, beside the telephone in the browser: its window is opened by a key, is told which call to join, and says how it is. */
(() => {
  "use strict";
  const box = () => document.getElementById("softphone");
  const facts = () => (box() ? box().dataset : {});  // the part may be away between two swaps
  if (!box() || !window.BroadcastChannel) return;
  const NAME = "fanal-telephone";
  const phone = new BroadcastChannel(NAME);
  const URGENT = ["reconnecting", "cut", "failed"];
  let state = "";
  let heardAt = 0;
  let told = "";
  const isOpen = () => Date.now() - heardAt < 5000;
  const works = () => "inBrowser" in facts();

  const show = () => {
    const shown = document.getElementById("softphone-state");
    if (!shown) return;
    const now = isOpen() ? (works() || state !== "ready" ? state : "") : works() ? "closed" : "";
    const words = now ? facts()[`say${now[0].toUpperCase()}${now.slice(1)}`] || "" : "";
    if (shown.textContent !== words) shown.textContent = words;
    if (now !== told && URGENT.includes(now)) document.getElementById("say-at-once").textContent = words;
    told = now;
  };
  const ask = () => phone.postMessage({ asks: true, serves: works(), call: facts().call || "", talks: "talks" in facts() });
  phone.addEventListener("message", (event) => {
    if (!event.data.state) return;
    if (heardAt === 0 && event.data.state !== "closed") ask();
    heardAt = event.data.state === "closed" ? 1 : Date.now();
    state = event.data.state;
    show();
  });

  const open = () => {
    const part = window.open("", NAME, "popup,width=420,height=420");
    if (!part) return;
    if (part.location.href === "about:blank") part.location = facts().address;
    else if (!works()) phone.postMessage({ tries: true });
    part.focus();
  };
  document.addEventListener("click", (event) => { if (event.target.closest("#softphone-open")) open(); });
  /* Whoever takes a call, comes into a colleague's or calls somebody back has the window open, or it opens now. */
  document.addEventListener("submit", (event) => {
    if (works() && !isOpen() && /\/(take|take_over|join\/help|call-back)\/$/.test(new URL(event.target.action).pathname)) open();
  }, true);
  document.body.addEventListener("htmx:afterSettle", () => { ask(); show(); });
  window.setInterval(() => { ask(); show(); }, 2000);
  ask();
  window.setTimeout(show, 1000);
})();
