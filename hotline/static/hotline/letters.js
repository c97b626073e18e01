/* How much room is left in a field, and its words. A text is counted as the server judges it (languages/text/sms.py), by what
   the field's data say: its alphabet, the letters that take two, and how much a part holds. */
window.roomLeft = (() => {
  "use strict";
  const told = (words, values) => words.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
  const sum = (sizes) => sizes.reduce((all, size) => all + size, 0);

  /* A part never splits a letter that takes two: what it cannot use is used. */
  const packed = (sizes, alone, chained) => {
    if (sum(sizes) <= alone) return { parts: sizes.length ? 1 : 0, used: sum(sizes) };
    let [parts, room] = [1, chained];
    for (const size of sizes) {
      if (size > room) [parts, room] = [parts + 1, chained];
      room -= size;
    }
    return { parts, used: parts * chained - room };
  };

  const inParts = (letters, { parts: most, basic, double, gsm, wide }) => {
    const isBasic = letters.every((letter) => basic.includes(letter) || double.includes(letter));
    const sizes = letters.map((letter) => (isBasic ? 1 + double.includes(letter) : letter.length));
    const [alone, chained] = (isBasic ? gsm : wide).split(" ").map(Number);
    const { parts, used } = packed(sizes, alone, chained);
    return { parts, most, left: (Number(most) === 1 ? alone : most * chained) - used };
  };

  return (field) => {
    const { parts, most, words, over } = field.dataset;
    if (!over) return { words: `${field.value.length} / ${field.maxLength}`, isOver: false };
    const text = field.value.normalize("NFC").trim();
    const room = parts ? inParts([...text], field.dataset) : { left: most - text.length };
    if (room.left < 0) return { words: told(over, { what: -room.left }), isOver: true };
    return { words: words ? told(words, room) : `${text.length} / ${most}`, isOver: false };
  };
})();
