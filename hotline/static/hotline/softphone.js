/* The telephone in the browser, in a window of its own: it tries itself, then joins the calls that are taken in the
   console, which tells it over a channel that stays in this browser. On the practice network nothing is called. */
(() => {
  "use strict";
  const page = document.getElementById("softphone-page");
  if (!page || !("possible" in page.dataset) || !window.BroadcastChannel) return;
  const byId = (id) => document.getElementById(id);
  const TRIAL = 6000;
  const PATIENCE = 15000;
  const AGAIN = 3000;  // the server counts on a first call for so long: ON_ITS_WAY in actions/second_tries.py
  const OURS = ["incoming", "outgoing", "disconnect", "dtmfs", "dtmfh", ..."0123456789"].map((name) => (/\d/.test(name) ? `dtmf${name}` : name));
  const BUSY = ["closed", "twice", "trying", "connecting", "talking", "reconnecting"];
  const isLive = "live" in page.dataset;
  const desk = new BroadcastChannel("fanal-telephone");
  let state = "closed";
  let device = null;
  let call = null;
  let trial = null;
  let joined = "";
  let serves = false;

  const tell = () => desk.postMessage({ state });
  const say = (next, words = "") => {
    state = next;
    const name = `say${next[0].toUpperCase()}${next.slice(1)}`;
    byId("softphone-words").textContent = words || page.dataset[name] || "";
    byId("softphone-weak").textContent = "";
    byId("softphone-try").hidden = BUSY.includes(next);
    tell();
  };
  const send = (address, facts) => {
    const body = new FormData(byId("softphone-form"));
    for (const [name, value] of Object.entries(facts)) body.append(name, value);
    return fetch(address, { method: "POST", body, credentials: "same-origin", redirect: "error" });
  };
  /* A token for the call at hand or a trial, "" on the practice network; what refuses it is said, and null returned. */
  const tokenFor = async (facts) => {
    try {
      const answer = await send(page.dataset.token, facts);
      const told = await answer.json();
      if (answer.ok) return told.token;
      say("bad", told.words);
    } catch {
      say("bad", page.dataset.sayAway);
    }
    return null;
  };

  /* The provider's part. Nothing of a call is reported to it beside the call: no events, no sounds of its own. */
  const deviceWith = (token) => {
    if (device) {
      device.updateToken(token);
      return device;
    }
    device = new window.Twilio.Device(token, {
      edge: page.dataset.edges.split(","), codecPreferences: ["opus", "pcmu"], maxAverageBitrate: 16000, closeProtection: true,
      publishEvents: false, sounds: Object.fromEntries(OURS.map((name) => [name, page.dataset.sound])),
      maxCallSignalingTimeoutMs: 30000, logLevel: "error",
    });
    device.on("error", () => {});  // each call tells its own
    return device;
  };

  const measure = (call) => new Promise((resolve) => {
    const found = { packets: 0, delay: 0, jitter: 0, lost: 0 };
    let isOpen = false;
    const end = (problem) => {
      window.clearTimeout(patience);
      call.disconnect();
      resolve(problem ? { problem } : found);
    };
    const patience = window.setTimeout(() => end(isOpen ? "" : "no_connection"), PATIENCE);
    call.on("accept", () => {
      isOpen = true;
      window.setTimeout(() => end(""), TRIAL);
    });
    call.on("sample", (one) => {
      found.packets = one.totals.packetsReceived;
      found.lost = Math.min(1000, Math.round(one.totals.packetsLostFraction * 10));
      found.delay = Math.max(found.delay, Math.round(one.rtt) || 0);
      found.jitter = Math.max(found.jitter, Math.round(one.jitter) || 0);
    });
    call.on("error", () => end("no_connection"));
    call.on("disconnect", () => end(isOpen ? "" : "no_connection"));
  });

  const microphone = async () => {
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
      sound.getTracks().forEach((track) => track.stop());
      return "";
    } catch (error) {
      return error.name === "NotAllowedError" ? "not_allowed" : "no_microphone";
    }
  };
  const tried = async (token) => {
    const problem = navigator.mediaDevices ? await microphone() : "no_microphone";
    if (problem || !isLive) return problem ? { problem } : {};
    if (!window.Twilio) return { problem: "no_connection" };
    try {
      trial = await deviceWith(token).connect();
      return await measure(trial);
    } catch {
      return { problem: "no_connection" };
    } finally {
      trial = null;
    }
  };
  const tryOut = async () => {
    if (call || state === "trying") return;
    say("trying");
    const token = await tokenFor({ trial: 1 });
    if (token === null) return;
    const found = await tried(token);
    if (call || state !== "trying") return;  // a call was taken meanwhile
    try {
      const answer = await send(page.dataset.trial, found);
      const told = await answer.json();
      say(told.serves ? "ready" : "bad", told.words);
    } catch {
      say("bad", page.dataset.sayAway);
    }
  };

  const follow = (begun, mark, isSecond) => {
    let isOpen = false;
    let isOver = false;
    call = begun;
    const over = (next) => {
      if (isOver) return;
      isOver = true;
      call = null;
      if (next === "failed" && !isSecond) joinAgain(mark);
      else say(next);
    };
    let isCut = false;
    begun.on("accept", () => { isOpen = true; say("talking"); });
    begun.on("reconnecting", () => { isCut = true; say("reconnecting"); });
    begun.on("reconnected", () => { isCut = false; say("talking"); });
    begun.on("warning", () => { byId("softphone-weak").textContent = page.dataset.sayWeak; });
    begun.on("warning-cleared", () => { byId("softphone-weak").textContent = ""; });
    begun.on("error", () => { isCut = true; if (!isOpen) over("failed"); });
    for (const end of ["disconnect", "cancel", "reject"]) begun.on(end, () => over(!isOpen ? "failed" : isCut ? "cut" : "ready"));
  };
  const join = async (mark, isSecond = false) => {
    joined = mark;
    if (trial) trial.disconnect();
    say("connecting");
    const token = await tokenFor({});
    if (!token) return;
    try {
      follow(await deviceWith(token).connect(), mark, isSecond);
    } catch {
      call = null;
      if (isSecond) say("failed");
      else joinAgain(mark);
    }
  };
  /* The second try of a call, once the server is sure that the first is not on its way; not where another call is at hand. */
  const joinAgain = (mark) => window.setTimeout(() => { if (joined === mark && !call) join(mark, true); }, AGAIN);

  /* Another window of this telephone answers at once: this one is then one too many. */
  let isFirst = true;
  desk.addEventListener("message", (event) => {
    const told = event.data;
    if (told.opens && state !== "closed") desk.postMessage({ isOpen: true });
    if (told.isOpen && state === "closed") isFirst = false;
    if (told.tries && !BUSY.includes(state)) tryOut();
    if (!told.asks || state === "closed" || state === "twice") return;
    if (serves && !told.serves && state === "ready") say("own");  // by F4, or a new shift
    if (told.serves && state === "own") say("ready");
    serves = told.serves;
    if (told.call && told.call !== joined && !call && isLive) join(told.call);
    if (!isLive && told.talks !== (state === "talking") && !["trying", "own"].includes(state)) say(told.talks ? "talking" : "ready");
    tell();
  });
  byId("softphone-try").addEventListener("click", tryOut);
  window.addEventListener("pagehide", () => desk.postMessage({ state: "closed" }));
  desk.postMessage({ opens: true });
  window.setTimeout(() => { if (isFirst) tryOut(); else say("twice"); }, 300);
})();
