/* A kept test of which something was chosen and that was not handed in: what was chosen lies on this phone alone. */
window.Begun = (() => {
  "use strict";
  const isBegun = (test) => Boolean(test) && !test.handed && Object.keys(test.answers || {}).length > 0;

  /* Those of a store; also one that was handed in and not counted, while its page has not been told so: it can be handed in
     again. */
  const of = async (box) => {
    const back = new Set((await box.read("refused")).filter(({ reason }) => reason !== "attempt_closed").map(({ id }) => id));
    return (await box.read("tests")).filter((one) => isBegun({ ...one, handed: back.has(one.handed) ? "" : one.handed }));
  };

  return { isBegun, of };
})();
