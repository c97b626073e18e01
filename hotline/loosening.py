"""Which changes of a safety state let more happen than before. Pure (docs/algorithms/call-flow.md, Who may write that more is safe).

Less is written by anybody; more only by who heard it from the person.
"""

import datetime as dt
from collections.abc import Mapping

from hotline.choices import Answer
from hotline.choices.contacts import WhoMayAnswer
from hotline.dialling import UNNAMED, is_safe_hour

ASKED = ("may_call", "may_text", "may_voicemail")
READ_BY = ("shared_phone", "cover", "who_may_answer")  # on which it hangs who reads what comes to the phone
# Who may pick up, the narrowest first; where nobody asked, only the person does.
WIDER = ("", WhoMayAnswer.ONLY_ME, WhoMayAnswer.TRUSTED, WhoMayAnswer.ANYBODY)
Hours = tuple[dt.time | None, dt.time | None]


def loosened(
    before: Mapping[str, str], after: Mapping[str, str], hours: Hours, then: Hours, *, was_promised: bool
) -> set[str]:
    """Return what lets more happen than before, by the names of the columns ("hours" for both ends).

    A no is one until the person herself takes it back: "not known" in its place lets two persons call. `before` and `after`
    hold the answers, the cover and `who_may_answer`; `hours` and `then` are the hours that were named, (None, None)
    for none: these are 8 to 21 o'clock, and no hour at all for whom a call was promised by key (`was_promised`).
    That the phone is shared is a no as well. A cover that was agreed is said aloud to whoever picks up: another one is more.
    """
    found = {
        name for name in ASKED if after[name] == Answer.YES != before[name] or before[name] == Answer.NO != after[name]
    }
    was_shared, is_shared = before["shared_phone"], after["shared_phone"]
    if was_shared != is_shared and (was_shared == Answer.YES or is_shared == Answer.NO):
        found.add("shared_phone")
    if others_read(before) and not others_read(after):
        found |= {name for name in READ_BY if before[name] != after[name]}
    if before["cover"] not in ("", after["cover"]):
        found.add("cover")
    if WIDER.index(after["who_may_answer"]) > max(WIDER.index(before["who_may_answer"]), 1):
        found.add("who_may_answer")
    if not minutes(then, was_promised=was_promised) <= minutes(hours, was_promised=was_promised):
        found.add("hours")
    return found


def others_read(state: Mapping[str, str]) -> bool:
    """Tell whether somebody else may read what comes to a person's phone, so that only ready-made words go there.

    So it is where the phone is shared; and where a cover was agreed, or only the person may know, until she or he said that
    nobody else uses it. After that a cover does not bar own words: else operators would take it off to write.
    """
    if state["shared_phone"] in (Answer.YES, Answer.NO):
        return state["shared_phone"] == Answer.YES
    return bool(state["cover"]) or state["who_may_answer"] == WhoMayAnswer.ONLY_ME


def minutes(hours: Hours, *, was_promised: bool) -> frozenset[int]:
    """Return the minutes of a day at which a person may be reached; hours may run over midnight."""
    if None in hours and was_promised:
        return frozenset()
    first, last = UNNAMED if None in hours else hours
    day = ((minute, dt.time(*divmod(minute, 60))) for minute in range(24 * 60))
    return frozenset(minute for minute, time in day if is_safe_hour(time, first, last, was_just_here=False))
