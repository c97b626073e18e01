/* A story on a kept course: the path of choices is in the address, and in the outbox before the page moves on. */
(() => {
  "use strict";
  const { main, version, box, words, part, show, say, done } = window.Kept;
  const { story, graph, start, most } = main.dataset;
  const sceneOf = (key) => main.querySelector(`[data-node="${key}"]`);
  const address = (path) => `?path=${path.join(".")}#scene`;
  const asked = new URLSearchParams(location.search).get("path");
  const keys = (asked || "").split(".").filter((key) => /^[a-z0-9_-]+$/.test(key)).slice(0, Number(most));

  /* As far as the story knows the path: the buttons that were pressed, and the scene they lead to. */
  const walk = (path) => {
    const steps = [];
    let here = sceneOf(start);
    for (const key of path) {
      const way = here.querySelector(`[data-choice="${key}"]`);
      if (!way) break;
      steps.push(way);
      here = sceneOf(way.dataset.to);
    }
    return { steps, here };
  };
  const didOf = (way) => way.parentElement.querySelector(`[data-did="${way.dataset.choice}"]`).content.firstElementChild.cloneNode(true);
  const pathOf = (steps) => steps.map((way) => way.dataset.choice);

  /* A path that goes on with the play, or repeats a part of it, is that play; one that leaves it is another. */
  const note = async (path, isEnd) => {
    const opened = await box;
    if (!opened) return;
    const plays = await opened.meta("plays") || {};
    const mine = plays[story];
    const isSame = Boolean(mine) && path.slice(0, mine.path.length).every((key, place) => key === mine.path[place]);
    if (isSame && path.length <= mine.path.length) return;
    const play = isSame ? mine.play : crypto.randomUUID();
    await opened.put("chose", story, version, { play, graph, path });
    await opened.write("meta", { ...plays, [story]: { play, path } }, "plays");
    if (isEnd) await done(opened, story);
  };

  const choose = async (way, steps) => {
    const path = [...pathOf(steps), way.dataset.choice];
    try {
      await note(path, "end" in sceneOf(way.dataset.to).dataset);
    } catch {
      return say(way.parentElement, words.failed);
    }
    return location.assign(address(path));
  };

  const before = async () => {
    show("before");
    const opened = await box;
    const mine = opened && (await opened.meta("plays") || {})[story];
    const path = mine ? pathOf(walk(mine.path).steps) : [];
    for (const name of ["resume", "anew"]) show(name, path.length > 0);
    show("begin", !path.length);
    part("resume").href = address(path);
    show("played", Boolean(opened) && (await opened.meta("done") || []).includes(story));
  };

  const ended = (steps) => {
    part("did").replaceChildren(...steps.map((way, place) => {
      const card = didOf(way);
      card.querySelector("a").href = address(pathOf(steps.slice(0, place)));
      return card;
    }));
    show("ended");
  };

  const scene = () => {
    const { steps, here } = walk(keys);
    const isEnd = "end" in here.dataset;
    show("cut", steps.length < keys.length);
    here.hidden = false;
    if (steps.length) {
      const card = didOf(steps[steps.length - 1]);
      part("last").append(...["words", "feedback", "newer"].map((name) => part(name, card)).filter(Boolean));
      show("last");
    }
    show("long", !isEnd && steps.length >= Number(most));
    if (!isEnd) part("ways", here).hidden = steps.length >= Number(most);
    show("ways-back", !isEnd);
    for (const name of ["back", "first"]) show(name, steps.length > 0);
    part("back").href = address(pathOf(steps.slice(0, -1)));
    if (isEnd) ended(steps);
    here.addEventListener("click", (event) => {
      const way = event.target.closest("[data-choice]");
      if (way) choose(way, steps);
    });
    const first = steps.length ? part("last") : here;
    first.id = "scene";
    first.scrollIntoView();
  };

  if (asked === null) before();
  else scene();
})();
