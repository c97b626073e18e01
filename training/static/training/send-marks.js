/* On the pages of groups: marks of attendance that wait on this phone are sent from here too, and counted. Who is signed in is
   asked only where somebody has something on this phone. */
(() => {
  "use strict";
  const place = document.querySelector("[data-marks]");
  if (!place || !window.Outbox || !Outbox.usable || !Outbox.people().length) return;
  const { send } = place.dataset;
  const begin = async () => {
    const who = await Lists.asked(send);
    if (!who || !Outbox.people().includes(who)) return;
    const box = await Lists.open(who, send);
    if (!(await Lists.all(box)).length) {
      box.close();
      return;
    }
    Lists.hold(who);
    Outbox.line(box);
    await box.send();
  };
  begin();
})();
