"""What tests of quality reviews begin with: a call that is over, a review that is asked for, one that is given."""

import datetime as dt

from hotline.actions import reviews
from hotline.choices.reviews import CRITERIA
from hotline.models import Contact, Review

MARKS = dict.fromkeys(CRITERIA, "met")


def answered(line, operator, at, **values) -> Contact:
    """Make a call that an operator answered half a minute after it joined the queue, and that ended five minutes later."""
    began = at - dt.timedelta(minutes=10)
    talked = began + dt.timedelta(seconds=30)
    first = {
        "language": "en", "state": "done", "step": "done", "started_at": began, "queued_at": began, "connected_at": talked,
        "ended_at": talked + dt.timedelta(minutes=5), "wrapped_up_at": at, "changed_at": at, "claimed_by": operator,
        "outcome": "answered", "topic": "information",
    }  # fmt: skip
    return Contact.objects.create(line=line, country=line.country, **first | values)


def asked(contact, operator, at, **values) -> Review:
    """Let the operator ask for a review of her own contact."""
    told = {"reason": "learn"} | values
    return reviews.ask_review(contact=contact, operator=operator, by=operator, at=at, **told)


def given(review, supervisor, at, marks=MARKS, comment="Practice"):
    """Give a review that is asked for."""
    reviews.give_review(review=review, marks=marks, comment=comment, by=supervisor, at=at)
