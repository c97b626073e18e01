/* An answer begun on the sheet (ticked, typed, chosen) is kept before anything that leaves its question or takes what the
   sheet says: another question, another language, a case, the end of the contact. What was pressed goes on once it is kept;
   where it is refused, or a colleague answered otherwise, that is seen first. Where no answer is taken at all, the page says
   so, and what is pressed once more goes on without it. */
window.begunAnswer = (() => {
  "use strict";
  const differs = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((one) => one.defaultSelected && !one.selected) || (field.selectedIndex > 0 && ![...field.options].some((one) => one.defaultSelected));
    return field.type !== "hidden" && field.value !== field.defaultValue;
  };
  const isRefused = (field) => field.getAttribute("aria-invalid") === "true";
  const isBegun = (field) => !field.disabled && (differs(field) || isRefused(field)) && (field.type === "checkbox" || field.value.trim() !== "");
  const begun = () => {
    const form = document.querySelector("#sheet form[hx-sync]");
    return form && [...form.querySelectorAll("[name=answer]:not(button)")].some(isBegun) ? form : null;
  };
  const questionOf = (link) => new URL(link.getAttribute("hx-get"), document.baseURI).searchParams.get("q");
  const isToSheet = (part) => part.matches("a[hx-get][hx-target='#sheet']");
  const isPlainLink = (part) => part.matches("a") && !part.hasAttribute("hx-get") && part.target !== "_blank" && !part.getAttribute("href").startsWith("#");
  const isPlainButton = (part) => part.type === "submit" && part.form && !part.form.hasAttribute("hx-post") && part.form.method !== "dialog";
  const LEAVES = "#act-leave,#act-leave-to";  // the call: the sheet is a colleague's then
  const leads = (part) => isToSheet(part) || isPlainLink(part) || isPlainButton(part) || part.matches(LEAVES);
  const passes = (part, form) => part.form === form || part.closest("#note-form,#thread") || ["keep-mine", "keep-theirs"].includes(part.id);

  /* The sheet is put in anew with the answer: what was chosen beside it is chosen again before its button is pressed again. */
  const line = document.getElementById("leaving");
  let waits = null;
  let pressed = null;
  let refused = null;
  const nameOf = (part) => part.id || part;
  const chosenBeside = (part) => (part.form ? [...part.form.querySelectorAll("select")].map((list) => [list.id, list.value]) : []);
  document.addEventListener("click", (event) => {
    const part = event.target.closest ? event.target.closest("a[href],button,input[type=submit]") : null;
    const form = part && leads(part) && !event.ctrlKey && !event.metaKey && !event.shiftKey ? begun() : null;
    if (!form || passes(part, form) || refused === nameOf(part)) {
      if (form) waits = null;  // she answered otherwise: what was pressed before waits no more
      return;
    }
    pressed = nameOf(part);
    event.preventDefault();
    event.stopImmediatePropagation();
    const question = document.getElementById("sheet-question").value;
    form.elements.then.value = part.id === "question-after" ? "" : isToSheet(part) ? questionOf(part) : question;  // down: what the answer opens
    const isOnItsWay = form.classList.contains("htmx-request");
    waits = isToSheet(part) && !isOnItsWay ? null : { part, id: part.id, chosen: chosenBeside(part) };
    form.requestSubmit();
  }, true);

  const goOn = () => {
    const going = waits;
    waits = null;
    const isKept = document.getElementById("sheet-question") && !begun() && !document.querySelector("#answer-error,#keep-mine,#sheet-in-hand");
    if (!going || !isKept) return;
    const part = going.part.isConnected ? going.part : document.getElementById(going.id);
    for (const [id, value] of going.chosen) {
      const list = document.getElementById(id);
      if (list) list.value = value;
    }
    if (part) part.click();
  };
  document.addEventListener("input", (event) => {
    if (!refused || !event.target.closest("#sheet")) return;
    refused = null;  // she answers anew: that is tried again
    line.hidden = true;
  });
  const isAnswer = (event) => Boolean(event.detail.pathInfo) && event.detail.pathInfo.requestPath.endsWith("/answer/");
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isAnswer(event)) return;
    const { successful, xhr } = event.detail;
    if (!successful && (xhr.status < 400 || xhr.status >= 500)) return;  // it is sent again
    if (successful && waits) window.setTimeout(goOn, 60);
    if (!successful) waits = null;
    if (refused) line.hidden = true;
    refused = successful || xhr.status === 401 ? null : pressed;
    pressed = null;
    if (refused) line.hidden = false;
  });
  return { differs, isPlainLink, isPlainButton };
})();
