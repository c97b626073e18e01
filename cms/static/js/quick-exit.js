/* Leave: blank this page, go to a neutral one, and keep Back, Forward and reload from showing this one again. */
(function () {
  "use strict";
  var link = document.getElementById("leave");
  if (!link) { return; }
  var address = link.getAttribute("data-exit");
  var left = false;

  function blank() {
    document.title = " ";
    while (document.body.firstChild) { document.body.removeChild(document.body.firstChild); }
    document.documentElement.className = "blank";
  }

  function leave(event) {
    if (event) { event.preventDefault(); }
    left = true;
    var away = link.getAttribute("href");
    try { sessionStorage.clear(); sessionStorage.setItem("left", "1"); } catch (error) { left = true; }
    blank();
    if (navigator.sendBeacon) { navigator.sendBeacon(away); }
    window.location.replace(address || away);
  }

  link.addEventListener("click", leave);

  var taps = [];
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Shift" || event.repeat) { taps = event.key === "Shift" ? taps : []; return; }
    var now = Date.now();
    taps = taps.filter(function (tap) { return now - tap < 5000; });
    taps.push(now);
    if (taps.length >= 3) { leave(); }
  });

  window.addEventListener("pagehide", function () { if (left) { blank(); } });
  function hasLeft() {
    try { return sessionStorage.getItem("left") === "1"; } catch (error) { return left; }
  }

  function cameBack() {
    var entries = performance.getEntriesByType ? performance.getEntriesByType("navigation") : [];
    return entries.length > 0 && (entries[0].type === "back_forward" || entries[0].type === "reload");
  }

  window.addEventListener("pageshow", function (event) {
    if (event.persisted && hasLeft()) { leave(); }
  });
  if (hasLeft() && cameBack()) {
    leave();
  } else {
    try { sessionStorage.removeItem("left"); } catch (error) { left = false; }
  }
}());
