/* How what a person types is read where a number or a word is asked for: the same reading as on the server. */
window.Numbers = (() => {
  "use strict";
  const digits = (text) => [...text].map((sign) => {
    if (!/\p{Nd}/u.test(sign)) return /[\s\u066c'’_]/.test(sign) ? "" : sign;
    const code = sign.codePointAt(0);
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return value;
  }).join("");
  const GROUPED = /^[+-]?(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+)|[1-9]\d?(?:,\d{2})+,\d{3})$/;
  const whole = (text) => (GROUPED.test(text) ? text.replace(/[.,]/g, "") : text);
  const WRITTEN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?0*(?:1?\d?\d|200))?$/i;
  const SHAPED = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
  const decimal = (plain) => (WRITTEN.test(plain) ? Number(plain) : NaN);
  /* The same reading of a number as on the server (training.written). */
  const plainly = (text) => {
    const written = digits(text.trim());
    if (written.includes("\u066b")) {
      const [before, after] = written.split("\u066b");
      return `${whole(before)}.${after}`;
    }
    const plain = whole(written);
    const last = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
    if (last < 0) return plain;
    const before = plain.slice(0, last);
    return `${before.includes(plain[last]) ? before : whole(before)}.${plain.slice(last + 1)}`;
  };
  const number = (text) => decimal(plainly(text));
  const isNumber = (text) => SHAPED.test(plainly(text));

  const folded = (text) => text.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");

  /* What stands where a number is asked for, without the unit of the question behind it; null of no number. */
  const bare = (text, units) => {
    const typed = text.trim();
    if (isNumber(typed)) return typed;
    const wanted = units.filter(Boolean).map(folded);
    const ends = [...typed].map((sign, place, all) => all.slice(0, place).join("").length).slice(1);
    const heads = ends.filter((end) => wanted.includes(folded(typed.slice(end)))).map((end) => typed.slice(0, end).trim());
    return heads.find(isNumber) || null;
  };

  /* What a field of such a question holds, whose unit stands with it in the reader's language and in English. */
  const of = ({ value, dataset }) => bare(value, [dataset.unit, dataset.unitSource]);

  return { number, folded, of };
})();
