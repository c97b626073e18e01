/* Attendance lists that this phone keeps: ticked here, written into the store first, sent when there is a network. What a
   row says of the server is what the server last said: the list as it was fetched, or its answer to a mark. */
(() => {
  "use strict";
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

  /* --- what is known of one person at one session --- */
  const about = (rows, member) => rows.filter(({ sent: { payload } }) => payload.session === session.id && payload.member === member.id);
  const latest = (rows) => rows.reduce((last, one) => (!last || one.at >= last.at ? one : last), null);
  const viewOf = (member, marks, answers) => {
    const answer = latest(about(answers, member));
    const known = answer?.stands && answer.at > list.kept ? answer.stands : member.stands[session.id] || { minutes: 0, told: 0 };
    return { member, known, answer, wait: about(marks, member)[0] || null };
  };

  const stay = (minutes) => (minutes === 0 ? words.not_there : minutes === null ? words.all : words.minutes.replace("#", minutes));
  const saidBy = ({ said }) => {
    if (!said) return "";
    const what = said.is_taken_back ? words.taken_back : words.hows[said.how] || "";
    return [what, said.by, Days.moment(said.at)].filter(Boolean).join(" · ");
  };

  /* --- what is written --- */
  const write = async (work) => {
    try {
      await work();
    } catch {
      line.fail();
    }
    await draw();
  };

  /* Answers to marks of this person go; what the last one said of the server stays in the list. */
  const settle = async ({ member, known }) => {
    const old = about(await box.read("refused"), member);
    member.stands[session.id] = known;
    await Lists.put(box, list);
    await box.change(["refused"], (rows) => old.forEach((one) => rows.delete(one.id)));
  };

  const mark = async (view, minutes, reason = "") => {
    const [cohort, told] = [list.place, view.known.told];
    await box.put("attended", "", "", { cohort, session: session.id, member: view.member.id, minutes, reason, told });
    await settle(view);
    box.soon();
  };

  /* A mark goes while it surely lies on this phone alone; one that was on its way may have arrived. */
  const takeAway = (view) => navigator.locks.request(`fanal-${box.who}${Lists.KIND}`, { ifAvailable: true }, async (lock) => {
    const isGone = lock && view.wait.seq > (await box.meta("tried") || 0);
    if (isGone) await box.change(["outbox"], (rows) => rows.delete(view.wait.seq));
    show("on-its-way", !isGone);
    return isGone;
  });

  const again = async (view, minutes, reason) => {
    if (!view.wait || await takeAway(view)) await mark(view, minutes, reason);
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
    const isOpen = Date.now() + offset >= Date.parse(session.opens) && kind !== "clash"; /* first one of the two is chosen */
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
    part("mine", row).textContent = `${stay(answer.sent.payload.minutes)} · ${Days.moment(answer.sent.occurred_at)}`;
    part("theirs", row).textContent = [known.minutes ? stay(known.minutes) : words.not_there, saidBy(answer)].filter(Boolean).join(" · ");
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
      write(() => act(row.view));
    });
    on("box", (view) => (view.wait ? takeAway(view) : mark(view, null)), "change");
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

  /* Rows stay where they are, so that the focus does too; only what changed in them is filled in anew. */
  const draw = async () => {
    if (!session) return;
    const [marks, answers] = [await box.read("outbox"), await box.read("refused")];
    const rows = part("rows");
    if (rows.dataset.of !== session.id) {
      rows.replaceChildren(...list.members.map(make));
      rows.dataset.of = session.id;
    }
    let count = 0;
    list.members.forEach((member, place) => {
      const row = rows.children[place];
      row.view = viewOf(member, marks, answers);
      const { known, wait } = row.view;
      if (wait ? wait.sent.payload.minutes !== 0 : known.minutes > 0) count += 1;
      fill(row, row.view);
    });
    part("count").textContent = words.count.replace("##", list.members.length).replace("#", count);
    show("ahead", Date.now() + offset < Date.parse(session.opens));
    show("send", marks.length > 0);
  };

  /* --- which session --- */
  const nearest = () => {
    const now = Date.now() + offset;
    const far = (one) => (Date.parse(one.opens) <= now && now <= Date.parse(one.ends) ? 0 : Math.abs(now - Date.parse(one.opens)));
    return lists.flatMap((one) => one.sessions).reduce((best, one) => (!best || far(one) < far(best) ? one : best), null);
  };

  const choose = async (id) => {
    list = lists.find((one) => one.sessions.some((row) => row.id === id));
    session = list.sessions.find((one) => one.id === id);
    history.replaceState(null, "", `?session=${id}`);
    part("session").value = id;
    part("name").textContent = list.name;
    part("where").textContent = [session.when, session.where, words.minutes.replace("#", session.minutes)].filter(Boolean).join(" · ");
    part("since").textContent = part("since").dataset.words.replace("#", Days.moment(list.kept));
    part("renew").href = part("renew").dataset.address.replace("00000000-0000-0000-0000-000000000000", list.place);
    for (const name of ["off-warning", "on-its-way"]) show(name, false);
    await draw();
  };

  const options = () => lists.filter((one) => one.sessions.length).map((one) => {
    const group = Object.assign(document.createElement("optgroup"), { label: one.name });
    group.append(...one.sessions.map((row) => Object.assign(document.createElement("option"), { value: row.id, textContent: row.when })));
    return group;
  });

  /* Show the session that was asked for, else the nearest; without any, say that no list lies here. */
  const offer = async () => {
    lists = await Lists.all(box);
    part("session").replaceChildren(...options());
    const isAny = part("session").options.length > 0;
    for (const name of ["chooser", "sheet"]) show(name, isAny);
    show("none", !isAny);
    const wanted = new URLSearchParams(location.search).get("session");
    if (isAny) await choose(lists.some((one) => one.sessions.some(({ id }) => id === wanted)) ? wanted : nearest().id);
    else session = null;
  };

  const takeOff = async () => {
    if ((await Lists.waiting(box, list.place)).length && part("off-warning").hidden) return show("off-warning");
    await Lists.takeOff(box, list.place);
    return offer();
  };

  /* Once a list is of no use any more, the names in it go; while a mark waits, nothing does. */
  const expire = async () => {
    for (const one of await Lists.all(box)) {
      if (Date.parse(one.until) < Date.now() + offset && !(await Lists.waiting(box, one.place)).length) await Lists.takeOff(box, one.place);
    }
  };

  /* --- who reads --- */
  const reader = async () => {
    const who = await Lists.asked(send);
    if (!who || who === Lists.holder()) return { who: Lists.holder(), isKnown: who !== null };
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

  const begin = async () => {
    if (!window.Keeper || !Keeper.usable) return show("old");
    const { who, isKnown } = await reader();
    await strangers(who);
    if (!who) return show(isKnown ? "none" : "unknown");
    box = await Lists.open(who, send);
    offset = await box.meta("offset") || 0;
    await expire();
    line = Outbox.line(box);
    document.addEventListener("outbox", async () => {
      if ((await box.status()).state !== "other") return draw();
      Lists.release(); /* somebody else signed in meanwhile: the names are not hers to see */
      return location.reload();
    });
    part("session").addEventListener("change", ({ target }) => choose(target.value));
    part("send").addEventListener("click", () => box.send());
    part("off").addEventListener("click", takeOff);
    await offer();
    return box.send();
  };
  begin();
})();
