"""Who learns with a progress code: found by the code or by the mark of her session; and what is anybody's own."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from accounts.queries.erasures import erased_among
from training.models import Attempt, Enrolment, Event, Learner, Progress

PURPOSE = "training.progress_code"
WHOSE = {False: "learner__user", True: "learner"}  # the way to a person's own, by whether she learns with a code
# A code that nobody used for so long is forgotten, and one with which nothing was begun much earlier.
KEPT = dt.timedelta(days=365)
KEPT_UNBEGUN = dt.timedelta(days=30)


@dataclass(frozen=True)
class Holder:
    """The holder of a progress code where a page asks who is there: known, of no role, no name, no office."""

    learner: Learner

    is_authenticated = is_active = is_guest = True
    is_anonymous = is_staff = is_superuser = needs_second_factor = False
    name = theme = language = ""
    office = office_id = None
    turned_away = _(
        "This bears a name, so it needs an account. You learn with a progress code; with an account you can take over what you have done with it."
    )

    @property
    def public_id(self):
        """Return by which id her records are told apart."""
        return self.learner.public_id

    @property
    def country_id(self) -> str | None:
        """Return the code of the country that she chose."""
        return self.learner.country_id

    @property
    def country(self) -> Country | None:
        """Return the country that she chose."""
        return self.learner.country

    def has_role(self, *codes: str) -> bool:
        """Tell that she has none."""
        return False


def is_holder(user) -> bool:
    """Tell whether somebody learns with a progress code and not with an account."""
    return isinstance(user, Holder)


def own(user, learner: str = "learner") -> dict:
    """Return the filter that leaves what is a person's own; `learner` is the way to the learner."""
    return {learner: user.learner} if is_holder(user) else {f"{learner}__user": user}


def key_of(user) -> int:
    """Return the key of the row by which a person's own is found: her account's, or the learner's whose code it is."""
    return user.learner.pk if is_holder(user) else user.pk


def mark_of(learner: Learner) -> str:
    """Return what a session bears beside the learner: another code, and it opens nothing any more."""
    return salted_hmac("training.holder", learner.code_hmac or "", algorithm="sha256").hexdigest()


def holder_in(public_id: str, mark: str) -> Holder | None:
    """Return the holder whom a session names, while the code stands with which it was opened; one query."""
    learner = holders().filter(public_id=public_id).first()
    return Holder(learner) if learner and constant_time_compare(mark, mark_of(learner)) else None


def holders() -> QuerySet[Learner]:
    """Return those who learn with a progress code now."""
    return Learner.objects.filter(code_hmac__isnull=False, merged_into=None, erased_at=None)


def taken_over(learner: Learner, public_id) -> Learner | None:
    """Return the learner of a code that somebody's account took over, by her id; None where it is not hers."""
    try:
        key = uuid.UUID(str(public_id))
    except ValueError:
        return None
    return Learner.objects.filter(public_id=key, merged_into=learner.pk).first()


def is_of(user, public_id: str) -> bool:
    """Tell whether an id by which records are told apart is somebody's own, or of a code that her account took over."""
    if public_id == str(user.public_id):
        return True
    learner = None if is_holder(user) else Learner.objects.filter(user=user.pk).first()
    return learner is not None and taken_over(learner, public_id) is not None


def is_standing(learner: Learner) -> bool:
    """Tell whether a learner still holds a code, in a transaction to whose end nobody takes it over or erases it."""
    rows = holders().filter(pk=learner.pk).select_for_update(no_key=True)
    return rows.values_list("pk").first() is not None


def hold_learners(learners: Iterable[Learner]) -> list[Learner]:
    """Lock learners in the order in which all do, before any of their enrolments; return them as they stand after the wait.

    So does whoever begins a course for them, takes a code over, or locks enrolments of several courses at once.
    """
    rows = Learner.objects.filter(pk__in=[one.pk for one in learners]).order_by("pk")
    return list(rows.select_for_update(no_key=True))


def standing_of(ids: Iterable[str]) -> set[str]:
    """Return which ids by which records are told apart are of codes that stand: an account may take them over yet."""
    return {str(one) for one in holders().filter(public_id__in=ids).values_list("public_id", flat=True)}


def erased_of(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return which ids by which records are told apart are of codes that were erased, for certain.

    The ledger of erasures says so. Of whom a row stands, whoever's it is now, nothing is certain: a backup that was put
    back may have brought her, and an account taken her over since.
    """
    found = erased_among(ids)
    return found - set(Learner.objects.filter(public_id__in=found).values_list("public_id", flat=True))


def unused(at: dt.datetime) -> QuerySet[Learner]:
    """Return the holders of whom nothing was heard for so long that they are forgotten, the longest first.

    Who keeps a course on a phone has begun: a test was drawn with it, and her answers may wait there.
    """
    lately = Progress.objects.filter(enrolment__learner=OuterRef("pk"), last_at__gte=at - KEPT)
    has_begun = Exists(Event.objects.filter(learner=OuterRef("pk")))
    has_begun |= Exists(Attempt.objects.filter(enrolment__learner=OuterRef("pk")))
    is_due = Q(used_at__lt=at - KEPT) & ~Exists(lately) | Q(used_at__lt=at - KEPT_UNBEGUN) & ~has_begun
    return holders().filter(is_due).order_by("used_at", "pk")


def begun_with_code(learner: Learner) -> QuerySet[Enrolment]:
    """Return what a holder has begun, in the order in which all who fold them lock them."""
    return Enrolment.objects.filter(learner=learner).select_related("course", "version", "progress").order_by("pk")
