/* Clocks of calls count in the browser, so that waiting alone never asks the server for anything; without it the page says
   since when. From one hour on a wait is told in hours and minutes, in the words of its page (components/hours.html): as a
   clock it would be read as a time of day. Where times of day stand beside it, the page has words for minutes and seconds
   too (components/minutes.html). */
(() => {
  "use strict";
  const twoDigits = (number) => String(number).padStart(2, "0");
  const told = (seconds, shown) => {
    const minutes = Math.floor(seconds / 60);
    const [name, many, rest] = minutes >= 60 ? ["hours", Math.floor(minutes / 60), minutes % 60] : ["minutes", minutes, seconds % 60];
    const words = shown.closest(`[data-${name}]`)?.dataset[name];
    if (words) return words.replace("##", twoDigits(rest)).replace("#", many);
    const clock = `${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
    return minutes >= 60 ? `${Math.floor(minutes / 60)}:${clock}` : clock.replace(/^0/, "");
  };
  const tick = () => {
    for (const shown of document.querySelectorAll("[data-since]")) {
      const end = shown.dataset.until ? Date.parse(shown.dataset.until) : Date.now();
      const seconds = Math.max(0, Math.floor((end - Date.parse(shown.dataset.since)) / 1000));
      const words = told(seconds, shown);
      if (shown.textContent !== words) shown.textContent = words;
    }
  };
  for (const name of ["oobAfterSwap", "afterSettle"]) document.addEventListener(`htmx:${name}`, tick);
  tick();
  window.setInterval(tick, 1000);
})();
