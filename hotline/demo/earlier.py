"""Who came to the office in the quarter before the demo's day: enough for a file in the words of HTCDS, and for outcomes that came back."""

import datetime as dt
import uuid

from accounts.models import User
from hotline.actions import follow_up, sheets
from hotline.actions.written_down import write_down
from hotline.choices import Closing, ContactKind, Topic
from hotline.models import Line
from referral.choices import Need
from referral.demo.cases import Story

APART = dt.timedelta(minutes=20)
SHARED = {"sex": ["female"], "sign_wages": ["yes"], "consent_case": ["yes"], "consent_research": ["yes"]}
PSYCHOSOCIAL = {
    "safe_now": ["yes"], "age": ["38"], "national": ["yes"], "needs": ["psychosocial"], "needs_shelter": ["no"],
}  # fmt: skip
# What each told besides, and why her case was closed; who has no case was told where help is.
PEOPLE = (
    (PSYCHOSOCIAL, "helped"),
    ({"work": ["homes"]}, "information_only"),
    ({"exploitation": ["domestic"]}, "information_only"),
    ({}, "not_trafficking"),
    ({}, "lost_contact"),
    *(({}, "") for _person in range(6)),
)


def make(*, at: dt.datetime) -> None:
    """Write eleven visits down on two Saturdays, and open and close the cases of five: all by one operator."""
    operator = User.objects.filter(email="operator.lr@example.org").first()
    line = Line.objects.filter(country_id="LR").first()
    if operator is None or line is None:
        return
    latest = saturday(at)
    for number, (answers, reason) in enumerate(PEOPLE):
        then = latest - number % 2 * dt.timedelta(weeks=1) + number * APART
        _visit(number, operator, line, then, answers, reason)


def saturday(at: dt.datetime) -> dt.datetime:
    """Return the last Saturday but one, or the one before it, of the quarter that was over last: its cases close in it."""
    of_quarter = at.replace(month=(at.month - 1) // 3 * 3 + 1, day=1, hour=13, minute=0)
    late = of_quarter - dt.timedelta(days=8)
    return late - dt.timedelta(days=(late.weekday() - 5) % 7)


def _visit(number: int, operator: User, line: Line, then: dt.datetime, answers: dict, reason: str) -> None:
    key = uuid.uuid5(line.public_id, f"demo visit {number}")
    contact = write_down(
        key=key, kind=ContactKind.VISIT, happened_on=then.date(), language="en", line=line, by=operator, at=then
    )
    version = 0
    for question, values in (answers | SHARED).items():
        told = {"contact": contact, "key": question, "values": values, "version": version}
        version = sheets.save_answer(**told, by=operator, at=then).version
    if reason:
        story = Story(f"visit {number}", operator, then, sheets.open_case(contact=contact, by=operator, at=then))
        if reason == "helped":
            story.told(sexual_violence=False).safe("low").agrees(Need.PSYCHOSOCIAL).accepted("psychosocial")
        story.later(days=2).closed(reason)
    topic = Topic.REFERRAL if reason else Topic.INFORMATION
    follow_up.wrap_up(contact=contact, topic=topic, by=operator, at=then, after=Closing.REACHED)
