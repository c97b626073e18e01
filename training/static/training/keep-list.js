/* Keeping a group's attendance list: what it holds and weighs stands in the page; here it is fetched, or taken off. */
(() => {
  "use strict";
  const root = document.querySelector("[data-keep-list]");
  if (!root) return;
  const { group, send, address, worker, who, tongue } = root.dataset;
  const NAME = `@lists/${document.documentElement.lang}`;
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const show = (name, isShown = true) => { part(name).hidden = !isShown; };
  const hush = () => ["full", "broken", "lost", "done", "gone"].forEach((one) => show(one, false));
  let box = null;

  const shown = async () => {
    const mine = (await Lists.all(box)).find((one) => one.place === group);
    for (const name of ["kept", "again", "off"]) show(name, Boolean(mine));
    show("go", !mine);
    if (!mine) return;
    part("since").textContent = part("since").dataset.words.replace("#", Days.moment(mine.at));
  };

  const fetchList = async () => {
    const greeting = await fetch(send, { cache: "no-store", credentials: "same-origin" });
    if (!greeting.ok) throw new Error(greeting.status);
    const hello = await greeting.json();
    if (hello.who !== who) throw new Error("Another person is signed in.");
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": hello.csrf }, redirect: "error" });
    if (answer.status === 404) {
      await Lists.withdraw(box, group);
      show("gone");
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    const { list, pages } = await answer.json();
    const space = await Keeper.room(pages.files);
    const missing = Keeper.isFull(space) ? space : await (async () => {
      await Keeper.begin(worker);
      return Keeper.keep(NAME, who, { ...pages, tongue }, pages.files, () => {});
    })();
    if (missing) {
      const told = part("full");
      const free = Keeper.kilobytes(Math.max(0, missing.free));
      told.lastElementChild.textContent = told.dataset.words.replace("##", free).replace("#", Keeper.kilobytes(missing.needed));
      show("full");
      return;
    }
    Lists.hold(who);
    await box.write("meta", Date.parse(hello.now) - Date.now(), "offset");
    await Lists.renew(box, list);
    await Keeper.sweep(NAME, pages.etag);
    show("done");
  };

  const act = async (button, work) => {
    hush();
    button.disabled = true;
    show("going");
    try {
      await work();
    } catch {
      show("broken");
    }
    show("going", false);
    button.disabled = false;
    await shown();
    for (const name of ["done", "full", "broken", "gone"]) if (!part(name).hidden) part(name).focus();
  };

  /* The first press says that marks wait; the second takes them with it. */
  const takeOff = async () => {
    if ((await Lists.waiting(box, group)).length && part("lost").hidden) {
      hush();
      show("lost");
      return;
    }
    await act(part("off"), () => Lists.takeOff(box, group));
    part("go").focus();
  };

  const begin = async () => {
    if (!Keeper.usable) {
      show("old");
      return;
    }
    box = await Lists.open(who, send);
    for (const name of ["go", "again"]) part(name).addEventListener("click", ({ target }) => act(target, fetchList));
    part("off").addEventListener("click", takeOff);
    await shown();
  };
  begin();
})();
