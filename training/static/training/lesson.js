/* A lesson works without this. It keeps the place in the address, and notes what was read. */
(function () {
  "use strict";
  var main = document.querySelector("main[data-page=lesson]");
  if (!main) return;
  var here = "";
  var screens = Array.prototype.slice.call(main.querySelectorAll("[data-screen]"));

  function place(id) {
    if (id === here) return;
    here = id;
    var query = new URLSearchParams(location.search);
    query.set("screen", id);
    history.replaceState(null, "", location.pathname + "?" + query + location.hash);
    Array.prototype.forEach.call(document.querySelectorAll("[data-switch]"), function (link) {
      link.search = "?" + query;
    });
    var chooser = document.querySelector(".masthead a[href*='next=']");
    if (chooser) {
      var onward = new URLSearchParams(chooser.search);
      onward.set("next", location.pathname + "?" + query);
      chooser.search = "?" + onward;
    }
  }

  var asked = new URLSearchParams(location.search).get("screen");
  var target = asked && document.getElementById("s-" + asked);
  if (target && !location.hash) target.scrollIntoView();
  var banner = document.getElementById("go-on");
  if (banner && target) banner.hidden = true;

  /* Sending: only for a person who is signed in; what waits is held in memory alone. */
  var waiting = [], seen = {}, timer = 0, sending = false;
  var device = main.dataset.send && window.crypto && crypto.randomUUID ? crypto.randomUUID() : "";
  var seq = 0, pause = 2000;

  function note(screen) {
    if (!device || seen[screen]) return;
    seen[screen] = true;
    seq += 1;
    waiting.push({
      id: crypto.randomUUID(), seq: seq, verb: "reached", activity: main.dataset.lesson,
      version: main.dataset.version, language: document.documentElement.lang,
      occurred_at: new Date().toISOString(), payload: { screen: screen }
    });
    clearTimeout(timer);
    timer = setTimeout(send, 1500);
  }

  function send() {
    if (sending || !waiting.length) return;
    sending = true;
    var batch = waiting.slice(0, 50);
    fetch(main.dataset.send, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { if (!answer.ok) throw answer; return answer.json(); })
      .then(function (hello) {
        return fetch(main.dataset.send, {
          method: "POST", credentials: "same-origin",
          headers: { "Content-Type": "application/json", "X-CSRFToken": hello.csrf },
          body: JSON.stringify({
            schema: "progress/1", who: hello.who, device: device,
            sent_at: new Date().toISOString(), events: batch
          })
        });
      })
      .then(function (answer) { if (!answer.ok) throw answer; return answer.json(); })
      .then(function () { waiting = waiting.slice(batch.length); pause = 2000; })
      .catch(function () { pause = Math.min(pause * 2, 900000); timer = setTimeout(send, pause); })
      .then(function () { sending = false; if (waiting.length) timer = setTimeout(send, pause); });
  }

  if ("IntersectionObserver" in window) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        var id = entry.target.dataset.screen;
        if (entry.boundingClientRect.top < innerHeight * 0.6) place(id);
        note(id);
      });
    }, { rootMargin: "-10% 0px -40% 0px" });
    var begin = function () { screens.forEach(function (screen) { watcher.observe(screen); }); };
    addEventListener("scroll", begin, { once: true, passive: true });
  }
  addEventListener("online", send);

  /* A check is answered in place: the same form, the same answer, only its own part of the page is exchanged. */
  main.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-check]");
    if (!form || !window.DOMParser) return;
    event.preventDefault();
    var button = form.querySelector("button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var section = form.closest("[data-screen]");
        var fresh = page.getElementById(section.id);
        if (!fresh) { form.submit(); return; }
        var fault = page.getElementById("fault");
        var again = fresh.querySelector("form");
        if (fault && again) again.insertBefore(fault, again.querySelector(":scope > p:last-child"));
        else if (fault) fresh.prepend(fault);
        section.replaceWith(fresh);
        var told = fresh.querySelector("[role=status], [role=alert]");
        if (told) { told.tabIndex = -1; told.focus(); }
        fresh.scrollIntoView({ block: "nearest" });
      })
      .catch(function () { form.submit(); });
  });
})();
