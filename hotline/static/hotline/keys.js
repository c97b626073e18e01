/* Keys as every keyboard writes them, and acts that ask once before they are done. */
window.deskKeys = (() => {
  "use strict";
  /* A keyboard that writes other letters, or digits only with Shift, is read by the place of the key. */
  const keyOf = (event) => {
    const [, letter, digit] = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(event.code) || [];
    const isOther = /[^ -~]/.test(event.key);
    if (isOther && event.code === "Slash") return event.shiftKey ? "?" : "/";
    if (isOther && letter) return letter.toLowerCase();
    if (digit && event.key.length === 1 && (isOther || !event.shiftKey)) return digit;
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  };
  /* What cannot be taken back is asked about once, beside its button and aloud; pressed again within five seconds it is done.
     A live update puts a new button in the place of the old one: the question goes on beside it, unless it asks something else. */
  const FIVE_SECONDS = 5000;
  let asked = null;
  const say = (words) => { document.getElementById("say-at-once").textContent = words; };
  const show = (part) => {
    const form = part.closest("form");
    form.dataset.words = asked.words;
    form.classList.add("asks");
  };
  /* The words stand above what was pressed; of a form that is higher than the window its beginning is shown. */
  const bringIntoView = (form) => {
    form.scrollIntoView({ block: form.offsetHeight > window.innerHeight ? "start" : "nearest" });
  };
  const forget = () => {
    if (!asked) return;
    window.clearTimeout(asked.timer);
    const part = document.getElementById(asked.id);
    if (part) part.closest("form").classList.remove("asks");
    asked = null;
    say("");
  };
  const isAsked = (part) => Boolean(asked) && asked.id === part.id && asked.words === part.dataset.ask;
  const asksFirst = (part) => {
    const isDone = !part.dataset.ask || isAsked(part);
    forget();
    if (isDone) return false;
    asked = { id: part.id, words: part.dataset.ask, timer: window.setTimeout(forget, FIVE_SECONDS) };
    part.focus();
    say(asked.words);
    show(part);
    bringIntoView(part.closest("form"));
    return true;
  };
  document.addEventListener("htmx:afterSettle", () => {
    const part = asked && document.getElementById(asked.id);
    if (!part) return;
    if (isAsked(part)) show(part);
    else forget();
  });
  return { keyOf, asksFirst };
})();
