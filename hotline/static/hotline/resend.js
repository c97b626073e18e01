/* An answer that did not get through is sent again until it is kept. It is remembered in this window only, and the sheet
   stays where it is meanwhile. The same answer twice is one. */
(() => {
  "use strict";
  const line = document.getElementById("answer-waits");
  if (!line) return;
  const AGAIN = 2500;
  let waiting = null;
  let timer = 0;
  const isAnswer = (event) => Boolean(event.detail.pathInfo && event.detail.pathInfo.requestPath.endsWith("/answer/"));
  const settle = () => {
    waiting = null;
    line.hidden = true;
    window.clearTimeout(timer);
  };
  const again = () => {
    if (!waiting) return;
    const { form, button } = waiting;
    if (!form.isConnected) settle();
    else form.requestSubmit(button && button.isConnected ? button : undefined);
  };
  /* Of a form's buttons the pressed one alone is an answer. htmx takes for it whichever the keyboard stands on, and knows none
     once it stands elsewhere or the form was met anew: sent again, the answer would be none, another one, or two. A browser that
     does not tell which was pressed leaves it to htmx. */
  const isButton = (part) => part.type === "submit" && part.name;
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { elt: form, formData, triggeringEvent } = event.detail;
    if (!form.matches("form") || !triggeringEvent || !("submitter" in triggeringEvent)) return;
    const given = new FormData(form);
    for (const name of new Set([...form.elements].filter(isButton).map((part) => part.name))) {
      formData.delete(name);
      for (const value of given.getAll(name)) formData.append(name, value);
    }
    const { submitter } = triggeringEvent;
    if (submitter && submitter.name) formData.append(submitter.name, submitter.value);
  });
  const lost = (event) => {
    if (!isAnswer(event)) return;
    const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    waiting = { form: event.detail.elt, button: cause && cause.submitter };
    line.hidden = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(again, AGAIN);
  };
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) lost(event);
    else if (isAnswer(event)) settle();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (isAnswer(event) && event.detail.successful) settle(); });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (waiting && event.detail.target.id === "sheet" && !isAnswer(event)) event.detail.shouldSwap = false;
  });
  window.addEventListener("online", again);
})();
