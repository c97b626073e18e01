/* On the pages of groups: marks of attendance that wait on this phone are sent from here too, and counted. Who is signed in is
   asked only where somebody has something on this phone. */
(() => {
  "use strict";
  const place = document.querySelector("[data-marks]");
  if (!place || !window.Outbox || !Outbox.usable || !Outbox.people().length) return;
  const { send } = place.dataset;
  const begin = async () => {
    const who = await Lists.signedIn(send);
    if (!who || !Outbox.people().includes(who)) return;
    const box = await Lists.open(who, send);
    const isAny = (await Lists.all(box)).length > 0;
    const { waiting, refused } = await box.status();
    if (!isAny && !waiting && !refused) {
      box.close();
      return;
    }
    if (isAny) Lists.hold(who);
    Outbox.line(box);
    await box.send();
    await Lists.check(box, send);
  };
  begin();
})();
