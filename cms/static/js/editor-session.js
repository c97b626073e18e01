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

  /* The form bears the revision it was opened with, then the one it last kept by itself: so the server can tell it from
     what another window saved. A button pressed meanwhile waits for the answer, and nothing more is kept once it went. */
  const plainFetch = window.fetch;
  let keeping = null, isLeaving = false;
  const remember = (form, { success, revision_id: id, revision_created_at: at }) => {
    if (!success || !id) return;
    for (const [name, value] of [["loaded_revision_id", id], ["loaded_revision_created_at", at]]) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
  };
  window.fetch = (address, options) => {
    const form = document.querySelector("[data-edit-form][data-controller~=w-autosave]");
    if (!form || address !== form.action || !(options?.body instanceof FormData)) return plainFetch(address, options);
    if (isLeaving) return Promise.reject(new TypeError("The form itself is on its way."));
    const answered = plainFetch(address, options).then(async (answer) => {
      remember(form, await answer.clone().json().catch(() => ({})));
      return answer;
    });
    keeping = answered.catch(() => {}).finally(() => { keeping = null; });
    return answered;
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-edit-form]")) return;
    if (keeping) {
      event.preventDefault();
      keeping.then(() => event.target.requestSubmit(event.submitter));
      return;
    }
    isLeaving = true;
    window.setTimeout(() => { isLeaving = false; }, 15000);
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });

  /* The parts of the editor: lists of others who edit, choosers, and forms in a window of their own. */
  document.addEventListener("w-swap:error", (event) => {
    if ([401, 403].includes(event.detail?.error?.status)) ask();
  });
  window.jQuery?.(document).on("ajaxError", (_event, xhr) => { if ([401, 403].includes(xhr.status)) ask(); });
})();
