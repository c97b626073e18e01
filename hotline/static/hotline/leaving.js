/* Nothing typed is lost: whatever leaves the sheet while words in it are not kept says so first, and goes on when it is
   done once more. Words that are just being saved are waited for. A closed window is asked about by the browser. */
(() => {
  "use strict";
  const line = document.getElementById("leaving");
  if (!line) return;
  const FIELDS = "#note-form textarea,#thread textarea";
  const SOONEST = 700;
  let isSaving = false;
  let waits = null;
  let asked = null;
  let isLeaving = false;

  const isUnkept = (field) => field.value !== field.defaultValue || (field.form.hasAttribute("data-refused") && field.value !== "");
  const unkept = () => [...document.querySelectorAll(FIELDS)].find(isUnkept);
  const nameOf = (part) => part.id || part;

  const say = (part, field) => {
    asked = { name: nameOf(part), since: Date.now() };
    line.hidden = false;
    field.scrollIntoView({ block: "center" });
  };
  const forget = () => {
    asked = null;
    line.hidden = true;
  };

  const { isPlainLink, isPlainButton } = window.begunAnswer;
  const leads = (part) => !part.closest("#note-form") && (isPlainLink(part) || isPlainButton(part));

  document.addEventListener("click", (event) => {
    const part = event.target.closest("a[href],button,input[type=submit]");
    if (!part || !leads(part) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const field = unkept();
    if (!field) return;
    if (asked && asked.name === nameOf(part) && Date.now() - asked.since >= SOONEST) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isSaving) waits = part;
    else if (!asked || asked.name !== nameOf(part)) say(part, field);
  }, true);

  /* After a note was sent: go on where somebody wanted to go, or say that it was not kept. */
  const goOn = () => {
    const part = waits && (waits.isConnected ? waits : document.getElementById(waits.id));
    const field = unkept();
    waits = null;
    if (!field) forget();
    if (!part) return;
    if (field) say(part, field);
    else part.click();
  };
  const isOfNote = (event) => event.detail.pathInfo && event.detail.pathInfo.requestPath.endsWith("/note/");
  document.body.addEventListener("htmx:beforeRequest", (event) => { if (isOfNote(event)) isSaving = true; });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!isOfNote(event)) return;
    isSaving = false;
    window.setTimeout(goOn, 60);
  });
  document.addEventListener("input", (event) => { if (event.target.matches(FIELDS)) forget(); });

  /* A text that the server took is kept: its field is emptied, and what is written next is another sending. Where no
     answer says so the page says that nobody knows; an answer that refuses the press says that nothing was sent. */
  const isOfText = (event) => event.detail.elt.id === "text-form";
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const empty = ({ text, ready, click }) => {
    if (text) text.value = text.defaultValue = "";
    ready.value = "";
    click.value = newKey();
  };
  const REFUSED = [403, 404, 410];
  const tell = (shown) => (event) => {
    if (!isOfText(event)) return;
    for (const id of ["text-unknown", "text-unsent"]) document.getElementById(id).hidden = id !== shown;
  };
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (isOfText(event) && xhr.status === 200 && xhr.getResponseHeader("HX-Redirect")) empty(elt.elements);
  });
  document.body.addEventListener("htmx:beforeRequest", tell(""));
  for (const name of ["sendError", "timeout"]) document.body.addEventListener(`htmx:${name}`, tell("text-unknown"));
  document.body.addEventListener("htmx:responseError", (event) => {
    tell(REFUSED.includes(event.detail.xhr.status) ? "text-unsent" : "text-unknown")(event);
  });

  window.addEventListener("beforeunload", (event) => { if (!isLeaving && unkept()) event.preventDefault(); });
})();
