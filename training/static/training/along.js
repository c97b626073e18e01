/* What is ticked or written and not sent yet goes along when the language is changed, and stays when the page is loaded again or
   a telephone short of memory dropped it: in a lesson's questions, in an open test and in a kept lesson. It waits in this window
   alone. A test's address is one person's; elsewhere it is given back to who was signed in, however she comes, and anybody else
   leaves it as it is and sees nothing of it. Where nobody is signed in, whoever comes by a link finds nothing, lest it be somebody
   else's. For the same reason the browser itself keeps nothing of such a form for Back. It goes with Leave, with her sign-out, and
   with anybody's that leaves nothing else of her on the phone: ticks alone keep nothing there, unlike work that waits.

   A form that was touched shows no verdict: those were on another answer. They come back where she chooses again what is recorded,
   unless another answer was sent since. Where she chooses again what was sent last, nothing is left to send (lesson.js). */
(() => {
  "use strict";
  const NAME = "along";
  const LONGEST = 1800000;
  const FORMS = "form[data-check], form[data-kept-check], main[data-page=test] form.questions";
  const main = document.querySelector("main");
  if (main.dataset.isCarried) return; /* asked for twice, by two ticks */
  main.dataset.isCarried = "";
  delete main.dataset.along;
  const page = location.pathname.replace(/^\/[a-z-]+\//, "/");
  const isTest = main.dataset.page === "test";
  const who = main.dataset.who || "";
  const isNamed = who && !("kept" in main.dataset); /* a kept page knows whose the phone is, not who holds it */
  const placeOf = (form) => form.closest("[data-screen]")?.id || "test";
  /* What the form showed goes along too: an answer that was kept elsewhere meanwhile is not taken out by its blank. */
  const isCarried = ({ name, type }) => name && (name === "shown" || !["hidden", "submit"].includes(type));
  const fieldsOf = (form) => [...form.elements].filter(isCarried);

  /* As the server wrote it: an answer that is recorded, or none. */
  const isAsWritten = (one) => {
    if (one.type === "radio" || one.type === "checkbox") return one.checked === one.defaultChecked;
    if (one.options) return one.selectedIndex === Math.max(0, [...one.options].findIndex((option) => option.defaultSelected));
    return one.value === one.defaultValue;
  };

  /* "same": as the page knows it, in a kept lesson as it was sent last; "before": so too, but something was sent since (sent.js). */
  const touch = (form) => {
    const isSame = form.isSent ? form.isSent() : form.matches("[data-check]") && fieldsOf(form).every(isAsWritten);
    form.dataset.touched = !isSame ? "" : "sent" in form ? "before" : "same";
    form.autocomplete = "off";
  };

  const put = (form, written) => {
    for (const one of fieldsOf(form)) {
      const values = written.filter(([name]) => name === one.name).map(([, value]) => value);
      if (one.type === "radio" || one.type === "checkbox") one.checked = values.includes(one.value);
      else if (values.length) [one.value] = values;
    }
    touch(form);
  };

  const isAgain = () => document.wasDiscarded || performance.getEntriesByType("navigation")[0]?.type !== "navigate";

  /* A row a person; an earlier script wrote none. */
  const rows = () => {
    try {
      return JSON.parse(sessionStorage.getItem(NAME) || "[]").filter(({ at }) => Date.now() - at <= LONGEST);
    } catch {
      return [];
    }
  };
  const write = (all) => {
    if (all.length) sessionStorage.setItem(NAME, JSON.stringify(all));
    else sessionStorage.removeItem(NAME);
  };
  const isOthers = (one) => one.who && one.who !== who; /* a row of nobody holds until the next one */
  const keep = (...mine) => write([...rows().filter(isOthers), ...mine]);

  const take = () => {
    const all = rows();
    const found = all.find((one) => one.page === page && one.who === who);
    write(all.filter((one) => one.page !== page || isOthers(one)));
    if (!found || !(found.isMeant || isTest || isNamed || isAgain())) return;
    for (const form of main.querySelectorAll(FORMS)) if (found.forms[placeOf(form)]) put(form, found.forms[placeOf(form)]);
  };

  main.addEventListener("input", ({ target }) => {
    const form = target.closest(FORMS);
    if (form?.dataset.touched === "sent") keep();
    else if (form) touch(form);
  });
  main.addEventListener("submit", ({ target, submitter }) => {
    if (submitter?.name === "again") return; /* asks for reasons, sends nothing */
    if (target.matches("[data-check]")) target.dataset.touched = "sent"; /* its verdicts come with its reasons */
    else delete target.dataset.touched;
    keep();
  });

  const store = (isMeant) => {
    const left = [...main.querySelectorAll(FORMS)].filter(({ dataset }) => "touched" in dataset && dataset.touched !== "sent");
    if (!left.length || !main.isConnected) return; /* blank: whoever pressed Leave left nothing */
    const written = (form) => fieldsOf(form).filter((one) => one.checked || !["radio", "checkbox"].includes(one.type)).map((one) => [one.name, one.value]);
    const forms = Object.fromEntries(left.map((form) => [placeOf(form), written(form)]));
    keep({ page, who, at: Date.now(), isMeant, forms });
  };

  let isMeant = false;
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("a[href*='/languages/'], a[hreflang], [data-part=tongues] a")) return;
    isMeant = true;
    store(isMeant);
  });
  document.addEventListener("visibilitychange", () => document.hidden && store(isMeant));
  addEventListener("pageshow", ({ persisted }) => {
    isMeant = false;
    if (persisted && who && localStorage.getItem("fanal-who") !== who) location.reload(); /* who wrote here has signed out */
  });
  for (const form of main.querySelectorAll(FORMS)) if (!["sent", undefined].includes(form.dataset.touched)) touch(form);
  take();
})();
