/* Keeping a course: the price first, then its pages and files by the keeper, and a test that is drawn for who keeps it. */
(() => {
  "use strict";
  const root = document.querySelector("[data-keep]");
  if (!root) return;
  const { kilobytes, list, room, isFull } = window.Keeper;
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
  const hush = () => ["full", "broken", "test", "busy", "away", "lost", "out", "wiped"].forEach((one) => show(one, false));
  let offered = null;
  let owner = ""; /* who has a store here, and has it still unless this phone was emptied in another window */

  /* A course is kept by people, so that nobody is told what somebody else keeps on this phone. */
  const isMine = (row) => Boolean(row?.by?.includes(who));

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

  const got = async (url, options) => {
    const answer = await fetch(url, { cache: "no-store", credentials: "same-origin", redirect: "error", ...options });
    if (!answer.ok) throw Object.assign(new Error(answer.status), { isOut: answer.status === 401 });
    return answer.json();
  };

  const ask = async () => {
    const { keep } = chosen().dataset;
    const told = await got(keep);
    if (keep !== chosen().dataset.keep) return;
    offered = told;
    price();
  };

  /* One test is drawn with the course; what the learner did before comes along, so that her pages can show it. */
  const draw = async () => {
    const hello = await got(send);
    const box = await Outbox.open(hello.who, send);
    Outbox.own(hello.who);
    who = owner = hello.who;
    await box.send();
    const { done, turns, plays, track, refresher, guest, test } = await got(chosen().dataset.paper, { method: "POST", headers: { "X-CSRFToken": hello.csrf } });
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
    if (!test || isHeldOn(await testHere(box), test)) return;
    await box.write("tests", { course, answers: {}, ...old, handed: waits ? old.handed : "", ...test, heading: offered.heading, place: nameOf() });
  };

  const testHere = async (box) => (await box.read("tests")).find((one) => one.place === nameOf());
  /* Another test is not put in the place of one that was begun here, before the server has said what becomes of that. */
  const isHeldOn = (mine, drawn) => Begun.isBegun(mine) && !mine.refused && mine.attempt !== drawn.attempt;

  const tellFull = ({ needed, free }) => {
    const told = part("full");
    told.lastElementChild.textContent = told.dataset.words.replace("##", kilobytes(Math.max(0, free))).replace("#", kilobytes(needed));
    for (const tick of root.querySelectorAll("input[name]")) tick.checked = false;
    show("full");
  };

  const isWiped = () => Boolean(owner) && !Outbox.people().includes(owner);
  const going = (come, all) => {
    if (isWiped()) throw new Error("This phone was emptied.");
    part("going").querySelector("progress").value = come / all;
    fill(part("going").querySelector("span"), kilobytes(come), kilobytes(all));
  };

  const fetchCourse = async () => {
    await ask();
    const files = wanted();
    const space = await room(files);
    if (isFull(space)) return tellFull(space);
    show("going");
    await Keeper.begin(worker);
    await draw();
    const missing = await Keeper.keep(nameOf(), who, { ...offered, tongue: chosen().textContent }, files, going);
    return missing && tellFull(missing);
  };

  /* The test goes with its course; of one that was handed in, what waits is in the outbox. */
  const remove = async () => {
    const box = await Outbox.open(who, send);
    const mine = await testHere(box);
    const isBegun = (await Begun.of(box)).some((one) => one.place === nameOf());
    if (mine && (isBegun || !mine.handed)) await box.change(["tests"], (rows) => rows.delete(mine.place));
    box.close();
    await Keeper.forget(nameOf(), who);
  };

  /* What was chosen in the test would go too, unless it lies here in another language that is kept as well. */
  const losesTest = async () => {
    const [box, rows] = [await Outbox.open(who, send), await list()];
    const begun = await Begun.of(box);
    box.close();
    const mine = begun.find((one) => one.place === nameOf());
    return Boolean(mine) && !begun.some((one) => one.attempt === mine.attempt && one !== mine && isMine(rows[one.place]));
  };
  const removeOrAsk = async () => {
    if (!await losesTest()) return act(remove);
    hush();
    part("to-test").href = `${part("open").getAttribute("href")}test/`;
    show("lost");
    return part("lost").focus();
  };

  /* Never under a test: its page holds the lock as long as it is open, with others; a window that keeps or removes, alone. */
  const isTestOpen = async () => (await navigator.locks.query()).held.some(({ name, mode }) => name === "fanal-test" && mode === "shared");
  const act = async (work) => {
    hush();
    chooser.disabled = true;
    await navigator.locks.request("fanal-test", { ifAvailable: true }, async (lock) => {
      if (!lock) return show(await isTestOpen() ? "test" : "busy");
      owner = Outbox.people().includes(who) ? who : "";
      try {
        await work();
        await Keeper.sweep(nameOf(), offered?.etag);
      } catch (error) {
        show(isWiped() ? "wiped" : error.isOut ? "out" : "broken");
        if (isWiped()) await Keeper.sweep(nameOf());
      }
      show("going", false);
      return shown();
    });
    chooser.disabled = false;
  };

  const begin = async () => {
    if (!Keeper.usable) {
      show("old");
      return;
    }
    part("go").addEventListener("click", () => act(fetchCourse));
    part("update").addEventListener("click", () => act(fetchCourse));
    part("remove").addEventListener("click", removeOrAsk);
    part("remove-all").addEventListener("click", () => act(remove));
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
