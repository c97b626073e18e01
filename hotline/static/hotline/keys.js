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
  /* What cannot be taken back is asked about once, beside its button and aloud; pressed again within five seconds it is done. */
  let asked = null;
  const asksFirst = (part) => {
    const isAsked = !part.dataset.ask || asked === part.id;
    asked = isAsked ? null : part.id;
    if (isAsked) return false;
    const form = part.closest("form");
    const say = document.getElementById("say-at-once");
    part.focus();
    say.textContent = form.dataset.words = part.dataset.ask;
    form.classList.add("asks");
    window.setTimeout(() => {
      asked = null;
      form.classList.remove("asks");
      say.textContent = "";
    }, 5000);
    return true;
  };
  return { keyOf, asksFirst };
})();
