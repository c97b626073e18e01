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
  let kept = null;
  const say = (words) => { document.getElementById("say-at-once").textContent = words; };
  const placeOf = (part) => part.closest("form") || part;
  const show = (part) => {
    const place = placeOf(part);
    place.dataset.words = asked.words;
    place.classList.add("asks");
  };
  /* The words stand above what was pressed; of a form that is higher than the window its beginning is shown. */
  const bringIntoView = (place) => {
    place.scrollIntoView({ block: place.offsetHeight > window.innerHeight ? "start" : "nearest" });
  };
  const forget = () => {
    if (!asked) return;
    window.clearTimeout(asked.timer);
    const part = document.getElementById(asked.id);
    if (part) placeOf(part).classList.remove("asks");
    asked = null;
    say("");
  };
  const tell = (part, words) => {
    forget();
    asked = { id: part.id, words, timer: window.setTimeout(forget, FIVE_SECONDS) };
    say(words);
    show(part);
    bringIntoView(placeOf(part));
  };
  /* What asks only for a while asks with `data-ask-soon`; a question that was put then is answered after it as well. */
  const wordsOf = (part) => part.dataset.ask || part.dataset.askSoon;
  const isAsked = (part) => Boolean(asked) && asked.id === part.id && asked.words === wordsOf(part);
  const asksFirst = (part, isSoon = false) => {
    const isDone = !(part.dataset.ask || (isSoon && part.dataset.askSoon)) || isAsked(part);
    forget();
    if (isDone) return false;
    part.focus();
    tell(part, wordsOf(part));
    return true;
  };
  /* A key that opens a choice of digits and cannot open it says why in the same way, and so long those digits do nothing else. */
  const keepDigits = (part, words) => {
    kept = { id: part.id, words, until: Date.now() + FIVE_SECONDS };
    tell(part, words);
  };
  const giveDigits = () => {
    kept = null;
    forget();
  };
  const isKept = (key) => {
    if (!kept || Date.now() > kept.until || !/^\p{Nd}$/u.test(key)) return false;
    tell(document.getElementById(kept.id), kept.words);
    return true;
  };
  document.addEventListener("htmx:afterSettle", () => {
    const part = asked && document.getElementById(asked.id);
    if (!part) return;
    if (isAsked(part) || !part.closest("form")) show(part);
    else forget();
  });
  return { keyOf, asksFirst, tellBeside: tell, keepDigits, giveDigits, isKept };
})();
