"""The change mark of a console that polling compares: one question, whatever there is to see.

It tells nothing of a contact that is hidden from her: not when it changes, nor that it is there.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Length
from django.utils.crypto import salted_hmac

from accounts.models import User
from hotline.choices import QUESTIONS, LegRole, Presence
from hotline.models import Contact, Leg, Line, Shield, ThirdCall
from hotline.queries.answering import HELD_OPEN, lapsed_answers
from hotline.queries.circuit import failing, is_held
from hotline.queries.confirming import is_unconfirmed
from hotline.queries.contacts import contacts_of_desk, lapsed_claims
from hotline.queries.heartbeat import is_silent
from hotline.queries.holding import is_held_long
from hotline.queries.of_desk import OfDesk

HELD = "held"  # the last sign of a mark while an account at the provider does not answer
NEVER = Value(None, DateTimeField())


@dataclass(frozen=True)
class Pulse:
    """What one cheap question tells: the change mark, and when this console was last noted as open."""

    mark: str
    seen_at: datetime | None
    has_lapsed: bool
    waits_for_end: bool
    answers_until: datetime | None


def pulse(user: User, *, at: datetime, opened: str = "") -> Pulse:
    """Return a mark that differs as soon as something on the user's console would look different. One query.

    `has_lapsed`: a claim is over, and nobody has put the call or the conversation back yet.
    `waits_for_end`: the operator ended the call, and the network has not confirmed it for a while. `answers_until`: how
    long her claim of the conversation, visit or letter that stands `opened` on the page holds.
    """
    ((
        changed_at,
        hidden,
        part,
        told,
        told_of_opened,
        *row,
        held_mark,
        end_asked,
        ask_ordered,
        seen_at,
        has_lapsed,
        answers_until,
        failures,
        failed_at,
    ),) = _ROW.rows(user, at=at) if not opened else _ROW_OPENED.rows(user, UUID(opened), at=at)  # fmt: skip
    mark = "|".join(value.isoformat() if isinstance(value, datetime) else str(value or "") for value in row)
    waits = end_asked is not None and is_unconfirmed(end_asked, at)
    marks = (
        desk_sign(user, changed_at, hidden, part, told, told_of_opened),
        mark,
        *["on hold long"] * is_held_long(held_mark, at),
        *["waits"] * waits,
        *["asks"] * (ask_ordered is not None and is_unconfirmed(ask_ordered, at)),
        *["silent"] * is_silent(at),
        *[HELD] * is_held(failures, failed_at, at),
    )
    return Pulse("|".join(marks), seen_at, has_lapsed, waits, answers_until)


def _rows(user: User, opened: UUID | None, at: datetime) -> QuerySet:
    columns = (*of_desk(user), *_moved(user, opened), _mode(), *_of_operator())
    return User.objects.filter(pk=user.pk).values_list(*columns, *_overdue(), *_told(at, opened))


def _rows_of_none(user: User, at: datetime) -> QuerySet:
    return _rows(user, None, at)


_ROW, _ROW_OPENED = OfDesk(_rows_of_none), OfDesk(_rows, UUID(int=7))


def change_mark(user: User, *, at: datetime, contact: Contact | None = None) -> str:
    """Return only the mark of `pulse`; `contact` is the one that is opened by hand."""
    return pulse(user, at=at, opened=str(contact.public_id) if contact else "").mark


def of_desk(user: User) -> tuple[Subquery, Subquery, Subquery]:
    """Return columns of what changes with a person's contacts: the parts of `desk_sign`, in its order.

    When one that she may see changed last; how many are hidden from her, since one that is taken from her sight, or given
    back, changes nothing else; and where she stands in the last of her colleagues' calls, which she hears to its end.
    """
    newest = contacts_of_desk(user).order_by("-changed_at").values("changed_at")
    met = Shield.objects.filter(Shield.meets(user), contact__country_id=user.country_id).order_by()
    hidden = met.values("contact__country_id").annotate(contacts=Count("contact", distinct=True)).values("contacts")
    part = ThirdCall.objects.filter(person=OuterRef("pk")).order_by("-pk").values("state")
    return Subquery(newest[:1]), Subquery(hidden), Subquery(part[:1])


def desk_sign(user: User, *told: object) -> str:
    """Return what differs as soon as one of the values of `of_desk` does, and tells none of them."""
    return salted_hmac("hotline.desk", "|".join(map(str, (user.pk, *told))), algorithm="sha256").hexdigest()[:32]


def _mode() -> Subquery:
    """Return when the mode of a line of the country changed last."""
    mode = Line.objects.filter(country_id=OuterRef("country_id"), mode_at__isnull=False).order_by("-mode_at")
    return Subquery(mode.values("mode_at")[:1])


def _of_operator() -> tuple[str, ...]:
    names = ("state", "since", "contact_id", "phone_verified_at", "in_browser")
    return tuple(f"operator_state__{name}" for name in names)


def _moved(user: User, opened: UUID | None) -> tuple[Subquery, Subquery | Value]:
    """Return how much was told of the telephones of her call, and of the call that stands opened: it only grows.

    Who came into the room or left it is shown, also where that changes nothing of the call itself. They go into the digest:
    of a contact that is hidden from her nothing is asked, and a small number could be tried.
    """
    told = Sum(Length("moves")) + Count("left_at")
    rows = Leg.objects.order_by().values("contact_id").annotate(told=told).values("told")
    hers = rows.filter(contact_id=OuterRef("operator_state__contact_id"))
    seen = contacts_of_desk(user).filter(public_id=opened) if opened else None
    return Subquery(hers), Subquery(rows.filter(contact__in=seen.order_by().values("pk"))) if opened else NEVER


def _overdue() -> tuple[Subquery, Case, Case]:
    """Return since when her caller is on hold, since when she ended her call, and since when a question by keys is
    ordered to which the network has not led the caller yet."""
    held = Leg.objects.filter(contact_id=OuterRef("operator_state__contact_id"), role=LegRole.CALLER, is_held=True)
    talks = {"operator_state__state": Presence.ON_CALL}
    asked = {"operator_state__contact__step": "waiting", "operator_state__contact__question__in": list(QUESTIONS)}
    return (
        Subquery(held.order_by().values("hold_mark")[:1]),
        Case(When(**talks, then="operator_state__contact__end_asked_at")),
        Case(When(**talks, **asked, then="operator_state__contact__changed_at")),
    )


def _told(at: datetime, opened: UUID | None) -> tuple:
    """Return what is told beside the mark, and how the accounts of the country's lines fail."""
    # Of any country: whoever looks releases them all, and the few open claims have an index of their own.
    lapsed = lapsed_claims(at) | lapsed_answers(at)
    answers = Contact.objects.filter(public_id=opened or None, kind__in=HELD_OPEN, claimed_by=OuterRef("pk"))
    until = Subquery(answers.order_by().values("claimed_until")[:1]) if opened else NEVER
    failed = _failing().order_by("-mark_at")
    parts = (Subquery(failed.values(name)[:1]) for name in ("failures", "mark_at"))
    return "operator_state__seen_at", Exists(lapsed), until, *parts


def _failing() -> QuerySet:
    here = Line.objects.filter(country_id=OuterRef(OuterRef("country_id")), is_active=True).order_by()
    return failing(account__in=here.values("account"))
