/* While somebody in danger waits, the title of the page begins with that, so that a tab in the background says it too.
   Whatever part of the page knows of it bears data-danger-title with the words; nothing bears it when nobody waits. */
(() => {
  "use strict";
  const plain = document.title;
  const show = () => {
    const part = document.querySelector("[data-danger-title]");
    const title = part ? `⚠ ${part.dataset.dangerTitle} · ${plain}` : plain;
    if (document.title !== title) document.title = title;
  };
  document.body.addEventListener("htmx:afterSettle", show);
  document.body.addEventListener("danger-told", show);
  show();
})();
