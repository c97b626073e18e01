"""Reads of what people heard on the telephone: told to themselves and to who supervises them, to nobody else.

Calls on a line to practise on weigh nothing, and who waits there in danger keeps nobody from her break: nobody is behind
them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from accounts.models import User
from hotline import exposure
from hotline.choices import REHEARSED, LegRole, Presence
from hotline.models import Contact, Leg, OperatorState
from hotline.queries.duty import SEEN

BEFORE = timedelta(days=1)  # a call that went on into the week began at most so long before
AT_WORK = (Presence.READY, Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP)


def _heard_by(people: Iterable[User], country: str | None, at: datetime) -> QuerySet[Leg]:
    """Return the telephones of operators' calls of a week."""
    return Leg.objects.filter(
        role=LegRole.OPERATOR, user__in=list(people), joined_at__gte=at - exposure.WEEK, contact__country_id=country,
        contact__started_at__gte=at - exposure.WEEK - BEFORE, contact__is_practice=False,
    )  # fmt: skip


def loads_of(people: Iterable[User], country: str | None, at: datetime) -> dict[int, exposure.Load]:
    """Return what the calls of these people weigh, by their keys: one query, however many they are."""
    legs = _heard_by(people, country, at)
    heard: dict[int, dict[int, exposure.Heard]] = defaultdict(dict)
    for user, contact, *facts in legs.values_list(
        "user_id", "contact_id", "joined_at", "contact__topic", "contact__is_danger"
    ):
        heard[user][contact] = exposure.Heard(*facts)  # who came back into a call heard it once
    return {user: exposure.load(calls.values(), at) for user, calls in heard.items()}


def load_of(user: User, at: datetime) -> exposure.Load:
    """Return what this person's calls weigh."""
    return loads_of([user], user.country_id, at).get(user.pk, exposure.Load())


def owes_break(user: User, at: datetime) -> bool:
    """Tell whether a person has a break now: over her share, unless she is alone at work or somebody in danger waits."""
    return load_of(user, at).is_over and not _is_needed(user, at)


def break_until(user: User, at: datetime) -> datetime | None:
    """Return until when a person has a break now, whatever she did since her last call; None where she has none."""
    if not owes_break(user, at):
        return None
    closed = Case(When(contact__claimed_by=user, then=F("contact__wrapped_up_at")))  # else somebody else's sheet
    legs = _heard_by([user], user.country_id, at)
    ends = legs.values_list(Coalesce(closed, "left_at", "ended_at", "contact__ended_at"), flat=True)
    until = max((end or at for end in ends), default=at) + exposure.BREAK
    return until if at < until else None


def _is_needed(user: User, at: datetime) -> bool:
    others = OperatorState.objects.filter(
        Q(seen_at__gt=at - SEEN), user__country_id=user.country_id, state__in=AT_WORK
    ).exclude(user=user)
    waiting = Contact.objects.filter(
        country_id=user.country_id, is_danger=True, ended_at=None, state__in=["waiting", "returned"], is_practice=False
    ).exclude(flags__contains=REHEARSED)
    return not others.exists() or waiting.exists()
