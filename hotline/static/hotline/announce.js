/* What the console says aloud: only what changed, danger at once, the rest politely. The page works without it. */
(() => {
  "use strict";
  if (!document.querySelector("[data-console]")) return;
  const byId = (id) => document.getElementById(id);
  const SOON = 300;  // a reader of the screen says only what changes once the page stands
  let seen = null;
  let answered = null;
  const say = (name, words) => { byId(name).textContent = words; };

  /* Whoever is in danger when the page opens is told of like one who comes later. */
  const sayDanger = (queue, before) => {
    const now = Number(queue.dataset.danger);
    if (now > before) say("say-at-once", queue.dataset.saidDanger);
    else if (now === 0 && byId("say-at-once").textContent === queue.dataset.saidDanger) say("say-at-once", "");
  };
  /* An alarm that stands is said when it comes, and not each time that its part is renewed. */
  const said = {};
  const sayOnce = (name) => {
    const part = byId(name);
    const words = part ? part.dataset.said.trim() : "";
    if (words && words !== said[name]) say("say-at-once", words);
    said[name] = words;
  };
  const announce = () => {
    const queue = byId("queue");
    if (!queue) return;
    const { waiting, texts, danger } = queue.dataset;
    sayDanger(queue, seen ? Number(seen.danger) : 0);
    if (seen && waiting !== seen.waiting) say("say-politely", queue.dataset.said);
    else if (seen && texts !== seen.texts) say("say-politely", queue.dataset.saidTexts);
    const ask = byId("ask");
    if (ask && answered !== null && ask.dataset.said !== answered) say("say-politely", ask.dataset.said);
    answered = ask ? ask.dataset.said : null;
    sayOnce("held-long");
    sayOnce("asked-of-me");
    seen = { waiting, texts, danger };
  };
  document.body.addEventListener("htmx:afterSettle", () => { if (seen) announce(); });
  window.setTimeout(announce, SOON);
})();
