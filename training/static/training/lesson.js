/* Keeps the place in the address, and notes what was read and answered. */
(() => {
  "use strict";
  const main = document.querySelector("main[data-page=lesson]");
  if (!main) return;
  let here = "";

  const place = (id) => {
    if (id === here) return;
    here = id;
    const query = new URLSearchParams(location.search);
    query.set("screen", id);
    history.replaceState(null, "", `?${query}${location.hash}`);
    for (const link of document.querySelectorAll("[data-switch]")) link.search = `?${query}`;
    for (const link of document.querySelectorAll("a[href*='next=']")) {
      const onward = new URLSearchParams(link.search);
      onward.set("next", `${location.pathname}?${query}`);
      link.search = `?${onward}`;
    }
  };

  const target = document.getElementById(`s-${new URLSearchParams(location.search).get("screen")}`);
  if (target) {
    if (!location.hash) target.scrollIntoView();
    document.getElementById("go-on")?.remove();
  }

  /* What is ticked goes along into another language; what did not come is fetched again. */
  const add = (src, onerror) => document.head.append(Object.assign(document.createElement("script"), { src, onerror }));
  const carry = () => {
    const { along } = main.dataset;
    if (along && (sessionStorage.along || main.querySelector("[data-touched]"))) add(along);
  };
  carry();
  addEventListener("online", carry);
  const held = (form) => Outbox.responseOf(form, form.dataset.check);
  main.addEventListener("input", ({ target: { form } }) => {
    if (!form) return;
    form.autocomplete = "off";
    form.dataset.touched = form.sent && `${held(form)}` === `${form.sent}` ? "sent" : "";
    carry();
  });

  const { lesson, version, send, who, twins, sent } = main.dataset;
  let line;
  const box = !who || !window.Outbox?.usable ? null : Outbox.open(who, send).then(async (opened) => {
    Outbox.own(who);
    line = Outbox.line(opened);
    document.addEventListener("outbox", arrive);
    if (sent && (await opened.read("outbox")).some((one) => one.sent.activity === lesson)) {
      main.back = [opened, wait];
      add(sent, opened.send);
    } else opened.send();
    if (twins) window.caches?.match("/kept").then((kept) => kept && add(twins));
    return opened;
  }).catch(() => null);

  const seen = new Set();
  const note = async (screen) => {
    const opened = await box;
    if (!opened || seen.has(screen)) return;
    seen.add(screen);
    try {
      await opened.put("reached", lesson, version, { screen });
      opened.soon();
    } catch {
      seen.delete(screen);
      line.fail();
    }
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const id = entry.target.dataset.screen;
      if (entry.boundingClientRect.top < innerHeight * 0.6) place(id);
      note(id);
    }
  }, { rootMargin: "-10% 0px -40% 0px" });
  addEventListener("scroll", () => {
    for (const screen of main.querySelectorAll("[data-screen]")) watcher.observe(screen);
  }, { once: true, passive: true });

  const exchange = async (form, ...request) => {
    const reply = await fetch(...request);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const section = form.closest("[data-screen]");
    const fresh = page.getElementById(section.id);
    const fault = page.getElementById("fault");
    if (fault) (fresh.querySelector("form > p:last-child") || fresh.firstChild).before(fault);
    const told = fresh.querySelector("[role=status], [role=alert]");
    section.replaceWith(fresh);
    if (told) {
      told.tabIndex = -1;
      told.focus();
    }
    fresh.scrollIntoView({ block: "nearest" });
  };
  const byForm = (form) => exchange(form, form.action, { method: "POST", body: new FormData(form) });

  const say = (form, ...words) => {
    const told = form.querySelector(".outbox-note") || form.appendChild(document.createElement("p"));
    told.className = "outbox-note small";
    told.setAttribute("role", "status");
    told.replaceChildren(...words);
  };

  const arrive = async () => {
    const opened = await box;
    if (main.querySelector(".outbox-note") && !(await opened.status()).waiting) add(sent, () => opened.soon(9000));
  };

  /* What waits, and why. */
  const wait = async (form, words, kept = words) => {
    const [why, signIn] = await line.show();
    say(form, why ? `${kept} ${why} ` : words, signIn);
    arrive();
  };

  const answer = async (form, opened) => {
    const response = held(form);
    if (!response) return navigator.onLine || !form.dataset.missing ? byForm(form) : say(form, form.dataset.missing);
    const item = form.closest("[data-screen]").dataset.screen;
    form.dataset.touched = "sent";
    const key = await opened.put("answered", lesson, version, { attempt: null, item, turn: form.dataset.turn++, response });
    form.sent = response;
    if (await opened.isWaiting(key)) return wait(form, line.words.answer);
    return exchange(form, `${location.pathname}?screen=${item}`).catch(() => say(form, main.querySelector("template").content.cloneNode(true)));
  };

  const finish = async (form, opened) => {
    const key = form.dataset.key || await opened.put("reached", lesson, version, { screen: "end" });
    form.dataset.key = key;
    await window.Twins?.done(opened, lesson);
    const onward = await opened.isWaiting(key) ? await window.Twins?.of(opened, form.dataset.next) : form.dataset.next;
    return onward ? location.assign(onward) : wait(form, line.words.ended, `${line.words.read}.`);
  };

  /* What no store takes goes by the form, with a network. */
  main.addEventListener("submit", async (event) => {
    const form = event.target;
    const isCheck = form.matches("[data-check]");
    if (!isCheck && !(box && form.matches("[data-next]"))) return;
    event.preventDefault();
    if (event.submitter?.name) return add(sent);
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const opened = await box;
    try {
      if (opened) await (isCheck ? answer : finish)(form, opened);
      else if (isCheck) await byForm(form);
      else form.submit();
    } catch {
      if (opened && !navigator.onLine) line.fail();
      else form.submit();
    }
    button.removeAttribute("aria-disabled");
  });
})();
