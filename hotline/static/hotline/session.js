/* When the session is over the page stays, with all that is typed, and leads to sign-in and back to this contact.
   Every form on it is sent in the background (hx-boost, hx-post), so that none of them replaces the page by a sign-in. */
(() => {
  "use strict";
  const line = document.getElementById("signed-out");
  if (!line) return;

  /* One click, one act: a second one on the same form is dropped until the first was answered. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[hx-post],[method=dialog]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
  }, true);

  const show = (address) => {
    const url = new URL(address, window.location.href);
    const shown = document.querySelector("[data-contact]");
    if (shown) url.searchParams.set("next", `${window.location.pathname}?contact=${shown.dataset.contact}`);
    line.querySelector("a").href = url.href;
    if (!line.hidden) return;
    line.hidden = false;
    document.body.dispatchEvent(new CustomEvent("signed-out"));
  };

  /* Signing in makes a new form token, so the forms get it as soon as the server knows the person again. */
  const renewTokens = async () => {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
    if (!fresh) return;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh.value;
    line.hidden = true;
  };
  const tryAgain = () => { if (!line.hidden && !document.hidden) renewTokens().catch(() => {}); };

  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 403) renewTokens().catch(() => {});
    if (xhr.status !== 401) return;
    event.preventDefault();
    show(xhr.getResponseHeader("HX-Redirect") || line.querySelector("a").href);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) tryAgain();
    else delete event.detail.elt.dataset.sent;
  });
  window.addEventListener("focus", tryAgain);
  document.addEventListener("visibilitychange", tryAgain);
})();
