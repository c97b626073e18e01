/* Pages of a course and their like in what this phone keeps of it: what is done on the one is done on the other, and without
   a network the kept one opens where the other was asked for. */
window.Twins = (() => {
  "use strict";

  /* A test has its like only where it is the very one that was drawn for this phone. */
  const testsOf = async (box, path) => (await box.read("tests")).filter(({ attempt }) => path === `/test/${attempt}/`);

  /* On from a part that a refresher asked: the next lesson that it asks, else the page of the course, which tells what is left. */
  const nextOf = async (box, path, start, files) => {
    const [, key] = /^\/learning\/([a-z0-9_-]+)\/on\/$/i.exec(path) || [];
    const left = key && await box.meta(`refresher/${key}`);
    const next = (left?.asked || []).map((id) => `${start}${id}/`).find((url) => url in files);
    return next || start;
  };

  /* The kept page for an address, in its language, else in one of the phone's, else in whichever it is kept; "" for none. */
  const of = async (box, address) => {
    const { pathname, search, hash } = new URL(address, location.href);
    const [, language] = pathname.split("/");
    const path = pathname.slice(language.length + 1);
    const found = box && window.caches && await caches.match("/kept");
    if (!found) return "";
    const drawn = (await testsOf(box, path)).map((one) => one.place);
    const kept = Object.entries(await found.json()).filter(([, row]) => row.by?.includes(box.who)).map(([name, row]) => [
      name.split("/")[1], drawn.includes(name) ? `${row.start}test/` : row.twins?.[path], row.files,
    ]).filter(([, twin]) => twin);
    const phone = navigator.languages.map((one) => one.split("-")[0]);
    const code = [language, ...phone].find((one) => kept.some(([own]) => own === one));
    const [, twin, files] = kept.find(([own]) => own === code) || kept[0] || [];
    if (!twin) return "";
    const to = new URL(await nextOf(box, path, twin, files), location.href);
    return to.pathname + search + (hash || to.hash);
  };

  /* What is done on this phone is done here at once, also what a refresher asked. */
  const done = async (box, activity) => {
    const { course } = document.querySelector("main").dataset;
    await box.write("meta", [...new Set([...await box.meta("done") || [], activity])], "done");
    const left = await box.meta(`refresher/${course}`);
    if (left) await box.write("meta", { ...left, asked: left.asked.filter((one) => one !== activity) }, `refresher/${course}`);
  };

  return { of, done };
})();
