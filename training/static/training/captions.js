/* Captions are shown once a film plays, and fetched no sooner. */
document.addEventListener("play", ({ target }) => {
  const [captions] = target.textTracks || [];
  if (captions && !("played" in target.dataset)) captions.mode = "showing";
  target.dataset.played = "";
}, true);
