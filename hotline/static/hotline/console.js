/* The live console: keys, and what is not saved. The page works without it. */
(() => {
  "use strict";
  const main = document.querySelector("[data-console]");
  if (!main) return;
  const byId = (id) => document.getElementById(id);

  /* The note and a text say how much room is left; a text that is too long says so, and is cut nowhere. */
  const count = () => {
    for (const field of document.querySelectorAll("[data-count]")) {
      const shown = byId(field.dataset.count);
      if (shown) {
        const { words, isOver } = window.roomLeft(field);
        shown.textContent = words;
        shown.classList.toggle("error-text", isOver);
      }
    }
  };

  /* Pressing "Save" leaves the note's field too: the click alone sends it then, so that one click is one request. */
  let isPressingSave = false;
  const isSave = (event) => Boolean(event.target.closest && event.target.closest("#note-save"));
  document.addEventListener("pointerdown", (event) => { isPressingSave = isSave(event); }, true);
  document.addEventListener("change", (event) => {
    if (!event.target.matches("#note-form textarea")) return;
    if (isPressingSave || event.target.readOnly) event.stopImmediatePropagation();
  }, true);
  const release = (event) => {
    const note = document.querySelector("#note-form textarea");
    const wasLeft = isPressingSave && (event.type === "pointercancel" || !isSave(event));
    isPressingSave = false;
    if (wasLeft && note) note.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);

  /* Keys: only outside text fields, never with a modifier, and a destructive one asks once. */
  const TYPED = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]";
  const { keyOf, asksFirst, tellBeside, keepDigits, giveDigits, isKept } = window.deskKeys;
  const { differs } = window.begunAnswer;
  /* The questions by keys have the digits while the keyboard stands among them, and the sheet has them otherwise. */
  const isAsking = () => {
    const ask = byId("ask");
    return Boolean(ask && ask.open && ask.contains(document.activeElement));
  };
  const find = (key) => {
    const isHere = (part) => !/^\d$/.test(key) || Boolean(part.closest("#ask")) === isAsking();
    return [...document.querySelectorAll("[data-key]")].find((part) => part.dataset.key === key && !part.disabled && part.offsetParent && isHere(part));
  };
  /* K is always the call's: where it opens no questions it says why, and the digits after it are no answers on the sheet. */
  const refuseAsk = (words) => { keepDigits(byId("no-ask"), words || byId("no-ask").dataset.ask); };
  const turnAsk = (summary) => {
    const ask = byId("ask");
    ask.open = !isAsking();
    (ask.open ? ask.querySelector("button") : summary).focus();
    if (ask.open) giveDigits();
    else refuseAsk(byId("no-ask").dataset.closed);
  };
  const goTo = (selector) => {
    const part = document.querySelector(selector);
    if (part) part.focus();
    return Boolean(part);
  };
  const goToNote = () => goTo("#note-form textarea");
  const goToWrapUp = () => goTo("#wrap-up [type=radio],#wrap-up .button");
  /* A call that is over is closed next: the keyboard stands on the first answer, unless it is in use elsewhere. */
  let hasLanded = Boolean(document.querySelector("#wrap-up[data-lands]"));
  const land = () => {
    const isOver = Boolean(document.querySelector("#wrap-up[data-lands]"));
    if (isOver && !hasLanded && document.activeElement === document.body) goToWrapUp();
    hasLanded = isOver;
  };
  /* Whoever pressed N twice for a call, and lost it, does not open a text with the second; and what was pressed for a call
     that ended meanwhile closes no sheet: the answers that close one hear keys only once they have stood there a moment,
     and those whose letter meant something else in the call ask once for a while longer. */
  const A_MOMENT = 1500;
  const SOON = 10000;
  const loadedAt = Date.now();
  let closing = "";
  let closingSince = 0;
  const meetWrapUp = () => {
    const form = byId("wrap-up");
    const action = form ? form.action : "";
    if (action !== closing) closingSince = Date.now();
    closing = action;
  };
  meetWrapUp();
  const isCallBack = (part) => part.name === "after" && part.dataset.key === "k";
  const isTooSoon = (part) => {
    meetWrapUp();
    if (part.id.startsWith("read-")) return Date.now() - loadedAt < A_MOMENT;
    return (part.name === "topic" || isCallBack(part)) && Date.now() - closingSince < A_MOMENT;
  };
  const press = (part) => {
    if (part.id === "ask-keys") {
      turnAsk(part);
      return;
    }
    if (isTooSoon(part)) {
      if (isCallBack(part)) refuseAsk();
      return;
    }
    if (asksFirst(part, Date.now() - closingSince < SOON)) return;
    const here = document.activeElement;
    const leavesWrapUp = Boolean(here && here.closest("#wrap-up")) && !part.closest("#wrap-up");
    if ("focus" in part.dataset || leavesWrapUp) part.focus();  // the next Enter is not for the wrap-up
    part.click();
  };
  const isUnfolded = (list) => CSS.supports("selector(select:open)") && list.matches(":open");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    const dialog = byId("keys-dialog");
    if (dialog && dialog.open) return;
    if (event.target.matches && event.target.matches(TYPED)) {
      if (event.key === "Escape") event.target.blur();
      if (event.key === "Enter" && event.target.id === "answer-place" && !isUnfolded(event.target)) {
        event.preventDefault();
        byId("answer-1").click();
      }
      return;
    }
    const key = keyOf(event);
    if (key === "/") {
      if (goToNote()) event.preventDefault();
      return;
    }
    if (key === "f") {
      if (goToWrapUp()) event.preventDefault();
      return;
    }
    if (key === "?" && dialog) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (!isAsking() && isKept(key)) {
      event.preventDefault();
      return;
    }
    const number = byId("answer-number");
    if (number && number.offsetParent && !isAsking() && /^\p{Nd}$/u.test(key)) {
      number.focus();
      return;
    }
    /* Enter on a link or a button is theirs; anywhere else it saves the answer of a list. */
    if (key === "Enter" && event.target.closest && event.target.closest("a[href],button,summary")) return;
    const part = find(key);
    if (!part) {
      const none = byId("no-next");
      if (key === "k") refuseAsk();
      if (key === "n" && none.dataset.ask) tellBeside(none, none.dataset.ask);
      return;
    }
    event.preventDefault();
    press(part);
  });
  const opener = byId("all-keys");
  if (opener) opener.addEventListener("click", () => byId("keys-dialog").showModal());

  /* What was refused is marked, so that the next key writes over it. Nobody is fetched from another field, and no field takes
     the keyboard by itself: the letters of the call are the call's until somebody goes into one. */
  let met = null;
  const meetField = () => {
    const field = document.querySelector("#answer-number,#answer-place");
    if (!field || field === met) return;
    met = field;
    const here = document.activeElement;
    if (!byId("answer-error") || (here !== document.body && !here.closest("#sheet"))) return;
    field.focus();
    if (field.select) field.select();
  };

  /* What became of a press stands above everything: it is brought into sight, and said. With what a sheet has just closed is
     said once. */
  const told = document.querySelector("main > .told") || document.querySelector("#closed-sheet[data-new] p");
  const tell = () => {
    told.scrollIntoView({ block: "nearest" });
    window.setTimeout(() => { byId("say-politely").textContent = told.innerText.trim(); }, 300);
  };

  /* The sheet follows what was saved elsewhere, but never takes away what is being given: then it waits for the next poll. */
  let isSheetBehind = false;
  /* What was asked before an answer opened the next question would bring the one before back, under the next key. */
  let liveQuestion = "";
  const questionNow = () => (byId("sheet-question") || { value: "" }).value;
  const isAtSheet = () => {
    const sheet = byId("sheet");
    if (!sheet) return false;
    const here = document.activeElement;
    if (here && sheet.contains(here) && here.matches(`${TYPED},input[type=checkbox]`)) return true;
    return Boolean(sheet.querySelector(".htmx-request,.banner.wait:not(#sheet-in-hand),#answer-error")) || [...sheet.querySelectorAll("input,select")].some(differs);
  };
  /* A call that a colleague has by now is only read: what was begun stands there to be copied, and is written nowhere.
     Once it is hers again she goes on with it. */
  const followHand = (fragment) => {
    const sheet = byId("sheet");
    const question = sheet.querySelector("form [name=question]");
    const line = byId("sheet-in-hand");
    const theirs = fragment.querySelector("#sheet-in-hand");
    if (!question) return;
    if (line) line.remove();
    if (theirs) question.form.before(theirs.cloneNode(true));
    for (const part of sheet.querySelectorAll("form select,form button,form [type=checkbox]")) part.disabled = Boolean(theirs);
    for (const part of sheet.querySelectorAll("#answer-number")) part.readOnly = Boolean(theirs);
  };
  const isHeldHere = () => Boolean(byId("sheet-in-hand") && byId("sheet").querySelector("form [name=question]"));
  const followNote = () => {
    const hand = byId("note-hand");
    const form = byId("note-form");
    if (!hand || !form) return;
    const { note } = form.elements;
    const isUnkept = note.value !== note.defaultValue || form.hasAttribute("data-refused");
    note.readOnly = hand.hasAttribute("data-held");
    byId("note-save").disabled = note.readOnly;
    if (byId("note-copy")) byId("note-copy").hidden = !isUnkept;
  };
  /* Whoever stands on a button that is gone, as the way back to voice is once it was taken, stands on the list's head; and
     where the whole list was gone for a moment, as while the telephones still join, it is open again as she opened it. */
  let wasAsking = false;
  let hasLostAsk = false;
  const stayAsking = () => {
    const head = byId("ask-keys");
    if (hasLostAsk && !head) refuseAsk();  // the digit that is on its way was for the caller
    hasLostAsk = false;
    const isLost = document.activeElement === document.body;
    if (wasAsking && isLost && head) {
      byId("ask").open = true;
      head.focus();
      giveDigits();
    }
    wasAsking = wasAsking && isLost && !head;  // the list comes back with the conversation
  };
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const ask = event.detail.target.id === "callbar" && byId("ask");
    const nextAsk = ask && event.detail.fragment.querySelector("#ask");
    if (nextAsk) nextAsk.open = ask.open;
    hasLostAsk = hasLostAsk || isAsking();
    wasAsking = wasAsking || isAsking();
    if (event.detail.target.id !== "sheet") return;
    if (isAtSheet() || questionNow() !== liveQuestion) {
      isSheetBehind = true;
      event.detail.shouldSwap = false;
      followHand(event.detail.fragment);
      return;
    }
    isSheetBehind = false;
    const why = byId("why");
    const next = event.detail.fragment.querySelector("#why");
    if (why && next) next.open = why.open;
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "live-ask") return;
    liveQuestion = questionNow();
    if (isHeldHere()) event.detail.parameters.sheet = event.detail.parameters.sheet.replace(/\..*/, ".held");  // what stands there is of before
    if (!isSheetBehind || isAtSheet()) return;
    isSheetBehind = false;
    event.detail.parameters.seen = "";
  });

  /* The newest text is seen first; who reads an earlier one is left there until something new comes. */
  let newest = "";
  const goToNewest = () => {
    const mark = byId("thread-mark");
    const bubbles = document.querySelector("#thread-list .heard");
    if (!mark || !bubbles || mark.value === newest) return;
    newest = mark.value;
    bubbles.scrollTop = bubbles.scrollHeight;
  };

  /* A conversation that a colleague answers is only read, and nothing is sent to whom no text may go, nor in a call
     that a colleague has; words that were begun stay in their field. What came while nothing was written counts as seen. */
  const followConversation = () => {
    const state = byId("answering");
    const fields = byId("text-fields");
    const isHeld = Boolean(state) && state.hasAttribute("data-held");
    const isGone = Boolean(state) && state.hasAttribute("data-gone");
    const isOfAColleague = Boolean(byId("note-hand")) && byId("note-hand").hasAttribute("data-held");
    const isBarred = isGone || isOfAColleague || (Boolean(byId("text-bar")) && byId("text-bar").hasAttribute("data-barred"));
    if (state && fields) fields.disabled = isHeld;
    if (fields) byId("text-send").disabled = isBarred;
    if (fields) fields.elements.ready.disabled = isOfAColleague;
    const form = byId("text-form");
    const version = byId("thread-version");
    const text = form && form.elements.text;  // none where only approved words may leave
    const isBegun = form && Boolean((text && text.value) || form.elements.ready.value);
    if (form && version && !isBegun) form.elements.seen.value = version.value;
    if (text) text.readOnly = isGone || isOfAColleague;  // to be copied, which a field that is off does not let everywhere
    if (form) byId("text-answer").hidden = (isHeld || isBarred) && !isBegun;
  };

  /* After a failure a note that differs from the saved one says that it is not saved, until it is. */
  let isAtRisk = false;
  const warn = () => {
    const note = document.querySelector("#note-form textarea");
    const line = byId("note-unsaved");
    if (note && line) line.hidden = !(isAtRisk && !note.readOnly && note.value !== note.defaultValue);
    return Boolean(line && !line.hidden);
  };

  const lost = () => {
    isAtRisk = true;
    warn();
  };
  const found = () => { isAtRisk = warn(); };
  document.body.addEventListener("signed-out", lost);
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);
  document.body.addEventListener("htmx:responseError", lost);
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) found(); });
  document.body.addEventListener("htmx:afterSettle", () => { count(); followNote(); warn(); followConversation(); goToNewest(); meetWrapUp(); land(); stayAsking(); meetField(); });
  document.body.addEventListener("htmx:afterSwap", () => { if (byId("answer-error")) meetField(); });
  /* Whoever answers stays where she is: the browser would hold on to what stands below the sheet, while that is replaced. */
  const holdOn = (how) => (event) => {
    if (event.detail.target.id === "sheet") document.documentElement.style.overflowAnchor = how;
  };
  document.body.addEventListener("htmx:beforeSwap", holdOn("none"));
  document.body.addEventListener("htmx:afterSettle", holdOn(""));
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-count]")) return;
    count();
    warn();
  });

  count();
  goToNewest();
  meetField();
  if (told) tell();
})();
