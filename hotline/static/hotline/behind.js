/* What is done on the page is newer than a poll that was on its way meanwhile: that answer is dropped, the next poll brings
   what is now. */
(() => {
  "use strict";
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const ask = document.getElementById("live-ask");
    if (ask && event.detail.requestConfig.elt !== ask) htmx.trigger(ask, "htmx:abort");
  });
})();
