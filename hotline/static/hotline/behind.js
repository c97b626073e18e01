/* What is done on the page is newer than a poll that was on its way meanwhile: that answer is dropped, and so is one that
   waited for it to end and leaves at once; the next poll brings what is now. */
(() => {
  "use strict";
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const ask = document.getElementById("live-ask");
    if (!ask || event.detail.requestConfig.elt === ask) return;
    htmx.trigger(ask, "htmx:abort");  // the one on its way: the one that waits begins within this call
    htmx.trigger(ask, "htmx:abort");  // and that one
  });
})();
