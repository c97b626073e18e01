/* The pages that a phone keeps: who reads, what is done and what was answered come from the store of this phone. */
(() => {
  "use strict";
  const main = document.querySelector("main");
  const { page, course, lesson, version, send } = main.dataset;
  const language = document.documentElement.lang;
  const who = window.Outbox && Outbox.usable ? Outbox.owner() : "";
  const part = (name, root = main) => root.querySelector(`[data-part=${name}]`);
  const show = (name, isShown = true) => { part(name).hidden = !isShown; };
  if (who && page === "lesson") main.dataset.who = who; /* lesson.js notes what is read */
  const box = who ? Outbox.open(who, send) : Promise.resolve(null);
  const place = document.querySelector("[data-outbox]");
  const words = JSON.parse(place.dataset.outbox);

  /* Who is signed in now is who reads; without a network it is who was last. Tell whether the server says that nobody is. */
  const reader = async () => {
    if (!window.Outbox || !Outbox.usable) return show("old");
    const answer = await fetch(send, { cache: "no-store", credentials: "same-origin" }).catch(() => null);
    if (!answer || answer.status >= 500) return show("unknown", !who && page !== "kept-index");
    const { who: found = "", now } = answer.ok ? await answer.json() : {};
    window.Erased?.ask(found);
    if (!found) {
      show("nobody", !who);
      return true;
    }
    if (found === who) return (await box).write("meta", Date.parse(now) - Date.now(), "offset");
    Outbox.own(found);
    return location.reload();
  };

  const list = async () => {
    const found = window.caches && await caches.match("/kept");
    return Object.fromEntries(Object.entries(found ? await found.json() : {}).filter(([, row]) => row.by?.includes(who)));
  };

  const since = async () => {
    const told = document.querySelector("[data-kept-on]");
    const mine = (await list())[`${course}/${language}`];
    const day = mine && Days.day(mine.at);
    if (day) told.prepend(`${told.dataset.keptOn.replace("#", day)} `);
  };

  /* Some browsers empty what nobody opens for a week. */
  const remind = async () => {
    const opened = await box;
    const first = opened && (await opened.read("outbox"))[0];
    if (first) show("long", Date.now() - Date.parse(first.sent.occurred_at) > 3 * 86400000);
  };

  const done = (opened, activity) => Twins.done(opened, activity);

  /* In place of a page that did not come: the kept one that is its like, else this list, which says so. */
  const index = async () => {
    const isInstead = location.pathname !== main.dataset.own;
    const twin = isInstead && await Twins.of(await box, location.href);
    if (twin) return location.replace(twin);
    const rows = Object.entries(await list());
    show("instead", isInstead);
    part("again").href = location.href;
    show("none", !rows.length);
    part("courses").replaceChildren(...rows.map(([name, { start, heading, tongue }]) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      const text = link.appendChild(document.createElement("span"));
      link.href = start;
      Object.assign(text, { lang: name.split("/")[1], dir: "auto", textContent: heading });
      if (tongue) text.append(document.createElement("br"), Object.assign(document.createElement("span"), { className: "small soft", textContent: tongue }));
      return item;
    }));
  };

  /* The same page in the other languages that are kept; where a language does not have it, its course. */
  const tongues = async () => {
    const others = Object.entries(await list()).filter(([name]) => course && name.startsWith(`${course}/`) && name !== `${course}/${language}`);
    show("tongues", others.length > 0);
    const tail = location.pathname.split("/").slice(5).join("/");
    part("tongues").lastElementChild.replaceChildren(...others.flatMap(([name, row]) => {
      const code = name.split("/")[1];
      const same = `/${code}/keep/${course}/${row.version}/${tail}`;
      const link = Object.assign(document.createElement("a"), { href: row.files[same] ? same : row.start, lang: code, dir: "auto", textContent: row.tongue || code });
      return [link, " "];
    }));
  };

  const tell = (form, element, isHere = true) => {
    form.querySelectorAll(".told").forEach((one) => one.remove());
    element.classList.add("told");
    form.append(element);
    if (isHere) element.focus();
  };
  const say = (form, text) => {
    const told = Object.assign(document.createElement("p"), { textContent: text, tabIndex: -1 });
    told.setAttribute("role", "alert");
    tell(form, told);
  };

  /* Within a refresher: the next lesson that it asks, else the page of the course, which tells what is left. */
  const onward = (asked) => {
    const left = asked.filter((id) => id !== lesson).map((id) => document.querySelector(`[data-done="${id}"]`)).find(Boolean);
    return left ? left.href : end.dataset.coursePage;
  };

  const finish = async (button) => {
    const opened = await box;
    const before = opened && await opened.meta(`refresher/${course}`);
    try {
      if (opened) {
        await opened.put("reached", lesson, version, { screen: "end" });
        await done(opened, lesson);
      }
    } catch {
      return say(button.parentElement, words.failed);
    }
    return location.assign(before?.asked.includes(lesson) ? onward(before.asked) : button.dataset.after);
  };

  /* --- the test that was drawn with the course --- */
  /* How long it is until it opens, by the clock of the server as this phone last heard it. */
  const untilOpen = async (opened, kept) => (kept.opens ? Date.parse(kept.opens) - Date.now() - (await opened.meta("offset") || 0) : 0);

  const test = async () => {
    const opened = await box;
    const kept = opened ? await opened.read("tests") : [];
    const mine = kept.find((one) => one.place === `${course}/${language}`);
    if (!mine) return show("none");
    /* The same test in another language that is kept: one set of answers, handed in once. */
    const twins = kept.filter((one) => one.attempt === mine.attempt);
    const note = async (what) => {
      twins.forEach((one) => Object.assign(one, what));
      await opened.change(["tests"], (rows) => { for (const one of twins) rows.put(one); });
    };
    const form = part("form");
    const refresher = async (asksTest) => {
      const left = await opened.meta(`refresher/${course}`);
      if (left) await opened.write("meta", { ...left, test: asksTest }, `refresher/${course}`);
      return Boolean(left?.test);
    };
    const ahead = () => untilOpen(opened, mine);
    const reasonOf = async () => {
      const found = (await opened.read("refused")).find(({ id }) => id === mine.handed);
      return found ? found.reason : "";
    };
    const tellRefused = (reason) => {
      const told = part("refused");
      told.querySelector("[data-why]").textContent = JSON.parse(told.dataset.words).reasons[reason] || reason;
      told.querySelector("[data-when]").textContent = reason === "test_ahead" ? mine.ahead : "";
      show("refused");
    };
    /* Show how the test stands: to be answered, not open yet, handed in, or sent and not counted. */
    let timer = 0;
    const standing = async () => {
      const isSent = mine.handed && !(await opened.read("outbox")).some(({ key }) => key === mine.handed);
      const reason = isSent ? await reasonOf() : mine.refused;
      const isClosed = isSent && reason === "attempt_closed"; /* it was handed in before, from elsewhere */
      if (isSent && reason && !isClosed) {
        if (mine.asked) await refresher(true);
        return note({ handed: "", refused: reason }); /* which lets this run again */
      }
      const wait = mine.handed ? 0 : await ahead();
      clearTimeout(timer);
      if (wait > 0) timer = setTimeout(stand, Math.min(wait, 3600000));
      form.hidden = Boolean(mine.handed) || wait > 0;
      if (reason) tellRefused(reason);
      else show("refused", false);
      part("ahead").textContent = mine.ahead;
      show("ahead", wait > 0 && reason !== "test_ahead");
      part("result").firstElementChild.href = mine.result;
      show("handed", Boolean(mine.handed) && !isClosed);
      show("waits", !isSent);
      show("sent", Boolean(isSent));
      return show("result", Boolean(isSent));
    };
    /* One after the other: each asks the store more than once, and what one found may have changed when the next one is done. */
    let last = null;
    const stand = () => { last = Promise.resolve(last).then(standing, standing); return last; };
    part("questions").innerHTML = mine.html;
    for (const field of form.elements) {
      if (!field.name || !(field.name in mine.answers)) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = mine.answers[field.name].includes(field.value);
      else [field.value] = mine.answers[field.name];
    }
    await stand();
    document.addEventListener("outbox", stand);
    form.addEventListener("change", () => {
      const data = new FormData(form);
      note({ answers: Object.fromEntries([...data.keys()].map((key) => [key, data.getAll(key)])) }).catch(() => say(form, words.failed));
    });
    const handIn = async (isSure) => {
      const answers = [...form.querySelectorAll("[data-item]")].map((one) => ({
        item: one.dataset.item, item_version: mine.item_versions[one.dataset.item], response: Outbox.responseOf(one, one.dataset.kind),
      }));
      /* Of pairs, one without its right side is open, and so is what is no number where one is asked for. */
      const left = answers.filter(({ response }) => !response || [...response].some((pair) => pair[1] === "")).map(({ item }) => item);
      for (const one of form.querySelectorAll("[data-item]")) {
        one.classList.toggle("has-error", left.includes(one.dataset.item));
        if (one.dataset.kind === "number" && left.includes(one.dataset.item)) say(one, form.dataset.number);
        else one.querySelectorAll(".told").forEach((told) => told.remove());
      }
      if (!isSure && left.length) {
        show("open");
        return null;
      }
      if (await ahead() > 0) return stand();
      try {
        const handed = await opened.put("submitted", mine.activity, mine.version, { attempt: mine.attempt, answers });
        await note({ handed, refused: "", asked: await refresher(false) });
      } catch {
        twins.forEach((one) => { one.handed = ""; });
        return say(form, words.failed);
      }
      show("open", false);
      await stand();
      part("handed").focus();
      return opened.send();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      handIn(false);
    });
    part("anyway").addEventListener("click", () => handIn(true));
    /* As long as this page is open, nothing is changed under it. */
    navigator.locks.request("fanal-test", { mode: "shared" }, () => new Promise(() => {}));
    return null;
  };

  const end = part("end");
  if (end) end.addEventListener("click", () => finish(end));
  window.Kept = { main, course, lesson, version, language, box, words, part, show, say, tell, done, untilOpen };
  window.Kept.isOut = reader().catch(() => show("unknown", !who));
  since();
  tongues();
  remind();
  document.addEventListener("outbox", remind);
  if (page === "kept-index") index();
  if (page === "kept-test") test();
  /* Who learns with a code types it; where a phone does not know, both ways are shown. */
  box.then((opened) => opened?.meta("guest")).then((isGuest) => {
    if (isGuest === undefined) return;
    for (const [name, isHers] of [["out-code", isGuest], ["out-account", !isGuest]]) part(name).hidden = !isHers;
  }).catch(() => null);
  if (page !== "lesson") box.then((opened) => opened && [Outbox.line(opened), opened.send()]);
})();
