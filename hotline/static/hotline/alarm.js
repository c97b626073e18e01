/* Every ten seconds a page of those who take calls asks whether somebody in danger waits, and that of a supervisor
   whether an operator asks for help; in a tab in the background too, since nobody may be looking. The page, and what is
   typed in it, stays as it is. */
(() => {
  "use strict";
  const bar = document.getElementById("alarm");
  if (!bar) return;
  const EVERY = 10000;
  const PATIENCE = 8000;
  const mark = () => bar.querySelector("[data-mark]")?.dataset.mark || "";

  const show = (html) => {
    bar.hidden = html.trim() === "";  // shown before it is filled: only then is it said
    bar.innerHTML = html;
    document.body.dispatchEvent(new CustomEvent("danger-told"));
  };
  const ask = async () => {
    const patience = new AbortController();
    window.setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(`${bar.dataset.ask}?${new URLSearchParams({ seen: mark() })}`, {
        cache: "no-store", credentials: "same-origin", redirect: "manual", signal: patience.signal,
      });
      if (answer.status === 200) show(await answer.text());
    } catch {
      /* The server is away: the bar stays as it is, and asks again. */
    }
  };
  window.setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();
