/* A test that is sent while nothing answers stays on the screen with what is ticked: a browser's own page of no network would
   take its place, and the way back leads past it. Any answer lets the form go as ever, also that nobody is signed in any more. */
(() => {
  "use strict";
  const form = document.querySelector("main[data-page=test] form.questions");
  const told = document.getElementById("not-sent");
  if (!form?.requestSubmit || !told) return;
  const PATIENCE = 10000;
  let isAsking = false;
  let isSent = false;

  const isAnswered = async () => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return (await fetch(told.dataset.ask, { cache: "no-store", credentials: "same-origin", signal: patience.signal })).status < 500;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };

  /* Beside the button that was pressed, and read out anew each time. */
  const say = (button) => {
    const place = button?.closest("form > *") || form.lastElementChild;
    place.before(told);
    told.hidden = false;
    told.focus();
  };

  form.addEventListener("submit", async (event) => {
    if (isSent) return;
    event.preventDefault();
    event.stopPropagation(); /* what goes along into another language is still unsent: along.js */
    if (isAsking) return;
    isAsking = true;
    told.hidden = true;
    const button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    isSent = await isAnswered();
    button?.removeAttribute("aria-disabled");
    isAsking = false;
    if (!isSent) return say(button);
    form.requestSubmit(button);
    isSent = false;
  });
})();
