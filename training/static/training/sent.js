/* A lesson fetches this when all that waited on the phone is sent: what was said of waiting goes, and the reasons come where the
   answer still stands as it was sent. They take nobody away from where she reads, and are asked for again if they do not come. */
(() => {
  "use strict";
  const responseOf = (form) => {
    const { check } = form.dataset;
    const response = Outbox.responseOf(form, check);
    return `${["match", "multiple"].includes(check) ? response?.sort() : response}`; /* these may be shown in another order */
  };

  const explain = async (form) => {
    const section = form.closest("[data-screen]");
    const answer = await fetch(`${location.pathname}?screen=${section.dataset.screen}`);
    if (!answer.ok) throw answer;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(section.id);
    const again = fresh?.querySelector("form[data-check]");
    if (!again || responseOf(again) !== responseOf(form)) return;
    const isHere = section.contains(document.activeElement);
    section.replaceWith(fresh);
    const told = isHere && fresh.querySelector("[role=status]");
    if (!told) return;
    told.tabIndex = -1;
    told.focus({ preventScroll: true });
  };

  for (const note of document.querySelectorAll("main .outbox-note")) {
    const form = note.parentElement;
    note.remove();
    if (form.matches("[data-check]")) explain(form).catch(() => form.append(note));
  }
})();
