/* A lesson fetches this when all that waited on the phone is sent, and once more where what comes then did not come. What was said
   of waiting goes; the reasons come where the answer still stands as it was sent or nothing else was chosen, and where another one
   stands by then she is told which of them counts; a lesson that was finished leads on. Nobody is taken away from where she reads.

   Whoever opens a lesson while something of it waits gets this at once: an answer that waits stands in its question again, what
   waits is told where she did it, as on a page that stayed open, and only then sent. */
(() => {
  "use strict";
  const main = document.querySelector("main");
  const words = (part) => document.querySelector(`template[data-part=${part}]`).content.cloneNode(true);
  const tell = (form, note, part, more = "") => {
    note.className = `outbox-note small ${more}`;
    note.replaceChildren(words(part));
    form.append(note);
  };

  const fetched = async (address, find) => {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !find(page)) throw answer;
    return [find(page), page];
  };

  const put = (fresh, old) => {
    const isHere = old.contains(document.activeElement);
    old.replaceWith(fresh);
    const told = isHere && fresh.querySelector("[role=status]");
    if (!told) return;
    told.tabIndex = -1;
    told.focus({ preventScroll: true });
  };

  /* Some may be shown in another order. */
  const asText = (response, check) => `${["match", "multiple"].includes(check) && response ? [...response].sort() : response}`;

  /* What the server did not take is told by the line above. */
  const explain = async (form, note) => {
    const section = form.closest("[data-screen]");
    const { check } = form.dataset;
    const [fresh] = await fetched(`${location.pathname}?screen=${section.dataset.screen}`, (page) => page.getElementById(section.id));
    const again = fresh.querySelector("form[data-check]");
    if (!again?.querySelector("[role=status]")) return;
    const recorded = asText(Outbox.responseOf(again, check), check);
    const stands = Outbox.responseOf(form, check);
    const isBlank = !stands && form.dataset.touched !== "";
    if (isBlank || recorded === asText(stands, check)) put(fresh, section);
    else if (recorded === asText(form.sent, check)) tell(form, note, "other-answer", "is-told");
    else delete form.sent;
  };

  /* What was not taken, or is asked anew by now, is still to be finished. */
  const lead = async (form) => {
    const [fresh, page] = await fetched(location.pathname, (all) => all.querySelector("form[data-next]"));
    if (fresh.querySelector("[type=submit]")) return;
    put(fresh, form);
    const [old, counts] = [document, page].map((one) => one.querySelector(".where .tiny"));
    if (counts) old?.replaceWith(counts);
  };

  /* The way back from Outbox.responseOf. */
  const fill = (form, response) => {
    const all = [response].flat();
    const values = new Map(all.map((one, place) => (Array.isArray(one) ? one : [one, `${place + 1}`])));
    for (const one of form.querySelectorAll("input[name$=r], select[name*='r-']")) {
      if (one.options) one.value = values.get(one.name.split("r-").pop()) ?? "";
      else if (one.type === "radio" || one.type === "checkbox") one.checked = all.includes(one.value);
      else one.value = response;
    }
    form.autocomplete = "off";
  };

  /* What waits stands in its question as if it had just been sent; what she chose since and did not send is left (along.js). It is
     read off a copy, in the order of this page: by that lesson.js knows it when she chooses it again. */
  const stand = (form, response) => {
    const { check, touched = "sent" } = form.dataset;
    const copy = form.cloneNode(true);
    fill(copy, response);
    form.sent = Outbox.responseOf(copy, check) || response;
    if (touched === "sent") fill(form, response);
    form.dataset.touched = touched === "same" ? "before" : touched;
  };

  /* Later answers from here are later turns. */
  const formOf = ({ key, sent: { verb, activity, payload } }) => {
    if (activity !== main.dataset.lesson) return null;
    const form = verb === "answered" ? document.getElementById(`s-${payload.item}`)?.querySelector("form[data-check]")
      : payload.screen === "end" && main.querySelector("form[data-next]");
    if (!form) return null;
    Object.assign(form.dataset, verb === "answered" ? { turn: payload.turn + 1 } : { key });
    if (verb === "answered") stand(form, payload.response);
    return form;
  };

  const cameBack = async (opened, wait) => {
    const forms = [...new Set((await opened.read("outbox")).map(formOf).filter(Boolean))];
    const line = document.querySelector("[data-outbox]");
    const { answer, read, ended } = JSON.parse(line.dataset.outbox);
    const say = () => Promise.all(forms.map((form) => (form.matches("[data-check]") ? wait(form, answer) : wait(form, ended, `${read}.`))));
    if (forms.length) line.dataset.always = "";
    await say();
    if (await opened.send()) await say(); /* now with why it waits */
  };

  const arrived = () => {
    for (const note of main.querySelectorAll(".outbox-note:not(.is-told)")) {
      const form = note.parentElement;
      const [act, missed] = form.matches("[data-check]") ? [explain, "no-reasons"] : [lead, "no-way-on"];
      if (note.contains(document.activeElement)) form.querySelector("[type=submit]")?.focus({ preventScroll: true });
      note.remove();
      act(form, note).catch(() => tell(form, note, missed));
    }
  };

  window.Sent = { asText, fill }; /* for a kept lesson (kept-questions.js) */
  document.currentScript.remove();
  const { back } = main;
  delete main.back;
  if (back) cameBack(...back);
  else arrived();
})();
