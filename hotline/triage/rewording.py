"""What becomes of a question's other languages when its English is changed.

They are words for the sentence of before: kept as such, `earlier`, and never shown as words of the new one. Who writes the
language anew, or takes the English back, ends that; nothing is lost meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping

from hotline.triage.bodies import EARLIER, PARTS
from hotline.triage.values import SOURCE

# Words of the house in a language, exactly: "" where its catalogue has none.
Catalogue = Callable[[str, str], str]


def reworded(before: Mapping, entry: Mapping, codes: Iterable[str], catalogue: Catalogue) -> dict:
    """Return a question as it was sent, with what its English no longer says set aside as words for the earlier one."""
    told, kept = dict(entry), {}
    for part in PARTS:
        was = before.get(EARLIER, {}).get(part, {})
        told[part], kept[part] = settled(before[part], entry[part], was, codes, catalogue)
    told.pop(EARLIER, None)
    kept = {part: one for part, one in kept.items() if one}
    return told | ({EARLIER: kept} if kept else {})


def settled(before: Mapping, after: Mapping, earlier: Mapping, codes: Iterable[str], catalogue: Catalogue) -> tuple:
    """Return words by language, and those that were said for an earlier English: {language: {"en": English, "said": words}}.

    `before` and `after` are the words as they stood and as they were sent, `earlier` what was set aside before.
    """
    words, kept = dict(after), dict(earlier)
    old, new = before.get(SOURCE, ""), after.get(SOURCE, "")
    for code in codes if new != old else ():
        stood = before.get(code, "")
        if code == SOURCE or words.get(code, "") not in ("", stood):
            continue
        words.pop(code, None)
        if kept.get(code, {}).get(SOURCE) == new:
            words |= _restored(kept.pop(code), new, code, catalogue)
        elif said := old and (stood or catalogue(old, code)):
            kept[code] = {SOURCE: old, "said": said}
    return words, {code: one for code, one in kept.items() if not words.get(code) and one[SOURCE] != new}


def _restored(one: Mapping, new: str, code: str, catalogue: Catalogue) -> dict[str, str]:
    """Return the words that were set aside, for the English that is back; the catalogue's come by themselves."""
    return {} if catalogue(new, code) == one["said"] else {code: one["said"]}


def awaited(before: Mapping, after: Mapping, earlier: Mapping, code: str, catalogue: Catalogue) -> bool:
    """Tell whether words in a language are missing that were said before these words were changed.

    Where no English is left there is nothing that they could say.
    """
    if before == after or not after.get(SOURCE) or _says(after, code, catalogue):
        return False
    return code in earlier or _says(before, code, catalogue)


def _says(words: Mapping, code: str, catalogue: Catalogue) -> bool:
    return bool(words.get(code) or catalogue(words.get(SOURCE, ""), code))
