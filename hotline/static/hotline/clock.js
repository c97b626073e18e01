/* Clocks of calls count in the browser, so that waiting alone never asks the server for anything; without it the queue says
   since when somebody waits. From one hour on a wait is told in hours and minutes, in the words of its page (components/hours.html):
   as a clock it would be read as a time of day. In a list that has times of day beside it, it is told so from the first
   minute on. */
(() => {
  "use strict";
  const twoDigits = (number) => String(number).padStart(2, "0");
  const clock = (seconds, shown) => {
    const minutes = Math.floor(seconds / 60);
    const words = shown.closest("[data-hours]")?.dataset.hours;
    if (words && (minutes >= 60 || shown.closest("[data-never-a-clock]"))) return words.replace("##", twoDigits(minutes % 60)).replace("#", Math.floor(minutes / 60));
    const rest = `${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
    return minutes >= 60 ? `${Math.floor(minutes / 60)}:${rest}` : rest.replace(/^0/, "");
  };
  const tick = () => {
    for (const shown of document.querySelectorAll("[data-since]")) {
      const end = shown.dataset.until ? Date.parse(shown.dataset.until) : Date.now();
      const seconds = Math.max(0, Math.floor((end - Date.parse(shown.dataset.since)) / 1000));
      const words = clock(seconds, shown);
      if (shown.textContent !== words) shown.textContent = words;
    }
  };
  for (const name of ["oobAfterSwap", "afterSettle"]) document.addEventListener(`htmx:${name}`, tick);
  tick();
  window.setInterval(tick, 1000);
})();
