/* The choice of a colleague renews itself: the keyboard stays with her on whom it stands, and where she is gone, on the list. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  let wasInside = false;
  document.body.addEventListener("htmx:beforeSwap", () => {
    wasInside = byId("hand-to").contains(document.activeElement);
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    const isLost = wasInside && document.activeElement === document.body;  // she may have gone elsewhere meanwhile
    wasInside = false;
    if (!isLost) return;
    const list = byId("id_person") || byId("hand-to");
    list.tabIndex = -1;
    list.focus();
  });
})();
