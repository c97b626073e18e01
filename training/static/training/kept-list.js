/* Attendance lists that this phone keeps: ticked here, written into the store first, sent when there is a network. What a
   row says of the server is what the server last said: the list as it was fetched, or its answer to a mark. */
(() => {
  "use strict";
  const REST = 800;
  const MINUTE = 60000;
  const main = document.querySelector("main");
  const { send } = main.dataset;
  const words = JSON.parse(main.dataset.words);
  const part = (name, root = main) => root.querySelector(`[data-part=${name}]`);
  const show = (name, isShown = true, root = main) => { part(name, root).hidden = !isShown; };
  let box = null;
  let line = null;
  let lists = [];
  let list = null;
  let session = null;
  let offset = 0;
  let turn = Promise.resolve();
  let pending = 0;
  let drawn = 0;

  /* --- what time it is --- */
  /* By the clock of this phone, and by that as the server last corrected it: it may have been set since, or fallen back. A
     list is never closed, nor taken off, by a clock that is merely wrong: the server judges when the mark arrives. */
  const latestNow = () => Date.now() + Math.max(0, offset);
  const earliestNow = () => Date.now() + Math.min(0, offset);
  const isAhead = () => latestNow() < Date.parse(session.opens);
  const isSurelyAhead = () => isAhead() && Lists.clock() !== null && Lists.clock() < Date.parse(session.opens);

  /* --- what is known of one person at one session --- */
  const about = (rows, { of, member }) => rows.filter(({ sent: { payload } }) => payload.session === of && payload.member === member.id);
  const latest = (rows) => rows.reduce((last, one) => (!last || one.sent.seq >= last.sent.seq ? one : last), null);
  const viewOf = (member, kept, marks, answers) => {
    const pair = { place: list.place, of: session.id, member };
    const answer = latest(about(answers, pair));
    const known = Lists.newest(Lists.stands(kept, member.id, session.id), answer);
    const said = { group: list.name, when: session.when, number: member.number };
    return { ...pair, said, known, answer, wait: about(marks, pair)[0] || null };
  };

  /* What was kept in another language than that of the page keeps its own order of words and digits. */
  const joined = (texts) => texts.filter(Boolean).flatMap((textContent, place) => [
    ...(place ? [" · "] : []), Object.assign(document.createElement("bdi"), { textContent }),
  ]);

  const stay = (minutes) => (minutes === 0 ? words.not_there : minutes === null ? words.all : words.minutes.replace("#", minutes));
  const saidBy = ({ said }) => {
    if (!said) return [];
    const what = said.is_taken_back ? words.taken_back : words.hows[said.how] || "";
    return [what, said.by, Days.moment(said.at)];
  };

  /* --- what is written --- */
  /* One thing after another, each with what is known once it is its turn: of two quick taps the second sees the first. */
  const write = (work) => {
    pending += 1;
    const act = () => work().catch(() => line.fail()).then(() => {
      pending -= 1;
      return draw();
    });
    turn = turn.then(act, act);
    return turn;
  };

  /* Answers to marks of this person go; what the last one said of the server stays in the list, as it lies there now: another
     window may have changed it. */
  const settleIn = async (view, answers, lists) => {
    const kept = await Outbox.asked(lists.get(view.place));
    const mine = kept?.members.find(({ id }) => id === view.member.id);
    for (const one of about(await Outbox.asked(answers.getAll()), view)) answers.delete(one.id);
    if (!mine || (mine.stands[view.of]?.told || 0) > view.known.told) return;
    mine.stands[view.of] = view.known;
    lists.put(kept);
  };
  const settle = (view) => box.change(["refused", "tests"], (answers, kept) => settleIn(view, answers, kept));

  /* One mark waits of a person and a session, also where two windows write: looking and writing are one transaction. */
  const mark = async (view, minutes, reason = "") => {
    await box.change(["meta", "outbox", "refused", "tests"], async (numbers, marks, answers, kept) => {
      if (about(await Outbox.asked(marks.getAll()), view).length) return;
      const { at: since } = await Outbox.asked(kept.get(view.place));
      await box.add(numbers, marks, "attended", "", "", {
        cohort: view.place, session: view.of, member: view.member.id, minutes, reason, told: view.known.told,
        offset: await Outbox.asked(numbers.get("offset")) || 0, since,
      }, view.said);
      await settleIn(view, answers, kept);
    });
    box.soon();
  };

  /* A mark goes while it surely lies on this phone alone; one that was on its way may have arrived. */
  const takeAway = async (view) => {
    show("on-its-way", false);
    if (!about(await box.read("outbox"), view).length) return true;
    return navigator.locks.request(`fanal-${box.who}${Lists.KIND}`, { ifAvailable: true }, async (lock) => {
      let isGone = Boolean(lock);
      if (lock) {
        await box.change(["meta", "outbox"], async (numbers, marks) => {
          const waiting = about(await Outbox.asked(marks.getAll()), view);
          const tried = await Outbox.asked(numbers.get("tried")) || 0;
          isGone = waiting.every(({ seq }) => seq > tried);
          if (isGone) for (const one of waiting) marks.delete(one.seq);
        });
      }
      show("on-its-way", !isGone);
      return isGone;
    });
  };

  const again = async (view, minutes, reason) => {
    if (await takeAway(view)) await mark(view, minutes, reason);
  };

  /* What was pressed makes room for something else: a second tap on the same place is none of that. */
  const rest = () => {
    const { style } = part("rows");
    style.pointerEvents = "none";
    setTimeout(() => { style.pointerEvents = ""; }, REST);
  };

  /* --- how it looks --- */
  const chip = (kind) => part(`chip-${kind}`).content.firstElementChild.cloneNode(true);
  const stateOf = ({ known, wait, answer }) => {
    if (wait) return ["waits", wait.sent.payload.minutes === 0 ? words.back_waits : stay(wait.sent.payload.minutes)];
    if (answer && !answer.reason) return ["saved", known.minutes ? stay(known.minutes) : words.not_there];
    if (answer?.reason === "changed_meanwhile") return ["clash", ""];
    if (answer?.reason) return ["refused", words.reasons[answer.reason] || answer.reason];
    return known.minutes ? ["down", stay(known.minutes)] : ["", ""];
  };

  const fill = (row, view) => {
    const { member, known, wait, answer } = view;
    const [kind, told] = stateOf(view);
    const isDown = known.minutes > 0;
    const isOpen = !isSurelyAhead() && kind !== "clash"; /* first one of the two is chosen */
    row.dataset.state = kind;
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = `${member.number} · ${member.name}`;
    show("pick", !isDown && isOpen, row);
    show("there", isDown || !isOpen, row);
    part("there", row).querySelector("svg").toggleAttribute("hidden", !isDown);
    part("box", row).checked = Boolean(wait) && wait.sent.payload.minutes !== 0;
    part("state", row).replaceChildren(...(kind ? [chip(kind), " ", told] : []));
    show("state", Boolean(kind), row);
    const isBack = wait?.sent.payload.minutes === 0;
    show("late", isOpen && !isDown, row);
    show("back", isOpen && isDown && !wait, row);
    show("undo", isDown && isBack, row);
    show("clash", kind === "clash", row);
    show("drop", kind === "refused", row);
    if (kind !== "clash") return;
    const ticked = Date.parse(answer.sent.occurred_at) + (answer.sent.payload.offset || 0);
    part("mine", row).replaceChildren(...joined([stay(answer.sent.payload.minutes), Days.moment(ticked)]));
    part("theirs", row).replaceChildren(...joined([known.minutes ? stay(known.minutes) : words.not_there, ...saidBy(answer)]));
  };

  const make = (member) => {
    const row = part("row").content.firstElementChild.cloneNode(true);
    row.id = `m-${member.number}`;
    const minutes = part("minutes", row);
    const reason = part("reason", row);
    for (const [field, name] of [[minutes, "minutes"], [reason, "why"]]) {
      field.id = `${name}-${member.number}`;
      field.previousElementSibling.htmlFor = field.id;
    }
    const on = (name, act, what = "click") => part(name, row).addEventListener(what, (event) => {
      event.preventDefault();
      const { checked } = event.target;
      if (what !== "change") rest();
      write(async () => act(row.view, checked));
    });
    on("box", (view, isTicked) => (isTicked ? mark(view, null) : takeAway(view)), "change");
    on("late-form", (view) => {
      part("late", row).open = false;
      return again(view, minutes.value ? minutes.valueAsNumber : null);
    }, "submit");
    on("back-form", (view) => {
      part("back", row).open = false;
      return mark(view, 0, reason.value);
    }, "submit");
    on("undo", takeAway);
    on("drop", settle);
    on("leave", settle);
    on("mine-all-the-same", (view) => mark(view, view.answer.sent.payload.minutes, view.answer.sent.payload.reason));
    return row;
  };

  /* Marks that were not taken, of whom no list shows any more: what each said, the person by her number alone. */
  const isListed = ({ cohort, member, session: of }) => lists.some(
    ({ place, members, sessions }) => place === cohort && members.some(({ id }) => id === member) && sessions.some(({ id }) => id === of),
  );
  const drawGone = async () => {
    const rows = (await box.read("refused")).filter(({ reason, sent }) => reason && !isListed(sent.payload));
    part("refusals").replaceChildren(...rows.map(({ sent, told, reason }) => {
      const number = told && words.number.replace("#", told.number);
      const said = [told?.group, told?.when, number, stay(sent.payload.minutes), words.reasons[reason] || reason];
      const item = document.createElement("li");
      item.append(...joined(said));
      return item;
    }));
    show("gone", rows.length > 0);
    return rows;
  };
  const readGone = async () => {
    const rows = await drawGone();
    await box.change(["refused"], (answers) => rows.forEach(({ id }) => answers.delete(id)));
    show("withdrawn", false);
    await drawGone();
  };

  /* Rows stay where they are, so that the focus does too; only what changed in them is filled in anew. */
  const draw = async () => {
    await drawGone();
    if (!session) return;
    drawn += 1;
    const now = drawn;
    const [marks, answers, kept] = [await box.read("outbox"), await box.read("refused"), await Lists.all(box)];
    const mine = kept.find(({ place }) => place === list.place) || list;
    offset = await box.meta("offset") || 0; /* a sending hears it anew */
    if (pending || now !== drawn || !session) return; /* what was read is old: whatever comes after draws what it left */
    const rows = part("rows");
    if (rows.dataset.of !== session.id) {
      rows.replaceChildren(...list.members.map(make));
      rows.dataset.of = session.id;
    }
    let count = 0;
    list.members.forEach((member, place) => {
      const row = rows.children[place];
      row.view = viewOf(member, mine, marks, answers);
      const { known, wait } = row.view;
      if (wait ? wait.sent.payload.minutes !== 0 : known.minutes > 0) count += 1;
      fill(row, row.view);
    });
    part("count").textContent = words.count.replace("##", list.members.length).replace("#", count);
    show("ahead", isSurelyAhead());
    show("clock", isAhead() && Lists.clock() === null);
    part("says").textContent = part("says").dataset.words.replace("#", Days.moment(latestNow()));
    show("send", marks.length > 0);
    show("by-file", marks.some(({ sent }) => sent.payload.cohort === list.place));
  };

  /* --- which session --- */
  const nearest = () => {
    const now = latestNow();
    const far = (one) => (Date.parse(one.opens) <= now && now <= Date.parse(one.ends) ? 0 : Math.abs(now - Date.parse(one.opens)));
    return lists.flatMap((one) => one.sessions).reduce((best, one) => (!best || far(one) < far(best) ? one : best), null);
  };

  const choose = async (id) => {
    list = lists.find((one) => one.sessions.some((row) => row.id === id));
    session = list.sessions.find((one) => one.id === id);
    history.replaceState(null, "", `?session=${id}`);
    part("session").value = id;
    part("name").textContent = list.name;
    part("where").replaceChildren(...joined([session.when, session.where, words.minutes.replace("#", session.minutes)]));
    part("since").textContent = part("since").dataset.words.replace("#", Days.moment(list.at));
    part("renew").href = part("renew").dataset.address.replace("00000000-0000-0000-0000-000000000000", list.place);
    for (const name of ["off-warning", "on-its-way"]) show(name, false);
    await draw();
  };

  const options = () => lists.filter((one) => one.sessions.length).map((one) => {
    const group = Object.assign(document.createElement("optgroup"), { label: one.name });
    group.append(...one.sessions.map((row) => Object.assign(document.createElement("option"), { value: row.id, textContent: row.when, dir: "auto" })));
    return group;
  });

  const clear = () => {
    session = null;
    for (const name of ["rows", "session"]) part(name).replaceChildren();
    delete part("rows").dataset.of;
    for (const name of ["name", "where"]) part(name).textContent = "";
  };

  /* Show the session that was asked for, else the nearest; without any, say that no list lies here. */
  const offer = async () => {
    lists = await Lists.all(box);
    part("session").replaceChildren(...options());
    const isAny = part("session").options.length > 0;
    for (const name of ["chooser", "sheet"]) show(name, isAny);
    show("none", !isAny);
    const wanted = new URLSearchParams(location.search).get("session");
    if (isAny) await choose(lists.some((one) => one.sessions.some(({ id }) => id === wanted)) ? wanted : nearest().id);
    else clear();
  };

  const takeOff = async () => {
    if ((await Lists.waiting(box, list.place)).length && part("off-warning").hidden) return show("off-warning");
    await Lists.takeOff(box, list.place);
    await offer();
    return drawGone();
  };

  /* Once a list is of no use any more, the names in it go; while a mark waits, nothing does. */
  const expire = async () => {
    for (const one of await Lists.all(box)) {
      if (Date.parse(one.until) < earliestNow() && !(await Lists.waiting(box, one.place)).length) await Lists.withdraw(box, one.place);
    }
  };

  /* --- who reads --- */
  const reader = async () => {
    const who = await Lists.signedIn(send);
    if (who === null || (who && who === Lists.holder())) return { who: Lists.holder(), isKnown: who !== null };
    if (!who) {
      Lists.release();
      return { who: "", isKnown: !Outbox.people().length };
    }
    if (Outbox.people().includes(who)) Lists.hold(who);
    else Lists.release();
    return { who: Lists.holder(), isKnown: true };
  };

  const strangers = async (who) => {
    for (const one of Outbox.people().filter((id) => id !== who)) {
      const other = await Lists.open(one, "");
      if ((await other.status()).waiting) show("others");
      other.close();
    }
  };

  /* Nobody is signed in any more: no name until somebody is, with or without a network. */
  const hide = () => {
    Lists.release();
    clear();
    part("refusals").replaceChildren();
    for (const name of ["chooser", "sheet", "gone"]) show(name, false);
    show("unknown");
  };

  /* A list of a group that is hers no more is not shown. */
  const recheck = async (asked) => {
    if (!await Lists.check(box, asked)) return;
    show("withdrawn");
    await offer();
    await drawGone();
  };

  const answered = async () => {
    const { state } = await box.status();
    if (state === "sign_in") return hide();
    if (state !== "other") {
      await recheck();
      return draw();
    }
    Lists.release(); /* somebody else signed in meanwhile: the names are not hers to see */
    return location.reload();
  };

  const begin = async () => {
    if (!window.Keeper || !Keeper.usable) return show("old");
    const { who, isKnown } = await reader();
    await strangers(who);
    if (!who) return show(isKnown ? "none" : "unknown");
    box = await Lists.open(who, send);
    if (Lists.clock() !== null) await box.write("meta", Math.round(Lists.clock() - Date.now()), "offset");
    offset = await box.meta("offset") || 0;
    await expire();
    line = Outbox.line(box);
    document.addEventListener("outbox", answered);
    document.addEventListener("visibilitychange", draw);
    setInterval(draw, MINUTE);
    part("session").addEventListener("change", ({ target }) => choose(target.value));
    part("send").addEventListener("click", () => box.send());
    part("file").addEventListener("click", () => Lists.download(box, list.place, main.dataset.file));
    part("off").addEventListener("click", takeOff);
    part("read").addEventListener("click", readGone);
    await offer();
    await drawGone();
    await box.send();
    if (isKnown) await recheck(send);
    return null;
  };
  begin();
})();
