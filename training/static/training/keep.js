/* Keeping a course: the price first, then one file after another, each checked, in a new cache beside the old one.
   The list of what is kept is one entry that changes when everything is there. */
(() => {
  "use strict";
  const root = document.querySelector("[data-keep]");
  if (!root) return;
  const LIST = "fanal-kept";
  const { send, worker, course } = root.dataset;
  let { who } = root.dataset;
  /* Each language is a course of its own here: its pages, its size, its cache. */
  const chooser = root.querySelector("select");
  const chosen = () => chooser.selectedOptions[0];
  const nameOf = () => `${course}/${chooser.value}`;
  const part = (what) => root.querySelector(`[data-part=${what}]`);
  const show = (what, isShown = true) => { part(what).hidden = !isShown; };
  const fill = (element, ...numbers) => {
    element.textContent = numbers.reduceRight((text, number, place) => text.replace("#".repeat(place + 1), number), element.dataset.words);
  };
  const hush = () => ["full", "broken", "test", "away"].forEach((one) => show(one, false));
  const kilobytes = (bytes) => Math.ceil(bytes / 1024);
  let offered = null;

  const list = async () => {
    const found = await caches.match("/kept");
    return found ? found.json() : {};
  };
  /* A course is kept by people, so that nobody is told what somebody else keeps on this phone. */
  const isMine = (row) => Boolean(row?.by?.includes(who));
  const writeList = async (rows) => (await caches.open(LIST)).put("/kept", new Response(JSON.stringify(rows)));

  const wanted = () => offered.files.filter((file) => {
    const tick = root.querySelector(`input[name=${file.kind}]`);
    return !tick || tick.checked;
  });

  const price = () => {
    for (const place of root.querySelectorAll("[data-kind]")) {
      const files = offered.files.filter((file) => file.kind === place.dataset.kind);
      fill(place, kilobytes(files.reduce((sum, file) => sum + file.travels, 0)));
      const tick = root.querySelector(`[data-tick=${place.dataset.kind}]`);
      if (tick) tick.hidden = !files.length;
    }
  };

  const shown = async () => {
    const rows = await list();
    const mine = isMine(rows[nameOf()]) ? rows[nameOf()] : null;
    const tongues = [...chooser.options].filter((one) => isMine(rows[`${course}/${one.value}`])).map((one) => one.textContent);
    show("tongues", tongues.length > 0);
    part("tongues").lastElementChild.textContent = tongues.join(" · ");
    show("kept", Boolean(mine));
    show("remove", Boolean(mine));
    show("price", Boolean(offered) && mine?.etag !== offered.etag);
    show("go", Boolean(offered) && !mine);
    show("update", Boolean(mine && offered && mine.etag !== offered.etag));
    if (!mine) return;
    fill(part("since"), Days.day(mine.at));
    part("open").href = mine.start;
    if (!offered) return;
    const isCurrent = mine.etag === offered.etag;
    show("current", isCurrent);
    show("changed", !isCurrent);
    const before = new Set(Object.values(mine.files));
    const fresh = wanted().filter((file) => !before.has(file.sha256));
    const lessons = fresh.filter((file) => offered.lessons.includes(file.url));
    if (!isCurrent) fill(part("changed"), kilobytes(fresh.reduce((sum, file) => sum + file.travels, 0)), lessons.length);
  };

  const ask = async () => {
    const { keep } = chosen().dataset;
    const answer = await fetch(keep, { cache: "no-store", credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    if (keep !== chosen().dataset.keep) return;
    offered = told;
    price();
  };

  /* One test is drawn with the course; what the learner did before comes along, so that her pages can show it. */
  const draw = async () => {
    const hello = await (await fetch(send, { cache: "no-store", credentials: "same-origin" })).json();
    const box = await Outbox.open(hello.who, send);
    Outbox.own(hello.who);
    who = hello.who;
    await box.send();
    const answer = await fetch(chosen().dataset.paper, { method: "POST", headers: { "X-CSRFToken": hello.csrf }, redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const { done, turns, plays, track, refresher, guest, test } = await answer.json();
    await box.write("meta", [...new Set([...await box.meta("done") || [], ...done])], "done");
    await box.write("meta", { ...turns, ...await box.meta("turns") }, "turns");
    await box.write("meta", { ...plays, ...await box.meta("plays") }, "plays");
    await box.write("meta", guest, "guest");
    await box.write("meta", Date.parse(hello.now) - Date.now(), "offset");
    await box.write("meta", refresher, `refresher/${course}`);
    if (!(await box.read("outbox")).some(({ sent }) => sent.verb === "tracked")) await box.write("meta", track, `track/${course}`);
    /* Answers that were chosen, in whatever language, belong to the test. One that is still open here, though nothing of it
       waits any more, was not counted when it was handed in: it can be taken once more. */
    const old = (await box.read("tests")).find((one) => test && one.attempt === test.attempt);
    const waits = old && (await box.read("outbox")).some(({ key }) => key === old.handed);
    if (test) await box.write("tests", { course, answers: {}, ...old, handed: waits ? old.handed : "", ...test, place: nameOf() });
  };

  const digest = async (content) => {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /* Fetch what is not there yet; a file that is the same as before, or in another language, is taken from there. */
  const fetchAll = async (files, cache, rows) => {
    const all = files.reduce((sum, file) => sum + file.travels, 0);
    let come = 0;
    for (const file of files) {
      if (!await cache.match(file.url)) {
        const before = Object.values(rows).find((row) => row.files[file.url] === file.sha256);
        const known = before && await (await caches.open(before.cache)).match(file.url);
        const answer = known || await fetch(file.url, { cache: "no-store", credentials: "same-origin", redirect: "error" });
        const content = await answer.arrayBuffer();
        if (await digest(content) !== file.sha256) throw new Error(`${file.url} is not what was listed.`);
        await cache.put(file.url, new Response(content, { headers: { "Content-Type": answer.headers.get("Content-Type") } }));
      }
      come += file.travels;
      part("going").querySelector("progress").value = come / all;
      fill(part("going").querySelector("span"), kilobytes(come), kilobytes(all));
    }
  };

  const room = async (files) => {
    const needed = files.reduce((sum, file) => sum + file.bytes, 0);
    const { quota = Infinity, usage = 0 } = navigator.storage?.estimate ? await navigator.storage.estimate() : {};
    return { needed, free: quota - usage };
  };
  const tellFull = ({ needed, free }) => {
    const told = part("full");
    told.lastElementChild.textContent = told.dataset.words.replace("##", kilobytes(Math.max(0, free))).replace("#", kilobytes(needed));
    for (const tick of root.querySelectorAll("input[name]")) tick.checked = false;
    show("full");
  };

  const fetchCourse = async () => {
    await ask();
    const files = wanted();
    const space = await room(files);
    if (space.free < space.needed) return tellFull(space);
    const rows = await list();
    const name = nameOf();
    const mine = rows[name];
    const into = `fanal-${name}-${offered.etag}`;
    show("going");
    await navigator.serviceWorker.register(worker, { scope: "/" });
    if (navigator.storage?.persist) await navigator.storage.persist();
    await draw();
    try {
      await fetchAll(files, await caches.open(into), rows);
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      await caches.delete(into);
      return tellFull(await room(files));
    }
    const { etag, version, start, heading } = offered;
    const tongue = chosen().textContent;
    const sums = Object.fromEntries(files.map((file) => [file.url, file.sha256]));
    const by = [...new Set([...mine?.by || [], who])];
    await writeList({ ...rows, [name]: { cache: into, etag, version, start, heading, tongue, by, at: new Date().toISOString(), files: sums } });
    if (mine && mine.cache !== into) await caches.delete(mine.cache);
    await Promise.resolve(Away.keep()).catch(() => null); /* the course is kept, whether or not this comes */
    return null;
  };

  /* A half of an earlier try that is no longer offered goes too. */
  const sweep = async () => {
    const held = new Set(Object.values(await list()).map((one) => one.cache));
    for (const one of await caches.keys()) {
      if (one.startsWith(`fanal-${nameOf()}-`) && !held.has(one) && !one.endsWith(offered?.etag)) await caches.delete(one);
    }
  };

  const remove = async () => {
    const rows = await list();
    const mine = rows[nameOf()];
    const others = mine.by.filter((one) => one !== who);
    if (others.length) {
      await writeList({ ...rows, [nameOf()]: { ...mine, by: others } });
      return;
    }
    delete rows[nameOf()];
    await writeList(rows);
    await caches.delete(mine.cache);
    if (Object.keys(rows).length) return;
    for (const one of await caches.keys()) await caches.delete(one);
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  };

  /* Never under a test: its page holds the lock as long as it is open. */
  const act = async (work) => {
    hush();
    chooser.disabled = true;
    await navigator.locks.request("fanal-test", { ifAvailable: true }, async (lock) => {
      if (!lock) return show("test");
      try {
        await work();
        await sweep();
      } catch {
        show("broken");
      }
      show("going", false);
      return shown();
    });
    chooser.disabled = false;
  };

  const begin = async () => {
    if (!window.Outbox || !Outbox.usable || !window.caches || !navigator.serviceWorker) {
      show("old");
      return;
    }
    part("go").addEventListener("click", () => act(fetchCourse));
    part("update").addEventListener("click", () => act(fetchCourse));
    part("remove").addEventListener("click", () => act(remove));
    const choose = async () => {
      offered = null;
      hush();
      await ask().catch(() => show("away"));
      await shown();
    };
    chooser.addEventListener("change", choose);
    show("language");
    await choose();
  };
  begin();
})();
