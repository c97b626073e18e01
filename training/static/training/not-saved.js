// What was typed stands on this page alone: who leaves it otherwise than by one of its buttons is asked first.
"use strict";
(() => {
  let isSent = false;
  document.addEventListener("submit", (event) => { if (event.target.elements.seen) isSent = true; });
  window.addEventListener("pageshow", () => { isSent = false; });
  window.addEventListener("beforeunload", (event) => { if (!isSent) event.preventDefault(); });
})();
