/* A prompt is recorded in the page: heard again before it is sent, by the same form as a file. Without it the form takes files.
   Nothing leaves the page before "Upload", which stands below what was recorded; the microphone is let go as soon as the recording stops. */
(() => {
  "use strict";
  const words = document.getElementById("recorder-words");
  if (!words || !navigator.mediaDevices || !window.MediaRecorder || !window.DataTransfer) return;
  const RATE = 16000;
  const most = Number(words.dataset.most);
  const part = (box, name) => box.querySelector(`[data-${name}]`);

  /* Samples as WAV: PCM, 16 bit, one channel. */
  const wav = (samples) => {
    const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const text = (at, signs) => { for (let place = 0; place < signs.length; place += 1) bytes.setUint8(at + place, signs.charCodeAt(place)); };
    text(0, "RIFF"); bytes.setUint32(4, 36 + samples.length * 2, true); text(8, "WAVEfmt ");
    bytes.setUint32(16, 16, true); bytes.setUint16(20, 1, true); bytes.setUint16(22, 1, true);
    bytes.setUint32(24, RATE, true); bytes.setUint32(28, RATE * 2, true); bytes.setUint16(32, 2, true); bytes.setUint16(34, 16, true);
    text(36, "data"); bytes.setUint32(40, samples.length * 2, true);
    samples.forEach((one, place) => bytes.setInt16(44 + place * 2, Math.max(-1, Math.min(1, one)) * 32767, true));
    return new Blob([bytes], {type: "audio/wav"});
  };

  const asWav = async (recorded) => {
    const reader = new AudioContext();
    const sound = await reader.decodeAudioData(await recorded.arrayBuffer());
    await reader.close();
    const drawn = new OfflineAudioContext(1, Math.max(1, Math.round(sound.duration * RATE)), RATE);
    const source = drawn.createBufferSource();
    source.buffer = sound;
    source.connect(drawn.destination);
    source.start();
    return wav((await drawn.startRendering()).getChannelData(0));
  };

  const show = (box, isGoing) => {
    part(box, "record").hidden = isGoing;
    part(box, "stop").hidden = !isGoing;
    part(box, "level").hidden = !isGoing;
    if (isGoing) part(box, "own").hidden = true;
    part(box, isGoing ? "stop" : "record").focus();
  };
  const say = (box, name) => { part(box, "said").textContent = name ? words.dataset[name] : ""; };

  const keep = (box, file) => {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    const field = box.closest("form").querySelector("input[type=file]");
    field.files = chosen.files;
    field.dispatchEvent(new Event("change", {bubbles: true}));
    const own = part(box, "own");
    URL.revokeObjectURL(own.src);
    own.src = URL.createObjectURL(file);
    own.hidden = false;
    box.closest("form").classList.add("has-sound");
  };

  /* How loud it is, and how long it lasts, until the recorder stops. */
  const watch = (box, stream, recorder) => {
    const context = new AudioContext();
    const ear = context.createAnalyser();
    const heard = new Float32Array(ear.fftSize);
    context.createMediaStreamSource(stream).connect(ear);
    const began = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      if (recorder.state !== "recording" || seconds >= most) {
        context.close();
        if (recorder.state === "recording") recorder.stop();
        return;
      }
      ear.getFloatTimeDomainData(heard);
      part(box, "level").value = Math.min(1, Math.max(...heard.map(Math.abs)) * 1.5);
      part(box, "clock").textContent = `${seconds} / ${most}`;
      window.setTimeout(tick, 100);
    };
    tick();
  };

  const record = async (box) => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1}});
    } catch (fault) {
      say(box, fault.name === "NotFoundError" ? "none" : "refused");
      return;
    }
    const parts = [];
    const recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", async () => {
      stream.getTracks().forEach((track) => track.stop());
      show(box, false);
      try {
        keep(box, new File([await asWav(new Blob(parts, {type: recorder.mimeType}))], "recorded.wav", {type: "audio/wav"}));
        say(box, "done");
      } catch (fault) {
        say(box, "fault");
      }
    });
    part(box, "stop").onclick = () => { if (recorder.state === "recording") recorder.stop(); };
    recorder.start();
    show(box, true);
    say(box, "going");
    watch(box, stream, recorder);
  };

  for (const box of document.querySelectorAll("[data-recorder]")) {
    box.hidden = false;
    part(box, "record").addEventListener("click", () => record(box));
  }
})();
