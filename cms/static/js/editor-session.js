/* What session.js needs to know of Wagtail's editor: its buttons, its form token, and what it sends in the background. */
(() => {
  "use strict";
  const line = document.getElementById("signed-out");
  if (!line) return;
  const words = line.querySelector("[data-when=out] strong").textContent;
  const ask = () => document.body.dispatchEvent(new CustomEvent("ask-signed-in"));
  let waits = false, hasRetried = false;

  /* A button that was pressed says "Publishing..." and is off: it comes back when nothing was sent. */
  document.addEventListener("not-sent", (event) => {
    if (event.target.dataset.wProgressLoadingValue) event.target.dataset.wProgressLoadingValue = "false";
  });

  /* Autosave learns from its answer that the session is over: its footer then says so, in the editor's language. */
  window.addEventListener("w-autosave:error", (event) => {
    const { detail } = event;
    if (detail.type === "network_error") return;
    if (detail.response?.error_code === "signed_out") detail.text = words;
    else if (detail.response) return;
    waits = true;
    ask();
  }, true);
  window.addEventListener("w-autosave:success", () => { waits = hasRetried = false; }, true);

  /* Signed in again: everything Wagtail sends bears the new token, and what autosave could not keep it tries once more. */
  document.body.addEventListener("signed-in", (event) => {
    const { token, wasOut, isSending } = event.detail;
    window.wagtailConfig.CSRF_TOKEN = token;
    if (!waits || isSending || (hasRetried && !wasOut)) return;
    waits = false;
    hasRetried = true;
    const form = document.querySelector("[data-edit-form][data-controller~=w-autosave]");
    form?.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
  });

  /* The parts of the editor: lists of others who edit, choosers, and forms in a window of their own. */
  document.addEventListener("w-swap:error", (event) => {
    if ([401, 403].includes(event.detail?.error?.status)) ask();
  });
  window.jQuery?.(document).on("ajaxError", (_event, xhr) => { if ([401, 403].includes(xhr.status)) ask(); });
})();
