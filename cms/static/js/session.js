/* When the session is over the page stays, with all that is typed, and leads to sign-in in another tab.
   A plain form first asks whether the person is still signed in, and is then sent as ever. Forms sent in the background
   (hx-post, hx-boost) learn it from their answer. What is typed stays in the page alone: nothing is kept in the browser.
   The body hears "signed-out" and "signed-in", a button whose form was held back hears "not-sent", and who wants to
   know sends "ask-signed-in" to the body: editor-session.js does so in Wagtail's editor. */
(() => {
  "use strict";
  const line = document.getElementById("signed-out");
  if (!line) return;
  const PATIENCE = 10000;
  const MOMENT = 700;
  const BACKGROUND = "[hx-post],[hx-boost=true],[hx-boost=true] *";
  const isEditor = document.body.id === "wagtail";
  let shown = "";

  const show = (what, address) => {
    if (address) {
      const url = new URL(address, window.location.href);
      const contact = document.querySelector("[data-contact]");
      if (contact) url.searchParams.set("next", `${window.location.pathname}?contact=${contact.dataset.contact}`);
      line.querySelector("a").href = url.href;
    }
    for (const part of line.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(what);
    const isNew = shown !== what;
    shown = what;
    line.hidden = false;
    if (isNew && what !== "away") document.body.dispatchEvent(new CustomEvent("signed-out"));
  };
  const hide = () => {
    shown = "";
    line.hidden = true;
  };

  /* Ask who is signed in. Signing in makes a new form token, so the forms get the one that comes with the answer. */
  const isStillHere = async ({ isSending = false } = {}) => {
    const patience = new AbortController();
    window.setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    try {
      answer = await fetch(line.dataset.ask, {
        cache: "no-store", credentials: "same-origin", signal: patience.signal,
        headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      });
    } catch {
      show("away");
      return false;
    }
    if (answer.status === 401) show("out", answer.headers.get("HX-Redirect"));
    else if (!answer.ok) show("away");
    if (!answer.ok) return false;
    const now = await answer.json();
    if (now.person !== line.dataset.person) {
      show("other");
      return false;
    }
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.token;
    const wasOut = shown !== "";
    hide();
    document.body.dispatchEvent(new CustomEvent("signed-in", { detail: { token: now.token, wasOut, isSending } }));
    return true;
  };
  const tryAgain = () => { if (shown && !document.hidden) isStillHere(); };

  /* One click, one act: a second one on the same form is dropped until the first was answered. A file that comes leaves
     the page as it is, and no script hears of it: there only the same button waits, and no longer than a double click
     takes. Whoever presses again after that wants the file again, or one of what she chose meanwhile. */
  let passes = null;
  const sent = new WeakMap(); /* of each form what was sent of it, by the address of a file, and the timer that lets it go */
  const release = (form, act) => {
    window.clearTimeout(sent.get(form)?.get(act));
    sent.get(form)?.delete(act);
  };
  const hold = (form, act, time) => {
    release(form, act);
    if (!sent.has(form)) sent.set(form, new Map());
    sent.get(form).set(act, window.setTimeout(release, time, form, act));
  };
  const actOf = (form, button) => ("file" in form.dataset ? button?.formAction || form.action : "");
  /* Wagtail's buttons switch themselves off when pressed, and the name of a button that is off is not sent. A form that
     a script of the page takes over is not answered with a page: it may be sent again at once. */
  const send = (form, button) => {
    const isOff = Boolean(button?.disabled);
    if (isOff) button.disabled = false;
    passes = { form, event: null };
    form.requestSubmit(button);
    if (passes.event?.defaultPrevented) release(form, actOf(form, button));
    else if ("file" in form.dataset) hold(form, actOf(form, button), MOMENT);
    passes = null;
    if (isOff) button.disabled = true;
  };
  const sendIfHere = async (form, button) => {
    if (await isStillHere({ isSending: true })) {
      send(form, button);
      return;
    }
    release(form, actOf(form, button));
    button?.dispatchEvent(new CustomEvent("not-sent", { bubbles: true }));
  };
  /* The second press of a double click is known as such, however late a slow machine comes to it. */
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form[data-file] button")) event.preventDefault();
  }, true);
  /* htmx meets what it put into the page a moment later, and calls it "added" till then; what is pressed or sent before would
     go as a page of its own, and be lost where no network is. What it has met is left alone: met anew while its answer is under
     way, it would take a second click for a first. */
  const met = new WeakSet();
  document.body.addEventListener("htmx:afterProcessNode", (event) => met.add(event.target));
  const meet = (part) => { if (part?.closest(".htmx-added") && !met.has(part)) window.htmx.process(part); };
  document.addEventListener("click", (event) => meet(event.target.closest?.("[hx-post],[hx-get]")), true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(BACKGROUND)) meet(form);
    if (form === passes?.form) {
      passes.event = event;
      return;
    }
    if (form.matches("[hx-post],[method=dialog]") || (isEditor && form.method !== "post")) return;
    const isPlain = form.method === "post" && "requestSubmit" in form && !form.matches(BACKGROUND);
    const act = actOf(form, event.submitter);
    const isSecond = sent.get(form)?.has(act);
    if (isSecond || isPlain) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (isSecond) return;
    hold(form, act, isPlain ? PATIENCE : 4000);
    if (isPlain) sendIfHere(form, event.submitter);
  }, true);

  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 403) isStillHere();
    if (xhr.status !== 401) return;
    event.preventDefault();
    show("out", xhr.getResponseHeader("HX-Redirect"));
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) sent.delete(event.detail.elt);
    else if (shown !== "other") tryAgain();
  });
  document.body.addEventListener("ask-signed-in", () => isStillHere());
  window.addEventListener("focus", tryAgain);
  document.addEventListener("visibilitychange", tryAgain);
})();
