/* The board says an alarm aloud once, when it comes, and not each time that its parts are renewed. */
(() => {
  "use strict";
  const SOON = 300;  // a reader of the screen says only what changes once the page stands
  let said = "";
  const tell = () => {
    const board = document.getElementById("board");
    const now = board ? board.dataset.alarm.trim() : "";
    if (now === said) return;
    said = now;
    document.getElementById("board-say").textContent = now;
  };
  document.body.addEventListener("htmx:afterSettle", tell);
  window.setTimeout(tell, SOON);
})();
