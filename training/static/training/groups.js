/* The code on the board: sent as the form would send it; without a network the outbox keeps it until there is one. */
(() => {
  "use strict";
  const main = document.querySelector("main[data-page=groups]");
  if (!main || !window.Outbox || !Outbox.usable) return;
  const { who, send } = main.dataset;
  let line = null;
  const box = Outbox.open(who, send).then((opened) => {
    Outbox.own(who);
    line = Outbox.line(opened);
    opened.send();
    return opened;
  }).catch(() => null);

  const say = (form, words, role) => {
    const told = form.querySelector(".outbox-note") || form.appendChild(document.createElement("p"));
    told.className = "outbox-note small";
    told.setAttribute("role", role);
    told.textContent = words;
  };

  const keep = async (form) => {
    const { session, minutes, version, waits } = form.dataset;
    const opened = await box;
    if (!opened) return form.submit();
    try {
      await opened.put("attended", "", version, { session, minutes: Number(minutes), how: "phone", code: form.elements.code.value });
    } catch {
      return line.fail();
    }
    say(form, waits, "status");
    return opened.soon();
  };

  /* An answer that leads on is a yes; else the page that came back says what is wrong. */
  main.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-attend]")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" }).catch(() => null);
    if (!answer) await keep(form);
    else if (answer.type === "opaqueredirect") location.assign(location.pathname);
    else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fault = page.getElementById("fault");
      if (fault) say(form, fault.textContent.trim(), "alert");
      else form.submit();
    }
    button.removeAttribute("aria-disabled");
  });
})();
