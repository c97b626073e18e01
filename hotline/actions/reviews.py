"""Writes of quality reviews: asked for, taken back, given, seen. Each is on record; what is written is sealed.

A review stands in no timeline, for every operator reads those: it is for whose work it is, and for supervisors.
"""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from accounts.rules import allowed
from hotline.actions.own_rows import locked_for
from hotline.actions.sheets import QUOTES
from hotline.choices.reviews import CRITERIA, OWN_REASONS, PICK_REASONS, Mark, ReviewReason, ReviewState
from hotline.models import Contact, Review
from hotline.queries.reviews import operators_of
from hotline.rules import RULES
from languages.text import check_input

WORDS_LENGTH = 300
COMMENT_LENGTH = 1000


class NotReviewable(Exception):
    """Raised when a contact cannot be looked at by this person: it goes on, was erased, or is her own work or not hers."""


class ReviewMoved(Exception):
    """Raised when a review does not stand any more as it was shown: given, taken back or seen meanwhile. Look at it anew."""


class WordsRefused(ValueError):
    """Raised for words that are too long or quote what was said; write what happened, in your own words."""


def _locked_review(review: Review, by: User) -> Review:
    """Return a review as it stands, its contact locked first; ReviewMoved where it went with its contact."""
    contact = locked_for(review.contact, by)
    row = Review.objects.select_for_update(no_key=True).filter(pk=review.pk).first()
    if row is None or contact.erased_at is not None:
        raise ReviewMoved
    row.contact = contact
    return row


@transaction.atomic
def ask_review(*, contact: Contact, operator: User, reason: str, by: User, at: datetime, question: str = "") -> Review:
    """Ask that one operator's work on a contact be looked at: she herself, or a supervisor who did not work on it.

    One that is asked for already stands as it is, and is returned.
    """
    row = locked_for(contact, by)
    is_own = operator.pk == by.pk
    reasons = OWN_REASONS if is_own else PICK_REASONS
    if not allowed(by, RULES, "ask_review" if is_own else "review_contact", row):
        raise NotReviewable
    if reason not in reasons or operator not in operators_of(row):
        raise NotReviewable
    known = Review.objects.filter(contact=row, operator=operator, state=ReviewState.ASKED).first()
    if known is not None:
        return known
    review = Review(contact=row, operator=operator, reason=ReviewReason(reason), asked_by=by, asked_at=at)
    _seal(review, "question", question, WORDS_LENGTH)
    review.save()
    _record(review, "review_asked", by, at, reason=reason, operator=accounts.actor_id(operator))
    return review


@transaction.atomic
def withdraw_review(*, review: Review, by: User, at: datetime) -> None:
    """Take back that a review is asked for, by whoever asked; what was written goes."""
    row = _locked_review(review, by)
    if row.asked_by_id != by.pk or row.state != ReviewState.ASKED:
        raise ReviewMoved
    row.state, row.withdrawn_at, row.question = ReviewState.WITHDRAWN, at, None
    row.save()
    _record(row, "review_withdrawn", by, at)


@transaction.atomic
def give_review(*, review: Review, marks: dict[str, str], comment: str, by: User, at: datetime) -> None:
    """Give a review that is asked for: how each criterion was met, and a comment to the operator."""
    row = _locked_review(review, by)
    if not allowed(by, RULES, "review_contact", row.contact):
        raise NotReviewable
    if row.state != ReviewState.ASKED:
        raise ReviewMoved
    row.marks = {code: str(Mark(marks[code])) for code in CRITERIA}
    row.state, row.reviewed_by, row.reviewed_at = ReviewState.REVIEWED, by, at
    _seal(row, "comment", comment, COMMENT_LENGTH)
    row.save()
    _record(row, "review_given", by, at)


@transaction.atomic
def see_review(*, review: Review, answer: str, by: User, at: datetime) -> None:
    """Say that one has seen the review of one's own work, with a sentence or without."""
    row = _locked_review(review, by)
    if row.operator_id != by.pk or row.state != ReviewState.REVIEWED:
        raise ReviewMoved
    row.state, row.seen_at = ReviewState.SEEN, at
    _seal(row, "answer", answer, WORDS_LENGTH)
    row.save()
    _record(row, "review_seen", by, at)


def _seal(review: Review, field: str, text: str, most: int) -> None:
    """Seal words of a review; none are kept as none. Quotations and too long ones raise WordsRefused."""
    check_input(text)
    if len(text) > most or any(mark in text for mark in QUOTES):
        raise WordsRefused
    if text.strip():
        accounts.seal(review, field, text)


def _record(review: Review, verb: str, by: User, at: datetime, **facts) -> None:
    contact = review.contact
    told = {"review": str(review.public_id)} | facts
    accounts.record(by=by, verb=f"hotline.{verb}", thing=contact, at=at, country=contact.country_id or "", **told)


@transaction.atomic
def read_reviews(*, review: Review, by: User, at: datetime) -> dict[str, str | None]:
    """Return what stands sealed in a review by its field, each reading on record; None where nothing stands or opens."""
    locked_for(review.contact, by)
    found = {}
    for field in ("question", "comment", "answer"):
        if getattr(review, field) is not None:
            found[field] = accounts.reveal_many([review], field, by=by, at=at, reason="review").get(review.public_id)
    return found
