"""Who belongs to a cohort: let in from a file, with an office, by the code; and who left."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.actions import count_attempt, record, record_many
from accounts.models import Office, User
from accounts.queries.clocks import is_over
from training.actions.cohorts import LETTERS
from training.actions.places import enrol_many
from training.actions.spans import mark_moved
from training.choices import Road
from training.models import Cohort, Member
from training.queries import learners_of_countries

TRIES, WINDOW = 10, 3600


class JoinRefused(Exception):
    """Raised when a code lets nobody in; its words say why, and what to do. `wait` is for how many seconds, else 0."""

    wait = 0


class JoinTriedTooOften(JoinRefused):
    """Raised when one person tried as many codes in an hour as she may."""

    wait = WINDOW


@transaction.atomic
def add_members(*, cohort: Cohort, users: Sequence[User], road: str, by, at: dt.datetime) -> int:
    """Let people into a cohort and enrol them in its course; who is in it stays as she is. Return how many are new.

    Who left and comes again gets her own number back. Raises NotOffered or NoVersionYet when the course cannot be begun.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    inside = set(cohort.members.filter(left_at=None).values_list("enrolment__learner__user", flat=True))
    wanted = [user for user in dict.fromkeys(users) if user.pk not in inside]
    if not wanted:
        return 0
    enrolments = enrol_many(users=wanted, course=cohort.course, country=cohort.country_id, at=at)
    keys = [enrolments[user.pk].pk for user in wanted]
    cohort.members.filter(enrolment__in=keys).update(left_at=None)
    known = set(cohort.members.values_list("enrolment", flat=True))
    last = cohort.members.aggregate(last=Max("number"))["last"] or 0
    new = [key for key in keys if key not in known]
    Member.objects.bulk_create(
        Member(cohort=cohort, enrolment_id=key, number=number, road=road, joined_at=at)
        for number, key in enumerate(new, last + 1)
    )
    record(
        by=by, verb="training.members_added", thing=cohort, at=at, country=cohort.country_id, count=len(wanted), road=road
    )  # fmt: skip
    return len(wanted)


def add_office(*, cohort: Cohort, office: Office, by, at: dt.datetime) -> int:
    """Let everybody in who learns in an office of the cohort's country; return how many are new."""
    users = list(learners_of_countries(by).filter(office=office, country=cohort.country_id).order_by("name", "pk"))
    return add_members(cohort=cohort, users=users, road=Road.OFFICE, by=by, at=at)


@transaction.atomic
def take_out(*, member: Member, by, at: dt.datetime) -> None:
    """Take somebody out of a cohort; what she did and attended stays hers. Out already, nothing happens."""
    if Member.objects.filter(pk=member.pk, left_at=None).update(left_at=at):
        cohort = member.cohort
        record(by=by, verb="training.member_left", thing=cohort, at=at, country=cohort.country_id)


@transaction.atomic
def follow_move(*, user: User, by, at: dt.datetime) -> None:
    """Take somebody who moved to another country out of the groups of all others; part of the act that moves her.

    Each is an act of the log, as where a trainer takes her out. What she did and attended stays hers, and so does her number
    on the paper lists, should she come back. How she is trained is worked out again.
    """
    mark_moved(user=user)  # holds her enrolments: a tick of another moment waits
    rows = Member.objects.filter(enrolment__learner__user=user, left_at=None).exclude(cohort__country=user.country_id)
    left = list(rows.select_related("cohort").order_by("pk"))
    Member.objects.filter(pk__in=[one.pk for one in left]).update(left_at=at)
    if left:
        record_many(
            by=by, at=at,
            acts=[("training.member_left", one.cohort, one.cohort.country_id, {"moved": True}) for one in left],
        )  # fmt: skip


def join_cohort(*, user: User, code: str, at: dt.datetime) -> Cohort:
    """Let an official into the cohort of a code that its trainer shows; again changes nothing.

    Raises JoinRefused for a code that is unknown, over, of another country, or after ten tries in an hour.
    """
    if not count_attempt(key=f"join:{user.public_id}", limit=TRIES, seconds=WINDOW, at=at):
        raise JoinTriedTooOften(_("Ten codes were tried. Wait an hour, or ask your trainer to let you in."))
    cohort = _cohort_of(code)
    if cohort is None:
        raise JoinRefused(_("No group has this code. Look at it once more, or ask your trainer."))
    if cohort.country_id != user.country_id:
        raise JoinRefused(_("This group is of another country than your account. Ask your trainer."))
    if is_over(cohort.join_until, cohort.country_id, at):
        raise JoinRefused(_("This code has ended. Ask your trainer for a new one."))
    add_members(cohort=cohort, users=[user], road=Road.CODE, by=user, at=at)
    return cohort


def _cohort_of(code: str) -> Cohort | None:
    """Return the cohort of a code, however it was typed: small letters and gaps make no difference."""
    bare = "".join(sign for sign in code.upper() if sign in LETTERS)
    return Cohort.objects.filter(join_code=bare).select_related("course", "country").first() if bare else None
