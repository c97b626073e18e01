/* The keys of a call back: each button that bears a letter is pressed by it, but while somebody types. */
(() => {
  "use strict";
  const { keyOf, asksFirst } = window.deskKeys;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.matches && event.target.matches("input,textarea,select")) return;
    const button = document.querySelector(`[data-key="${CSS.escape(keyOf(event))}"]`);
    if (!button) return;
    event.preventDefault();
    if (!asksFirst(button)) button.click();
  });
})();
