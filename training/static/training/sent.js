/* A lesson fetches this when all that waited on the phone is sent, and once more where what comes then did not come. What was said
   of waiting goes; the reasons come where the answer still stands as it was sent, and where another one stands by then she is told
   which of them counts; a lesson that was finished leads on. Nobody is taken away from where she reads. */
(() => {
  "use strict";
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
    if (recorded === asText(Outbox.responseOf(form, check), check)) put(fresh, section);
    else if (recorded === asText(form.sent, check)) tell(form, note, "other-answer", "is-told");
  };

  /* What was not taken, or is asked anew by now, is still to be finished. */
  const lead = async (form) => {
    const [fresh, page] = await fetched(location.pathname, (all) => all.querySelector("form[data-next]"));
    if (fresh.querySelector("[type=submit]")) return;
    put(fresh, form);
    const [old, counts] = [document, page].map((one) => one.querySelector(".where .tiny"));
    if (counts) old?.replaceWith(counts);
  };

  for (const note of document.querySelectorAll("main .outbox-note:not(.is-told)")) {
    const form = note.parentElement;
    const [act, missed] = form.matches("[data-check]") ? [explain, "no-reasons"] : [lead, "no-way-on"];
    if (note.contains(document.activeElement)) form.querySelector("[type=submit]").focus({ preventScroll: true });
    note.remove();
    act(form, note).catch(() => tell(form, note, missed));
  }
  document.currentScript.remove();
})();
