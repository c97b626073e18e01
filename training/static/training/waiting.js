/* What waits on this phone: shown, sent, taken out as a file; gone with everything else at sign-out or by a wipe. */
(() => {
  "use strict";
  if (!window.Outbox || !Outbox.usable) return;
  const page = document.querySelector("[data-waiting], [data-leaving], [data-wiping]");
  if (!page) return;
  const PATIENCE = 15000;
  const { MARKS, empty } = window.Emptying;
  const part = (name) => page.querySelector(`[data-part=${name}]`);
  const show = (name, isShown = true) => { part(name).hidden = !isShown; };

  /* The file has what a sending has, and by how much the clock of this phone was off when it last heard the server. */
  const download = async (box) => {
    const events = (await box.read("outbox")).map((one) => one.sent);
    const file = {
      schema: "kept/1", who: box.who, device: await box.meta("device"), offset_ms: await box.meta("offset") || 0, events,
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    link.download = `${page.dataset.file}-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
  };

  /* Whose work lies here besides: nobody's name, only whether something of theirs is unsent, or a test was kept. */
  const isUnsent = async (who, kind, withTests = true) => {
    const box = await Outbox.open(who, "", kind);
    const isFound = (await box.status()).waiting > 0 || (withTests && !kind && (await box.read("tests")).length > 0);
    box.close();
    return isFound;
  };
  const othersThan = async (who, kinds = ["", MARKS], withTests = true) => {
    const found = [];
    for (const one of Outbox.people().filter((id) => id !== who)) {
      for (const kind of kinds) if (!found.includes(one) && await isUnsent(one, kind, withTests)) found.push(one);
    }
    return found;
  };

  const isAny = async (has) => {
    for (const one of Outbox.people()) {
      const box = await Outbox.open(one, "");
      const found = await has(box);
      box.close();
      if (found) return true;
    }
    return false;
  };


  const waitingPage = async () => {
    const { send } = page.dataset;
    const who = page.dataset.who || Outbox.owner(); /* a kept page is the same for everybody, and sends by itself */
    const told = JSON.parse(page.dataset.words);
    const headings = JSON.parse(page.dataset.lessons);
    if ((await othersThan(who, ["", MARKS], false)).length) show("others"); /* not what somebody else keeps */
    if (!Outbox.people().includes(who)) {
      show("none");
      return;
    }
    const box = await Outbox.open(who, send);
    const row = ({ sent, reason }) => {
      const item = document.createElement("li");
      const isEnd = sent.verb === "reached" && sent.payload.screen === "end";
      const when = Days.moment(sent.occurred_at);
      item.textContent = [told.verbs[isEnd ? "ended" : sent.verb] || sent.verb, headings[sent.activity], when, told.reasons[reason]].filter(Boolean).join(" · ");
      return item;
    };
    /* Of the screens of a lesson, and of the answers to one question, the last one stands for all. */
    const shown = (rows) => {
      const last = new Map();
      for (const one of rows) {
        const { verb, activity, payload } = one.sent;
        const isScreen = verb === "reached" && payload.screen !== "end";
        last.set(isScreen ? `read/${activity}/${one.reason}` : verb === "answered" ? `${payload.item}/${one.reason}` : one.sent.id, one);
      }
      return [...last.values()];
    };
    /* Each test once, in whatever languages it lies here. Of a course that is not kept here any more the way leads to keeping
       it again: the same test is handed out, and what was chosen goes into it. */
    const begun = async () => {
      const found = window.caches && await caches.match("/kept");
      const courses = found ? await found.json() : {};
      const here = document.documentElement.lang;
      const open = await Begun.of(box);
      const rank = (one) => 2 * Boolean(courses[one.place]) + one.place.endsWith(`/${here}`);
      open.sort((one, other) => rank(one) - rank(other));
      const tests = [...new Map(open.map((one) => [one.attempt, one])).values()]; /* the last of each is one that is kept, in her language if it can be */
      part("begun").querySelector("ul").replaceChildren(...tests.map(({ course, place, heading, activity }) => {
        const row = courses[place];
        const told = part("begun").dataset.words.replace("#", row?.heading || heading || headings[activity] || course);
        const href = row ? `${row.start}test/` : `/${here}/learning/${course}/keep/`;
        const item = document.createElement("li");
        item.append(Object.assign(document.createElement("a"), { href, dir: "auto", textContent: told }));
        return item;
      }));
      show("unkept", tests.some(({ place }) => !courses[place]));
      show("begun", tests.length > 0);
      return tests.length;
    };
    const list = async () => {
      let count = await begun();
      for (const name of ["outbox", "refused"]) {
        const rows = await box.read(name);
        count += rows.length;
        part(name).querySelector("ul").replaceChildren(...shown(rows).map(row));
        show(name, rows.length > 0);
      }
      const hasMarks = await isUnsent(who, MARKS);
      show("marks", hasMarks);
      show("none", count === 0 && !hasMarks);
    };
    document.addEventListener("outbox", list);
    part("send").addEventListener("click", () => box.send());
    part("file").addEventListener("click", () => download(box));
    part("forget").addEventListener("click", () => box.change(["refused"], (rows) => rows.clear()));
    list();
    /* Who learns without an account has no trainer who could send a file. */
    const isGuest = await box.meta("guest");
    if (isGuest) {
      for (const name of ["file", "by-file"]) show(name, false);
      show("waits-here");
    }
    /* A kept page is the same for everybody, and of who kept no course nobody noted whether she learns with a code. */
    if (!page.dataset.who) {
      show("by-code", Boolean(isGuest));
      if (!await Kept.isOut) return;
      for (const name of ["by-code", "signed-out"]) show(name, isGuest !== false);
      return;
    }
    Outbox.line(box);
    box.send();
  };

  const leavingPage = () => {
    const form = page.closest("form");
    const { who, send, sendMarks } = page.dataset;
    const leave = async () => {
      const left = await othersThan(who);
      await empty(left);
      if (!left.length) part("wipe").value = "1";
      form.submit();
    };
    const failed = () => show("stays");
    const open = () => Promise.all([Outbox.open(who, send), Outbox.open(who, sendMarks, MARKS)]);
    /* Before she presses, the page says that something waits. */
    const tell = async () => {
      if (!Outbox.people().includes(who)) return;
      const [box, marks] = await open();
      const stand = async () => {
        const waits = (await box.status()).waiting + (await marks.status()).waiting;
        show("waits", waits > 0 && part("left").hidden);
        show("begun", (await Begun.of(box)).length > 0 && part("left").hidden);
      };
      document.addEventListener("outbox", () => stand().catch(() => null)); /* closed when this phone is emptied */
      Outbox.line(box);
      await stand();
    };
    const submit = async (event) => {
      if (!Outbox.people().includes(who)) return;
      event.preventDefault();
      const [box, marks] = await open();
      await Promise.race([Promise.all([box.send(), marks.send()]), new Promise((done) => setTimeout(done, PATIENCE))]);
      const [answersLeft, marksLeft] = [(await box.status()).waiting, (await marks.status()).waiting];
      const testsLeft = (await Begun.of(box)).length;
      if (answersLeft || marksLeft || testsLeft) {
        show("left");
        for (const name of ["waits", "begun"]) show(name, false);
        for (const name of ["answers", "by-file"]) show(name, answersLeft > 0);
        show("marks", marksLeft > 0);
        show("tests", testsLeft > 0);
        form.querySelector("button[type=submit]").hidden = true;
        part("file").onclick = () => download(box);
        part("delete").onclick = () => leave().catch(failed);
        return;
      }
      for (const one of [box, marks]) one.close();
      leave().catch(failed);
    };
    form.addEventListener("submit", (event) => submit(event).catch(failed));
    tell().catch(() => null);
  };

  /* The server ends the sign-in. A kept page has no token of its own, and a telephone may say that it has a network and have none. */
  const endSession = async (form) => {
    const asked = fetch(form.action, { cache: "no-store", credentials: "same-origin" });
    const answer = await Promise.race([asked, new Promise((done, failed) => setTimeout(failed, PATIENCE))]);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.append(fresh.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
    form.submit();
  };

  /* What goes with the phone: also a test that somebody began here and did not hand in, of which nothing was ever sent. */
  const warn = async () => {
    if (part("guest") && await isAny((box) => box.meta("guest"))) show("guest");
    if ((await othersThan("", [""], false)).length) show("others");
    if (await isAny(async (box) => (await Begun.of(box)).length > 0)) show("begun");
    if ((await othersThan("", [MARKS])).length) show("marks");
  };
  const wipingPage = async () => {
    const form = page.closest("form");
    const leave = () => endSession(form).catch(() => show("sign-in"));
    await warn().catch(() => null);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await empty([]);
      } catch {
        show("stays");
        return;
      }
      document.dispatchEvent(new Event("emptied"));
      for (const one of page.querySelectorAll(".banner[data-part], [data-part=go], [data-part=ahead]")) one.hidden = true;
      show("emptied");
      addEventListener("online", leave);
      leave();
    });
    show("go");
  };

  if ("waiting" in page.dataset) waitingPage();
  else if ("leaving" in page.dataset) leavingPage();
  else wipingPage();
})();
