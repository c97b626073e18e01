"""Calls for help of those who call a person back: told to supervisors, who cannot be brought into such a call."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.rules import is_supervisor
from hotline.choices.calling import CallBackState
from hotline.models import CallBack, Contact, ContactEvent
from hotline.queries.contacts import contacts_of_desk
from languages import table


@dataclass(frozen=True)
class HelpInBack:
    """A call back whose operator asked for help, as those who supervise are told of it."""

    call_back: CallBack
    is_call_back: bool = True

    @property
    def contact(self) -> Contact:
        """Return whom the operator calls back."""
        return self.call_back.contact

    @property
    def operator(self) -> User | None:
        """Return who calls back."""
        return self.call_back.by

    @property
    def language(self) -> table.Row | None:
        """Return the person's language."""
        return table.BY_CODE.get(self.contact.language)


def has_asked() -> Exists:
    """Return the condition "help was asked for in it", of call backs."""
    asked = ContactEvent.objects.filter(kind="help_asked", contact=OuterRef("contact"), at__gte=OuterRef("made_at"))
    return Exists(asked)


def asks_for_help(row: CallBack | None) -> bool:
    """Tell whether the operator of a call back in which somebody picked up asked for help; no query for any other."""
    if row is None or row.state != CallBackState.TALKING:
        return False
    return CallBack.objects.filter(has_asked(), pk=row.pk).exists()


def backs_for_help(user: User) -> QuerySet[CallBack]:
    """Return the call backs of a supervisor's country in which help was asked for; none for whoever supervises nobody."""
    rows = CallBack.objects.filter(
        has_asked(), state=CallBackState.TALKING, ended_at=None, contact__in=contacts_of_desk(user)
    ).exclude(by=user)
    return rows if is_supervisor(user, None) else CallBack.objects.none()


def helps_in_backs(user: User) -> list[HelpInBack]:
    """Return the same as those who supervise are told of them, the longest first."""
    return [HelpInBack(row) for row in backs_for_help(user).select_related("contact", "by").order_by("made_at")]
