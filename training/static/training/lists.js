/* A trainer's attendance lists on this phone and the marks that wait: a store of her own beside that of what she learns, so
   that pages kept earlier, which know one kind of record, never send a mark as an answer of hers. */
window.Lists = (() => {
  "use strict";
  const KIND = "-attendance";
  const HOLDER = "fanal-holder";
  const PATIENCE = 4000;
  let heard = null;

  /* Whose lists may be shown here: who was signed in when the server last said so. A sign-in forgets it (arriving.js). */
  const holder = () => localStorage.getItem(HOLDER) || "";
  const hold = (who) => {
    Outbox.own(who);
    localStorage.setItem(HOLDER, who);
  };
  const release = () => localStorage.removeItem(HOLDER);

  /* Lists lie where other stores have tests, by the group: a store keeps the shape that it was made with. */
  const open = (who, send) => Outbox.open(who, send, KIND);
  const all = (box) => box.read("tests");

  /* What is known of somebody at a session: of what the list and an answer say, that of which more had been said, a count of
     the server. No clock of a phone tells which one is newer. Said equally often, an answer that took the mark is the newer one. */
  const stands = (list, member, session) => list.members.find(({ id }) => id === member)?.stands[session] || { minutes: 0, told: 0 };
  const newest = (listed, answer) => {
    const isNewer = answer?.stands && (answer.reason ? answer.stands.told > listed.told : answer.stands.told >= listed.told);
    return isNewer ? answer.stands : listed;
  };
  const isHeld = (list, { stands: found, sent: { payload } }) => !found || found.told <= stands(list, payload.member, payload.session).told;

  /* A list that is fetched anew: answers that it holds go, and of whom or which session a mark still waits or was not taken,
     that stays on it, though it left the group: nobody's mark is out of sight. */
  const renew = async (box, list) => {
    const old = (await all(box)).find((one) => one.place === list.place);
    const answers = (await box.read("refused")).filter(({ sent }) => sent.payload.cohort === list.place);
    await box.change(["refused"], (rows) => answers.filter((one) => !one.reason && isHeld(list, one)).forEach((one) => rows.delete(one.id)));
    const open = [...await waiting(box, list.place), ...answers.filter((one) => one.reason)].map(({ sent }) => sent.payload);
    const stay = (rows, known, name) => [...rows, ...(known || []).filter(
      (one) => !rows.some(({ id }) => id === one.id) && open.some((payload) => payload[name] === one.id),
    )];
    const [members, sessions] = [stay(list.members, old?.members, "member"), stay(list.sessions, old?.sessions, "session")];
    await box.write("tests", { ...list, members, sessions, kept: Date.now() });
  };

  const waiting = async (box, group) => (await box.read("outbox")).filter(({ sent }) => sent.payload.cohort === group);

  /* The marks of a group that wait, as a sending has them, for where there is a network: ids, no name. */
  const download = async (box, group, name) => {
    const file = {
      schema: "marks/1", who: box.who, device: await box.meta("device"), offset_ms: await box.meta("offset") || 0,
      events: (await waiting(box, group)).map((one) => one.sent),
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
    link.download = `${name}-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
  };

  /* The page that shows lists goes with her last one. */
  const forgetPages = async (box) => {
    if ((await all(box)).length) return;
    for (const name of Object.keys(await Keeper.list())) if (name.startsWith("@lists/")) await Keeper.forget(name, box.who);
  };
  const asked = (rows) => new Promise((done) => { rows.getAll().onsuccess = ({ target }) => done(target.result); });

  /* A list goes with every name. What was not taken stays until she has read why, in its own words and by the number. */
  const leave = async (box, group, isWithMarks) => {
    await box.change(["outbox", "refused", "tests"], async (marks, answers, lists) => {
      lists.delete(group);
      if (isWithMarks) for (const one of await asked(marks)) if (one.sent.payload.cohort === group) marks.delete(one.seq);
      for (const one of await asked(answers)) {
        if (one.sent.payload.cohort !== group) continue;
        if (one.reason) answers.put({ ...one, said: undefined });
        else answers.delete(one.id);
      }
    });
    await forgetPages(box);
  };

  /* She wants it off this phone: marks that wait go too. */
  const takeOff = (box, group) => leave(box, group, true);

  /* The server hands this group out to her no more, or the list is of no use any more: marks that wait are still sent. */
  const withdraw = (box, group) => leave(box, group, false);

  /* Which of her lists are of groups that are not hers: so says an answer to a mark, also one that takes it and tells nothing
     of how the person stands, or the server when it is asked. Tell whether any went. */
  const isNotHers = ({ reason, stands: found }) => (reason ? reason === "not_your_group" : !found);
  const checkNow = async (box, send) => {
    const lists = await all(box);
    const answers = await box.read("refused");
    const gone = new Set(lists.filter(({ place, at }) => answers.some(
      (one) => isNotHers(one) && one.sent.payload.cohort === place && Date.parse(one.now) > Date.parse(at),
    )).map(({ place }) => place));
    if (send && lists.length) {
      const answer = await fetch(`${send}?groups=${lists.map(({ place }) => place)}`, { cache: "no-store", credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) for (const one of (await answer.json()).gone) gone.add(one);
    }
    for (const one of gone) await withdraw(box, one);
    return gone.size > 0;
  };
  /* One after another: what one takes off, the next one finds gone. */
  let checked = Promise.resolve();
  const check = (box, send) => {
    const act = () => checkNow(box, send);
    checked = checked.then(act, act);
    return checked;
  };

  /* Who is signed in as the server says: her id, "" for nobody, null where it does not answer in time. */
  const signedIn = async (send) => {
    const found = fetch(send, { cache: "no-store", credentials: "same-origin" });
    const answer = await Promise.race([found.catch(() => null), new Promise((done) => setTimeout(done, PATIENCE, null))]);
    if (!answer || (!answer.ok && answer.status !== 401)) return null;
    if (!answer.ok) return "";
    const { who, now } = await answer.json();
    heard = { now: Date.parse(now), at: performance.now() };
    return who;
  };

  /* What the server's clock shows, counted on from what it told this page; null where it told nothing. Setting the clock of
     the phone does not move this; a phone that sleeps may hold it back. */
  const clock = () => heard && heard.now + performance.now() - heard.at;

  return { KIND, holder, hold, release, open, all, stands, newest, renew, waiting, download, takeOff, withdraw, check, signedIn, clock };
})();
