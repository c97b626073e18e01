/* What is done on the page is newer than a poll that was on its way meanwhile: that answer is dropped, the next poll brings
   what is now. Dropped once what was done stands on the page: a poll that waited behind it leaves at once, and asks for what
   it reads there. */
(() => {
  "use strict";
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const ask = document.getElementById("live-ask");
    if (ask && event.detail.requestConfig.elt !== ask) htmx.trigger(ask, "htmx:abort");
  });
})();
