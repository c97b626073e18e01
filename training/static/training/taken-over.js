/* What waits on this phone under a code that the account took over is sent into the account, with what was kept under it. */
(async () => {
  "use strict";
  const place = document.querySelector("[data-taken-over]");
  if (!place || !window.Outbox || !Outbox.usable) return;
  const { takenOver: send } = place.dataset;
  const NOBODY = "undefined";
  const tell = (part, count) => {
    const told = place.querySelector(`[data-part=${part}]`);
    if (!told || !count) return;
    told.querySelector("span").textContent = told.dataset.words.replace("#", count);
    told.hidden = false;
  };
  const ask = async (tail) => {
    const answer = await fetch(send + tail, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  /* One place holds one test: that of the account, unless only the one of the code was begun. Where both were, or where that
     of the account is not sent yet, the other one stays under the code until the account's is out of its way. */
  const placed = async (box, own) => {
    const there = Object.fromEntries((await own.read("tests")).map((one) => [one.place, one]));
    const sending = new Set((await own.read("outbox")).map(({ key }) => key));
    const isHeld = (one) => Boolean(one) && (Begun.isBegun(one) || sending.has(one.handed));
    const tests = (await box.read("tests")).filter((one) => !there[one.place] || Begun.isBegun(one));
    return { free: tests.filter((one) => !isHeld(there[one.place])), held: tests.filter((one) => isHeld(there[one.place])) };
  };

  /* A test that was kept, and the courses in the list, are the account's now; then the store of the code goes. */
  const move = async (box, mine) => {
    const own = await Outbox.open(mine, send);
    Outbox.own(mine);
    const { free, held } = await placed(box, own);
    for (const one of free) await own.write("tests", one);
    own.close();
    if (held.length) return held.length;
    const found = window.caches && await caches.match("/kept");
    if (found) {
      const rows = await found.json();
      for (const row of Object.values(rows)) row.by = [...new Set((row.by || []).map((one) => (one === box.who ? mine : one)))];
      await (await caches.open("fanal-kept")).put("/kept", new Response(JSON.stringify(rows)));
    }
    box.close();
    forget(box.who);
    return 0;
  };

  const forget = (who) => {
    for (const kind of ["", "-attendance"]) indexedDB.deleteDatabase(`fanal-${who}${kind}`);
    localStorage.setItem("fanal-people", JSON.stringify(Outbox.people().filter((one) => one !== who)));
  };

  /* A store of nobody: what was noted in it while the server named no one. It is hers who alone has a store here besides;
     where several have, nobody can tell whose it is, and it stays. Each event keeps its id and its time. */
  const adopt = async (mine) => {
    const [lost, own] = [await Outbox.open(NOBODY, send), await Outbox.open(mine, send)];
    Outbox.own(mine);
    const [rows, turns] = [await lost.read("outbox"), await own.meta("turns") || {}];
    const known = new Set((await own.read("outbox")).map(({ key }) => key));
    await own.change(["meta", "outbox"], async (numbers, waiting) => {
      if (!await Outbox.asked(numbers.get("device"))) numbers.put(crypto.randomUUID(), "device");
      let seq = await Outbox.asked(numbers.get("seq")) || 0;
      for (const one of rows.filter(({ key }) => !known.has(key))) {
        const { item, turn } = one.sent.payload;
        const payload = turn ? { ...one.sent.payload, turn: turn + (turns[item] || 0) } : one.sent.payload;
        seq += 1;
        waiting.add({ ...one, seq, sent: { ...one.sent, seq, payload } });
      }
      numbers.put(seq, "seq");
    });
    lost.close();
    forget(NOBODY);
    const before = await own.status();
    await own.send();
    const after = await own.status();
    own.close();
    return [before.answers - after.answers, after.answers];
  };

  let [sent, left, held] = [0, 0, 0];
  const { who: mine } = await ask("");
  for (const other of Outbox.people().filter((one) => one !== mine)) {
    const { mine: isHers } = await ask(`?as=${other}`);
    if (!isHers) continue;
    const box = await Outbox.open(other, send);
    const before = await box.status();
    await box.send();
    const after = await box.status();
    sent += before.answers - after.answers;
    left += after.answers;
    if (!after.waiting && !after.refused) held += await move(box, mine);
  }
  const others = Outbox.people().filter((one) => one !== mine);
  if (others.length === 1 && others[0] === NOBODY) {
    const [went, stayed] = await adopt(mine);
    sent += went;
    left += stayed;
  }
  tell("went", sent);
  tell("left", left);
  tell("held", held);
})().catch(() => null);
