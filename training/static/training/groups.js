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

  /* The same code for the same session waits once, however often she taps: each event sent would be one of her tries. */
  const isKept = async (opened, session, code) => (await opened.read("outbox")).some(
    ({ sent }) => sent.verb === "attended" && sent.payload.session === session && sent.payload.code === code,
  );

  const keep = async (form) => {
    const { session, minutes, version, waits } = form.dataset;
    const code = form.elements.code.value;
    const opened = await box;
    if (!opened) return form.submit();
    try {
      if (!await isKept(opened, session, code)) await opened.put("attended", "", version, { session, minutes: Number(minutes), how: "phone", code });
    } catch {
      return line.fail();
    }
    say(form, waits, "status");
    return opened.soon();
  };

  /* Return what a page that came back says is wrong; nothing when it is no page of ours, as of a failing server or gateway. */
  const faultIn = async (answer) => {
    if (answer.status >= 500) return "";
    const page = new DOMParser().parseFromString(await answer.text().catch(() => ""), "text/html");
    return page.getElementById("fault")?.textContent.trim() || "";
  };

  /* An answer that leads on is a yes; a fault is told; whatever else came back, the code is kept and sent later. */
  main.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-attend]")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" }).catch(() => null);
    const fault = answer && answer.type !== "opaqueredirect" ? await faultIn(answer) : "";
    if (answer?.type === "opaqueredirect") location.assign(location.pathname);
    else if (fault) say(form, fault, "alert");
    else await keep(form);
    button.removeAttribute("aria-disabled");
  });
})();
