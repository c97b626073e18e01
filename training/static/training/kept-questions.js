/* The questions of a kept lesson: what is answered goes into the outbox and is explained at once, without a network too.

   An answer that waits stands in its question, with what was said of it, whenever the lesson is opened. What she chose since and did
   not send stays (along.js): then the question says of the one before that it waits, or is recorded, until she chooses that one again. */
(() => {
  "use strict";
  const { main, lesson, version, box, words, say, tell, isOut } = window.Kept;
  const { asText, fill } = window.Sent;
  const { number, folded } = window.Numbers;
  const KINDS = ["single", "multiple", "match", "order", "number", "short"];
  const PATIENCE = 8000;

  const verdict = (reason, name) => {
    reason.hidden = !name;
    if (name) reason.firstElementChild.replaceChildren(document.querySelector(`template[data-verdict=${name}]`).content.cloneNode(true));
  };

  /* Explain an answer beside each of its parts; tell whether all was right. */
  const explain = (form, kind) => {
    const parts = [...form.querySelectorAll("[data-right]")];
    if (kind === "single" || kind === "multiple") {
      return parts.map((one) => {
        const [isRight, isChosen] = [one.dataset.right === "1", one.querySelector("input").checked];
        one.classList.toggle("on", isChosen);
        verdict(one.querySelector(".reason"), isRight && isChosen ? "right" : isRight ? "missed" : isChosen ? "wrong" : "");
        return isRight === isChosen;
      }).every(Boolean);
    }
    if (kind === "match" || kind === "order") {
      return parts.map((one) => {
        const { value } = one.querySelector("select");
        verdict(one.querySelector(".reason"), value === one.dataset.right ? "right" : value ? "wrong" : "open");
        return value === one.dataset.right;
      }).every(Boolean);
    }
    const [{ dataset }] = parts;
    const value = Outbox.responseOf(form, kind);
    const isRight = kind === "short"
      ? dataset.right.split("\n").map(folded).includes(folded(value))
      : Math.abs(number(value) - Number(dataset.right)) <= Number(dataset.tolerance) + 1e-9;
    for (const one of form.querySelectorAll("[data-when]")) verdict(one, (one.dataset.when === "right") === isRight ? one.dataset.when : "");
    return isRight;
  };

  /* Have what was sent stand in its question, explained; what she chose since is put back, over verdicts that are not seen beside it.
     Return what is said of the whole, null where this question cannot hold it. */
  const stand = (form, response) => {
    const kind = form.dataset.keptCheck;
    const fields = [...form.querySelectorAll("input, select")].map((one) => [one, one.value, one.checked]);
    form.isSent = () => asText(Outbox.responseOf(form, kind), kind) === asText(response, kind);
    if (!form.isSent()) fill(form, response);
    const isHeld = KINDS.includes(kind) && form.isSent();
    const isRight = isHeld && explain(form, kind);
    if (!isHeld || "touched" in form.dataset) {
      for (const [one, value, checked] of fields) Object.assign(one, { value, checked });
      form.dataset.touched = form.isSent() ? "same" : "";
    }
    return isHeld ? document.querySelector(`template[data-verdict=${isRight ? "all" : "some"}]`).content.firstElementChild.cloneNode(true) : null;
  };

  const comeBack = (form, response) => {
    const banner = stand(form, response);
    if (banner) tell(form, banner, false);
  };

  const formOf = ({ payload: { item } }) => document.getElementById(`s-${item}`)?.querySelector("[data-kept-check]");

  /* Of each question the last answer that waits; what waited before and does no more is recorded, or was refused. */
  const show = async (opened, rows) => {
    const waits = new Map(rows.filter(({ sent: { verb, activity } }) => verb === "answered" && activity === lesson)
      .map(({ key, sent }) => [formOf(sent), { key, ...sent.payload }]));
    const refused = new Set((await opened.read("refused")).map(({ id }) => id));
    for (const form of main.querySelectorAll("[data-kept-check]")) {
      const mine = waits.get(form);
      const { waits: before } = form.dataset;
      if (mine) form.dataset.waits = mine.key;
      else delete form.dataset.waits;
      if (mine) delete form.dataset.recorded;
      else if (before && !refused.has(before)) form.dataset.recorded = "";
      if (mine && !form.isSent) comeBack(form, mine.response);
    }
  };

  /* What waits is read before any of it is sent, and shown once it is known who reads. */
  const begin = async () => {
    const opened = await box;
    if (!opened) return;
    const rows = await opened.read("outbox");
    const isNobody = await Promise.race([isOut, new Promise((done) => setTimeout(done, PATIENCE))]);
    if (isNobody === true || Outbox.owner() !== opened.who) return;
    await show(opened, rows);
    const again = async () => show(opened, await opened.read("outbox"));
    document.addEventListener("outbox", again);
    await again();
  };

  const record = async (item, response) => {
    const opened = await box;
    if (!opened) return;
    const turns = await opened.meta("turns") || {};
    turns[item] = (turns[item] || 0) + 1;
    await opened.put("answered", lesson, version, { attempt: null, item, turn: turns[item], response });
    await opened.write("meta", turns, "turns");
    opened.soon();
  };

  const answer = async (form, response) => {
    try {
      await record(form.closest("[data-screen]").dataset.screen, response);
    } catch {
      return say(form, words.failed);
    }
    const banner = stand(form, response);
    return banner ? tell(form, banner) : say(form, words.answer);
  };

  main.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-kept-check]");
    if (!form) return;
    event.preventDefault();
    const response = Outbox.responseOf(form, form.dataset.keptCheck);
    if (response) return answer(form, response);
    event.stopPropagation(); /* nothing is sent: what she chose stays as it is (along.js) */
    return say(form, form.dataset.missing);
  }, true);
  begin();
})();
