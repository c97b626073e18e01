"""Who may be asked to take a call over, and what a person is asked into now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.rules import allowed, is_supervisor
from hotline.choices import THIRD_OPEN, THIRD_RINGS, JoinMode, LegRole, Presence, ThirdState
from hotline.models import Contact, OperatorState, ThirdCall
from hotline.queries.back_help import HelpInBack, helps_in_backs
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.duty import SEEN
from hotline.queries.of_desk import OfDesk
from hotline.queries.serving import has_role
from hotline.queries.sheets import Speech, speech_with
from hotline.queries.telephones import Reach, account_of, reach_into_call, reach_of
from hotline.rules import DESK, RULES
from languages import table

TOLD_FOR = timedelta(minutes=2)  # that nobody came stands on the page of who asked


def colleagues_to_ask(contact: Contact, user: User, at: datetime) -> list[User]:
    """Return who is ready with the console open, and can be rung: who speaks the caller's language first, then by name."""
    rows = OperatorState.objects.filter(
        has_role(*DESK), state=Presence.READY, seen_at__gt=at - SEEN, user__country_id=contact.country_id
    ).exclude(user=user)
    free = rows.select_related("user")
    people = [one.user for one in free if reach_of(one, account_of(contact))]
    people = [one for one in people if allowed(one, RULES, "take_call", contact)]
    return sorted(people, key=lambda one: (contact.language not in one.speaks, one.get_full_name()))


def colleagues_gone(user: User, seen: Iterable[str], people: Iterable[User]) -> list[str]:
    """Return the names of colleagues whom a page shows and who cannot be asked any more, by name; one query where there is one.

    `seen`: the public ids that it shows, whatever came instead of one is left out. Only people of the user's own desk are named.
    """
    left = {one.public_id for one in people}
    gone = {number for number in map(_number, seen) if number and number not in left}
    rows = OperatorState.objects.filter(
        has_role(*DESK), user__public_id__in=gone, user__country_id=user.country_id
    ).exclude(user=user)
    return sorted(one.user.get_full_name() for one in rows.select_related("user")) if gone else []


def _number(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


@dataclass(frozen=True)
class Joining:
    """A colleague's call into which this person is asked, rung, or in which she is."""

    third: ThirdCall
    reach: Reach = Reach.NOTHING  # by what the call reaches her

    @property
    def contact(self) -> Contact:
        """Return the call."""
        return self.third.contact

    @property
    def language(self) -> table.Row | None:
        """Return the caller's language."""
        return table.BY_CODE.get(self.contact.language)

    @property
    def is_to_take_over(self) -> bool:
        """Tell whether she is to take the call over, and not to supervise it."""
        return self.third.role == LegRole.COLLEAGUE

    @property
    def is_asked(self) -> bool:
        """Tell whether nothing rings yet."""
        return self.third.state == ThirdState.ASKED

    @property
    def is_there(self) -> bool:
        """Tell whether she is in the call."""
        return self.third.state == ThirdState.JOINED

    @property
    def coaches(self) -> bool:
        """Tell whether only the operator hears her."""
        return self.third.mode == JoinMode.COACH

    @property
    def by_browser(self) -> bool:
        """Tell whether her browser calls out to it, so that nothing rings."""
        return self.reach == Reach.BROWSER

    @property
    def to_join(self) -> str:
        """Return the mark of the call that her browser has to join now; "" without one."""
        leg = self.third.leg if self.by_browser and self.third.state in THIRD_RINGS else None
        return str(leg.pk) if leg is not None and leg.call_sid is None else ""

    @cached_property
    def names_her(self) -> bool:
        """Tell whether the call was hidden from her since she came into it: nothing more of it is shown."""
        return self.contact.hides_from(self.third.person)

    @cached_property
    def speech(self) -> Speech:
        """Return how one may speak with the caller: to be read before the first word, and before a yes."""
        is_hidden = self.third.person is not None and self.names_her
        return Speech() if is_hidden else speech_with(self.contact)

    @property
    def operator(self) -> User | None:
        """Return whose call it is."""
        return self.contact.claimed_by


@dataclass(frozen=True)
class Part:
    """What a person has to do with colleagues' calls: the one into which she is asked or in which she is, and that she left one.

    `has_left`: she has left a call a moment ago that goes on without her, and has none of her own.
    """

    joining: Joining | None = None
    has_left: bool = False


def _thirds(user: User, at: datetime) -> QuerySet[ThirdCall]:
    # Two parts, found by the person and the state alone: else one reads all she was ever asked into, or the country's contacts.
    mine = ThirdCall.objects.filter(person=user.pk).order_by().values("pk")
    went = mine.filter(state=ThirdState.OVER, ended_at__gt=at - TOLD_FOR)
    found = ThirdCall.objects.filter(pk__in=mine.filter(state__in=THIRD_OPEN).union(went, all=True))
    return found.select_related("contact__claimed_by", "leg", "person__operator_state").order_by("pk")


_THIRDS = OfDesk(_thirds)


def part_of(user: User, at: datetime) -> Part:
    """Return a person's part in colleagues' calls now; before she is in one, none that names her. One query where she has none."""
    found = _THIRDS.objects(user, at=at)
    rows = [one for one in found if one.contact.country_id == user.country_id and not _is_past(one)]
    # One by one: mostly there is none, and a console asks at every change.
    open_ones = [one for one in rows if one.state != ThirdState.OVER]
    shown = next((one for one in open_ones if one.state == ThirdState.JOINED or _is_shown(one, user)), None)
    has_left = any(one.state == ThirdState.OVER and _has_no_other(one) for one in rows)
    return Part(_joining(shown) if shown else None, shown is None and has_left)


def joining(user: User, at: datetime) -> Joining | None:
    """Return only the colleague's call of `part_of`."""
    return part_of(user, at).joining


def _is_past(third: ThirdCall) -> bool:
    """Tell whether she has left, and the call with her, or it was not her own telephone that left."""
    goes_on = third.contact.ended_at is None and third.leg is not None and third.leg.role == third.role
    return third.state == ThirdState.OVER and not goes_on


def _has_no_other(third: ThirdCall) -> bool:
    """Tell whether who left has no contact of her own since: the same one handed to her, or the next she took."""
    state = getattr(third.person, "operator_state", None)
    return state is None or state.contact_id is None


def _joining(third: ThirdCall) -> Joining:
    state = getattr(third.person, "operator_state", None)
    return Joining(third, reach_into_call(state, account_of(third.contact), third.before))


def _is_shown(third: ThirdCall, user: User) -> bool:
    return contacts_of_desk(user).filter(pk=third.contact_id).exists()


def kept_out(user: User, at: datetime) -> Joining | None:
    """Return the call into which somebody was not let, or could not be brought, a moment ago."""
    mine = ThirdCall.objects.filter(person=user, role=LegRole.SUPERVISOR, ended_at__gt=at - TOLD_FOR)
    rows = mine.filter(contact__in=contacts_of_desk(user))
    third = rows.select_related("contact__claimed_by").order_by("-pk").first()
    ended = third is not None and third.state in (ThirdState.STOPPED, ThirdState.NOBODY)
    return Joining(third) if ended and third.contact.ended_at is None else None


def calls_for_help(user: User) -> QuerySet[ThirdCall]:
    """Return the calls for help of a supervisor's country that nobody has answered; none for whoever supervises nobody."""
    rows = ThirdCall.objects.filter(
        is_help=True, person=None, state__in=[ThirdState.ASKED, ThirdState.RINGING, ThirdState.ACCEPTED],
        contact__in=contacts_of_desk(user),
    ).exclude(contact__claimed_by=user)  # fmt: skip
    return rows if is_supervisor(user, None) else ThirdCall.objects.none()


def helps(user: User) -> list[Joining | HelpInBack]:
    """Return the calls of a supervisor's country whose operators asked for help that nobody has answered, call backs last."""
    if not is_supervisor(user, None):
        return []
    found = list(calls_for_help(user).select_related("contact__claimed_by").order_by("asked_at"))
    state = OperatorState.objects.filter(user=user).first() if found else None
    before = state.state if state else ""
    joined = [Joining(third, reach_into_call(state, account_of(third.contact), before)) for third in found]
    return [*joined, *helps_in_backs(user)]
