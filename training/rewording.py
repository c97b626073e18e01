"""Which answer of a question is which once its words were edited, and whether another one is right by it. Pure.

Ids tell nothing where an editor exchanged the words of two answers: each id stays where it was. So an answer is the one
that had its words before (case, spacing and the final punctuation aside), wherever it stands now. One whose words stood
nowhere is the one that had its id, unless that one's words stand elsewhere now; where answers of people hang on it, only
if its words were merely repaired. Else it is a new answer, which nobody can have given.

Merely repaired is what cannot have changed the sense, since somebody would be passed or failed by words that she never
read: case and spaces; a pause or quotation mark written as another one, none more or less; hyphens and dashes by their
typography, none of them before a number; and a slip of spelling, which is a word of five letters that is none and stands
for one alone (`rephrasing.is_slip`), in no name. Any other word, number or sign is another answer, however alike they look. Compared are the English texts, whatever
language somebody read: a repaired translation changes no answer, and neither does a translation that was wrong.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from training import grading
from training.rephrasing import HYPHENS, PAUSES, is_slip, signed, words_of

FINAL = " .,;:!?…。؟،؛।۔"
_CLASS = re.escape(PAUSES)
_PAUSE = re.compile(rf"—|(?<!\w)[{_CLASS}]+(?!\d)|[{_CLASS}]+(?!\w)|(?<=\s)[{HYPHENS}](?=\s)")
_MARK = "¶"

Said = Iterable[tuple[str, str]]


def bare(text: str) -> str:
    """Return the words of an answer as they are compared."""
    plain = grading.as_compared(text)
    return plain.rstrip(FINAL) or plain


def is_repaired(before: str, after: str) -> bool:
    """Tell whether words were merely repaired: nothing but slips of spelling, and what no sense hangs on."""
    old, new = _heard(before), _heard(after)
    return len(old) == len(new) and all(
        _is_same(*both, place) for place, both in enumerate(zip(old, new, strict=True))
    )


def _heard(text: str) -> list[str]:
    """Return the words and signs of an answer, with one mark wherever a reader pauses within it."""
    found: list[str] = []
    for word in words_of(_PAUSE.sub(f" {_MARK} ", signed(text))):
        if word != _MARK or found and found[-1] != _MARK:
            found.append(word)
    return found[:-1] if found[-1:] == [_MARK] else found


def _is_same(old: str, new: str, place: int) -> bool:
    before, after = old.casefold(), new.casefold()
    is_name = old[place == 0 :] != before[place == 0 :]
    return before == after or not is_name and is_slip(before, after)


def _always(before: str, after: str) -> bool:
    return True


def is_other(old: dict, new: dict) -> bool:
    """Tell whether another answer is right in a raw block than was: by its ids, or by words that changed places."""
    return grading.right_in(grading.item_of_block(old)) != grading.right_in(by_words(old, new))


def by_words(old: dict, new: dict, is_same: Callable[[str, str], bool] = _always) -> grading.Item:
    """Return the key of a new raw block in the ids of an old one, so that what was answered then is graded by it.

    `is_same` decides of an answer that kept its id whether other words say the same.
    """
    item = replace(grading.item_of_block(new), id=old["id"])
    if old["type"] != new["type"] or new["type"] in grading.TYPED:
        return item
    ids = twins(old, new, is_same)
    told = replace(item, options=tuple(ids[one] for one in item.options), right=tuple(ids[one] for one in item.right))
    if new["type"] != "match":
        return told
    sides = _twins(_rights(old), _rights(new), is_same)
    return replace(told, groups=tuple((ids[left], sides[group]) for left, group in item.groups))


def twins(old: dict, new: dict, is_same: Callable[[str, str], bool] = _always) -> dict[str, str]:
    """Return which part of an old raw block each part of a new one is, by their ids; a new part has an id that was none."""
    return _twins(_said(old), _said(new), is_same)


def _twins(before: Said, after: Said, is_same: Callable[[str, str], bool]) -> dict[str, str]:
    had, gets, found = dict(before), list(after), {}
    left = dict(had)
    for stays in (True, False):  # of two with the same words the one that kept its id comes first
        for key, text in gets:
            alike = (one for one, said in left.items() if bare(said) == bare(text) and (one == key or not stays))
            twin = None if key in found else next(alike, None)
            if twin is not None:
                found[key] = twin
                del left[twin]
    for key, text in gets:
        if key not in found and key in left and is_same(left[key], text):
            found[key] = key
    return {key: found.get(key, f"+{key}" if key in had else key) for key, _text in gets}


def _said(block: dict) -> list[tuple[str, str]]:
    name = "left" if block["type"] == "match" else "text"
    return [(part["id"], part["value"][name]) for part in grading.parts_of(block)]


def _rights(block: dict) -> list[tuple[str, str]]:
    """Return the right sides of pairs, each once, under the id that stands for it."""
    said = {part["id"]: part["value"]["right"] for part in grading.parts_of(block)}
    return [(group, said[group]) for group in dict.fromkeys(one for _left, one in grading.item_of_block(block).groups)]
