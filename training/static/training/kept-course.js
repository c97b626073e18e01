/* The lessons of a kept course for who reads it: what is done, which are for her group of readers, what is asked anew. */
(() => {
  "use strict";
  const { main, course, lesson, version, language, box, words, part, show, say, untilOpen } = window.Kept;
  const meta = async (key) => {
    const opened = await box;
    return opened && opened.meta(key);
  };

  const marks = async () => {
    const done = new Set(await meta("done"));
    for (const link of document.querySelectorAll("[data-done]")) {
      const state = done.has(link.dataset.done) ? "done" : "open";
      for (const one of link.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
    }
  };

  const fill = (text, ...what) => what.reduceRight((told, one, place) => told.replace("#".repeat(place + 1), one), text);

  /* Hers are the lessons for everybody and those for her group; they are counted and followed as if there were no others. */
  const hers = async () => {
    const track = await meta(`track/${course}`) || "";
    const rows = [...document.querySelectorAll("[data-for]")];
    for (const row of rows) {
      const isHers = !track || !row.dataset.for || row.dataset.for.split(" ").includes(track);
      row.hidden = !isHers && !row.querySelector("[aria-current]");
    }
    for (const module of document.querySelectorAll("[data-module]")) module.hidden = !module.querySelector("[data-for]:not([hidden])");
    const links = rows.filter((row) => !row.hidden).map((row) => row.querySelector("a"));
    links.forEach((link, place) => {
      const number = part("number", link);
      if (number) number.textContent = `${place + 1}. `;
    });
    if (lesson) turn(links, links.findIndex((link) => link.hasAttribute("aria-current")));
    return track;
  };

  const turn = (links, here) => {
    const told = part("place");
    told.textContent = fill(told.dataset.words, here + 1, links.length);
    const previous = part("previous");
    if (previous) {
      previous.hidden = here === 0;
      if (here > 0) previous.href = links[here - 1].href;
    }
    const end = part("end");
    end.dataset.after = here + 1 < links.length ? links[here + 1].href : end.dataset.coursePage;
  };

  /* --- the page of the course --- */
  const choose = async (form) => {
    const opened = await box;
    const track = new FormData(form).get("track");
    try {
      if (opened) {
        await opened.put("tracked", "", version, { track });
        await opened.write("meta", track, `track/${course}`);
      }
    } catch {
      return say(form, words.failed);
    }
    await hers();
    show("chosen", Boolean(opened));
    if (!opened) return null;
    part("chosen").focus();
    return opened.soon();
  };

  const tracks = async () => {
    const section = part("tracks");
    if (!section || !await box) return;
    const track = await meta(`track/${course}`);
    for (const one of section.querySelectorAll("input")) one.checked = one.value === track;
    part("track").addEventListener("submit", (event) => {
      event.preventDefault();
      choose(event.target);
    });
    section.hidden = false;  // once it is heard: what is chosen before would be undone
  };

  const refresher = async () => {
    const left = await meta(`refresher/${course}`);
    if (!left) return null;
    if (!left.asked.length && !left.test) return refreshed();
    const isLapsed = Boolean(left.until) && new Date(left.until) < new Date();
    const day = left.until && Days.day(left.until);
    for (const name of ["due", "lapsed"]) part(name).textContent = fill(part(name).textContent, day, left.minutes);
    show("due", !isLapsed);
    show("lapsed", isLapsed);
    show("again", left.test);
    const asked = left.asked.map((id) => main.querySelector(`[data-done="${id}"]`)).filter(Boolean);
    part("asked").replaceChildren(...asked.map((link) => {
      const item = document.createElement("li");
      const copy = Object.assign(document.createElement("a"), { href: link.href });
      copy.append(...part("heading", link).cloneNode(true).childNodes);
      item.append(copy);
      return item;
    }));
    return show("refresher");
  };

  /* It is done on this phone; whether it has been sent, the outbox knows. */
  const refreshed = async () => {
    const stand = async () => show("refreshed-waits", (await (await box).read("outbox")).length > 0);
    document.addEventListener("outbox", stand);
    await stand();
    show("refreshed");
  };

  /* On a lesson that the refresher asks: its name, and how many parts are left, this one among them. */
  const due = async () => {
    const left = await meta(`refresher/${course}`);
    if (!left?.asked.includes(lesson)) return;
    const told = part("refresher-next");
    const { forms, form } = JSON.parse(told.dataset.words);
    const number = Math.min(left.asked.length + (left.test ? 1 : 0), form.length - 1);
    told.lastElementChild.textContent = fill(forms[form[number]], number, main.querySelector("h1").textContent);
    show("refresher-next");
  };

  /* While the hours between two tries run, the page says from when, and offers the test once they are over. */
  const test = async () => {
    const opened = await box;
    const mine = opened && (await opened.read("tests")).find((one) => one.place === `${course}/${language}`);
    const wait = mine && !mine.handed ? await untilOpen(opened, mine) : 0;
    for (const one of main.querySelectorAll("[data-to-test]")) one.hidden = wait > 0;
    for (const one of main.querySelectorAll("[data-ahead]")) {
      one.hidden = wait <= 0;
      one.lastElementChild.textContent = mine?.ahead || "";
    }
    if (wait > 0) setTimeout(test, Math.min(wait, 3600000));
  };

  marks();
  hers();
  if (lesson) due();
  else {
    test();
    tracks();
    refresher();
  }
})();
