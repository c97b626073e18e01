/* Days and moments as the rest of the page writes them: its patterns come with it. */
window.Days = (() => {
  "use strict";
  const dates = JSON.parse(document.querySelector("[data-dates]").dataset.dates);
  const two = (number) => `${number}`.padStart(2, "0");
  const day = (when) => {
    const at = new Date(when);
    return dates.days[at.getMonth()].replace("#d", at.getDate()).replace("#Y", at.getFullYear());
  };
  const moment = (when) => {
    const at = new Date(when);
    return dates.moment.replace("#D", day(when)).replace("#H", two(at.getHours())).replace("#i", two(at.getMinutes()));
  };
  return { day, moment };
})();
