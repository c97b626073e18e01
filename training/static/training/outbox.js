/* What was done and waits on this phone until the server has it: decision 0010. */
window.Outbox = (() => {
  "use strict";
  const BATCH = 50;
  const FIRST = 2000;
  const LONGEST = 900000;
  const PATIENCE = 8000;
  const usable = Boolean(window.indexedDB && navigator.locks && crypto.randomUUID);

  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const ended = (work) => new Promise((done, failed) => {
    work.oncomplete = done;
    work.onabort = () => failed(work.error);
  });

  /* Ids of who has a store here. */
  const people = () => JSON.parse(localStorage.getItem("fanal-people") || "[]");
  const owner = () => localStorage.getItem("fanal-who") || "";
  const own = (who) => {
    localStorage.setItem("fanal-who", who.match(/.+/)[0]);
    localStorage.setItem("fanal-people", JSON.stringify([...new Set([...people(), who])]));
  };

  /* The response that a question holds; null while it is open. */
  const responseOf = (root, kind) => {
    const fields = [...root.querySelectorAll("input[name$=r], select[name*='r-']")];
    const chosen = fields.filter((one) => one.checked).map((one) => one.value);
    if (kind === "single") return chosen[0] || null;
    if (kind === "multiple") return chosen.length ? chosen : null;
    const keyed = fields.map((one) => [one.name.split("r-").pop(), one.value]);
    if (kind === "number") return Numbers.of(fields[0]);
    if (kind === "match") return keyed.some((pair) => pair[1]) ? keyed : null;
    if (kind !== "order") return fields[0].value.trim() || null;
    keyed.sort((one, other) => one[1] - other[1]);
    return keyed.every((pair, place) => pair[1] === `${place + 1}`) ? keyed.map((pair) => pair[0]) : null;
  };

  /* As a person counts: each question once, a story once. */
  const answersIn = (rows) => new Set(rows.flatMap(({ sent: { verb, payload } }) => {
    if (verb === "submitted") return payload.answers.flatMap((one) => (one.response === null ? [] : payload.attempt + one.item));
    return verb === "answered" ? `${payload.attempt}${payload.item}` : payload.play || payload.session || [];
  })).size;

  /* Of one person. One of a kind ("-attendance") keeps every answer. */
  const open = async (who, address, kind = "") => {
    const box = `fanal-${who.match(/.+/)[0]}${kind}`;
    const request = indexedDB.open(box, 1);
    request.onupgradeneeded = () => {
      const made = (name, keyPath) => request.result.createObjectStore(name, keyPath && { keyPath });
      made("meta");
      made("outbox", "seq");
      made("refused", "id");
      made("tests", "place");
    };
    const db = await asked(request);
    db.onversionchange = () => db.close();
    let pause = FIRST;
    let timer = 0;
    let state = "";

    const read = (name) => asked(db.transaction(name).objectStore(name).getAll());
    const meta = (key) => asked(db.transaction("meta").objectStore("meta").get(key));
    const change = async (names, act) => {
      const work = db.transaction(names, "readwrite");
      const acting = act(...names.map((name) => work.objectStore(name)));
      if (!acting?.then && work.commit) work.commit(); /* kept even if the page goes this moment */
      await Promise.all([acting, ended(work)]);
      document.dispatchEvent(new Event("outbox"));
    };
    const write = (name, ...what) => change([name], (rows) => rows.put(...what));

    /* `told` stays on this phone: a mark in words. */
    const add = async (numbers, rows, verb, activity, version, payload, told) => {
      const id = crypto.randomUUID();
      if (!await asked(numbers.get("device"))) numbers.put(crypto.randomUUID(), "device");
      const seq = (await asked(numbers.get("seq")) || 0) + 1;
      numbers.put(seq, "seq");
      rows.add({
        key: id, sent: { id, seq, verb, activity, version, payload, language: document.documentElement.lang, occurred_at: new Date().toISOString() }, seq, told,
      });
      return id;
    };
    const put = async (...what) => {
      let id;
      await change(["meta", "outbox"], async (numbers, rows) => { id = await add(numbers, rows, ...what); });
      return id;
    };

    /* A copied browser is a new device. */
    const renumber = () => change(["meta", "outbox"], async (numbers, rows) => {
      const left = await asked(rows.getAll());
      rows.clear();
      left.forEach((one, place) => {
        const seq = place + 1;
        rows.add({ ...one, seq, sent: { ...one.sent, seq, id: crypto.randomUUID() } });
      });
      numbers.put(crypto.randomUUID(), "device");
      numbers.put(left.length, "seq");
    });

    const settle = async (batch, results, now) => {
      let isCopied = false;
      await change(["outbox", "refused"], (rows, refused) => batch.forEach((one, place) => {
        const { reason } = results[place];
        if (reason === "id_taken" || reason === "seq_reused") {
          isCopied = true;
          return;
        }
        rows.delete(one.seq);
        if (reason || kind) refused.put({ ...results[place], id: one.key, sent: one.sent, told: one.told, at: Date.now(), now });
      }));
      if (isCopied) await renumber();
    };

    const ask = async (options, tail = "") => {
      const answer = await fetch(address + tail, { cache: "no-store", ...options });
      if (answer.ok) return answer.json();
      const { detail } = await answer.json().catch(() => ({}));
      throw { why: answer.status === 401 ? "sign_in" : detail === "who" ? "other" : answer.status, after: answer.headers.get("Retry-After") };
    };

    /* What cannot be read goes alone. */
    const sendSome = async (size) => {
      const batch = (await read("outbox")).slice(0, size);
      if (!batch.length) return false;
      const hello = await ask();
      /* What a code did goes into the account that took it over. */
      if (hello.who !== who && !(await ask({}, `?as=${who}`)).mine) throw { why: "other" };
      await write("meta", Date.parse(hello.now) - Date.now(), "offset");
      await write("meta", batch.at(-1).seq, "tried"); /* may have arrived */
      try {
        const answer = await ask({
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": hello.csrf },
          body: JSON.stringify({
            schema: `${kind.slice(1) || "progress"}/1`, who, device: await meta("device"), sent_at: new Date().toISOString(), events: batch.map((one) => one.sent),
          }),
        });
        await settle(batch, answer.results, answer.now);
        await write("meta", answer.now, "sent");
      } catch (error) {
        if (error.why !== 400 && error.why !== 413) throw error;
        if (size === 1) await settle(batch, [{ status: "rejected", reason: "malformed" }]);
        else while (await sendSome(1));
      }
      return true;
    };

    /* Return how it ended. */
    const send = () => navigator.locks.request(box, async () => {
      clearTimeout(timer);
      try {
        while (await sendSome(BATCH));
        state = "";
        pause = FIRST;
      } catch (error) {
        state = error.why || "later";
        if (state !== "sign_in" && state !== "other") timer = setTimeout(send, Math.max((error.after || 0) * 1000, pause * (0.5 + Math.random() / 2)));
        pause = Math.min(pause * 2, LONGEST);
      }
      document.dispatchEvent(new Event("outbox"));
      return state;
    });
    const soon = (after = 1500) => {
      clearTimeout(timer);
      timer = setTimeout(send, after);
    };
    addEventListener("online", send);

    /* Send now; tell whether an event still waits. */
    const isWaiting = async (key) => {
      await Promise.race([send(), new Promise((done) => setTimeout(done, PATIENCE))]);
      return (await read("outbox")).some((one) => one.key === key);
    };
    const status = async () => ({
      state,
      waiting: (await read("outbox")).length,
      answers: kind ? (await read("outbox")).length : answersIn(await read("outbox")),
      refused: (await read("refused")).filter((one) => one.reason).length,
      sent: await meta("sent"),
    });
    return { who, add, put, send, soon, isWaiting, status, read, write, meta, change, close: () => db.close() };
  };

  const line = (box) => {
    const place = document.querySelector("[data-outbox]");
    const words = JSON.parse(place.dataset.outbox);
    const [text, signIn, refused] = place.children;
    const show = async () => {
      const now = await box.status();
      const { waiting: n, answers, state } = now;
      if (n && state) place.dataset.always = "";
      const time = now.sent && new Date(now.sent).toTimeString().slice(0, 5);
      const told = !("always" in place.dataset) ? "" : answers ? words.forms[words.form[answers] || words.form[100 + answers % 100]].replace("#", answers) : n ? words.read : time ? words.sent.replace("#", time) : "";
      const why = n && words[state];
      text.textContent = told + (why ? `. ${why}` : "");
      text.hidden = !text.textContent;
      place.hidden = text.hidden && !now.refused;
      signIn.hidden = !n || state !== "sign_in";
      refused.hidden = !now.refused;
      refused.textContent = words.not_accepted.replace("#", now.refused);
      return [why, signIn.cloneNode(true)];
    };
    document.addEventListener("outbox", show);
    show();
    return { words, show, fail: () => { place.hidden = text.hidden = false; text.textContent = words.failed; } };
  };

  return { usable, asked, people, owner, own, open, line, responseOf };
})();
