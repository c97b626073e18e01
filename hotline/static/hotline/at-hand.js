/* While a call or its sheet is at hand the bar asks every few seconds what became of it, and says it when it is over. */
(() => {
  "use strict";
  const bar = document.querySelector(".call-at-hand[data-ask]");
  if (!bar) return;
  const EVERY = 5000;
  const said = bar.querySelector("[role=status]");
  let isAsking = false;

  const show = (html) => {
    const link = bar.querySelector("#back-to-call");
    const hadFocus = document.activeElement === link;
    const part = document.createElement("template");
    part.innerHTML = html;
    const next = part.content.querySelector("#back-to-call");
    if (!next) {
      window.clearInterval(timer);
      bar.remove();
      return;
    }
    link.replaceWith(next);
    if (hadFocus) next.focus();
    said.textContent = next.textContent.trim();
  };

  const ask = async () => {
    if (isAsking || document.hidden) return;
    isAsking = true;
    try {
      const mark = bar.querySelector("#back-to-call").dataset.mark;
      const answer = await fetch(`${bar.dataset.ask}?${new URLSearchParams({ seen: mark })}`, {
        cache: "no-store", credentials: "same-origin", redirect: "manual",
      });
      if (answer.status === 200) show(await answer.text());
    } catch {
      /* The server is away: the bar stays as it is, and asks again. */
    } finally {
      isAsking = false;
    }
  };
  const timer = window.setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
})();
