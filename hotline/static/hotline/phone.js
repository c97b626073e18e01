/* The on-screen phone: keys of the keyboard, a clock, words for a message, and speech where this browser has a voice of that language. */
(() => {
  "use strict";
  const phone = document.querySelector("[data-phone]");
  if (!phone) return;
  const TYPED = "input:not([type=hidden]),textarea,select";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.matches(TYPED)) return;
    const key = [...phone.querySelectorAll("[data-key]")].find((button) => button.dataset.key === event.key);
    if (!key) return;
    event.preventDefault();
    key.classList.add("pressed");
    window.setTimeout(() => key.classList.remove("pressed"), 200);
    key.click();
  });

  /* The second press of a double click dials no second telephone and sends no text twice; keys may be pressed twice. */
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form[method=post]:not([hx-post]) button")) event.preventDefault();
  }, true);

  /* The number to dial follows the caller's country, unless somebody wrote another; a closed line says so. */
  const dial = phone.querySelector("form[data-numbers]");
  if (dial) {
    const numbers = JSON.parse(dial.dataset.numbers);
    const tell = () => {
      const shown = phone.querySelector(".screen .to");
      if (shown && dial.elements.caller) shown.textContent = dial.elements.to.value;
      for (const line of dial.querySelectorAll("[data-closed]")) line.hidden = line.dataset.closed !== dial.elements.to.value;
    };
    dial.addEventListener("change", (event) => {
      const isOurs = Object.values(numbers).includes(dial.elements.to.value);
      if (event.target === dial.elements.caller && isOurs) dial.elements.to.value = numbers[event.target.value];
      tell();
    });
    dial.addEventListener("input", tell);
    tell();
  }

  const tick = () => {
    for (const shown of phone.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(shown.dataset.since)) / 1000));
      shown.textContent = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    }
  };

  /* Only voices that live in this device: what the line says never leaves it. */
  let said = Math.max(0, ...[...phone.querySelectorAll("[data-say]")].map((line) => Number(line.dataset.say)));
  const voiceOf = (language) => speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language.split("-")[0]);
  const speak = () => {
    if (!("speechSynthesis" in window)) return;
    for (const line of phone.querySelectorAll("[data-say]")) {
      const number = Number(line.dataset.say);
      if (number <= said) continue;
      said = number;
      const voice = line.dataset.kind === "said" && line.lang ? voiceOf(line.lang) : null;
      if (!voice) continue;
      const words = new SpeechSynthesisUtterance(line.querySelector(".words").textContent);
      words.voice = voice;
      words.lang = voice.lang;
      speechSynthesis.speak(words);
    }
    if (!phone.querySelector("#phone-hang-up")) speechSynthesis.cancel();
  };
  const toEnd = () => {
    const heard = document.getElementById("phone-heard");
    if (heard) heard.scrollTop = heard.scrollHeight;
  };

  /* Who types what she says is speaking: the recording goes on meanwhile. Her field stays as it is while the page is renewed;
     only whether it can be sent follows. */
  const EVERY = 2000;
  let typedAt = 0;
  phone.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-typing]");
    if (!form || Date.now() - typedAt < EVERY) return;
    typedAt = Date.now();
    fetch(form.dataset.typing, { method: "POST" }).catch(() => {});
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const before = target.id === "phone-words" && target.querySelector("form"), after = before && fragment.querySelector("#phone-words form");
    if (!after) return;
    event.detail.shouldSwap = false;
    before.querySelector("button").disabled = after.querySelector("button").disabled;
  });

  /* Whoever stood on a button that went with the call stands on the one that calls again. */
  let stoodOnAct = false;
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id === "phone-acts") stoodOnAct = event.detail.target.contains(document.activeElement) && document.activeElement.matches("button");
  });
  const toCall = () => {
    const call = document.getElementById("phone-dial");
    if (stoodOnAct && call && document.activeElement === document.body) call.focus();
    stoodOnAct = false;
  };

  document.body.addEventListener("htmx:afterSettle", () => { tick(); speak(); toEnd(); toCall(); });
  tick();
  toEnd();
  window.setInterval(tick, 1000);
})();
