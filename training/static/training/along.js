/* An open test: what is ticked goes to the server before the page changes its language, as "Keep my answers" does. */
(() => {
  "use strict";
  const form = document.querySelector("main[data-page=test] form.questions");
  if (!form) return;
  let changed = false;
  form.addEventListener("change", () => { changed = true; });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='/languages/'], a[hreflang]");
    if (!link || !changed || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const body = new FormData(form);
    body.set("keep", "1");
    const go = () => location.assign(link.href);
    fetch(location.href, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(8000) }).then(go, go);
  });
})();
