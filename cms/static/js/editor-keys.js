/* Tab leaves a text of the editor from inside a list too. The editor itself would move the item in by one step at each press:
   who works without a mouse could not go on, and changed the lesson without a word (WCAG 2.1.2, no keyboard trap). */
window.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest?.(".Draftail-Editor [contenteditable=true]")) event.stopImmediatePropagation();
}, true);
