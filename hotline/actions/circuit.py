"""The provider of an account, left alone while it does not answer; what it answers is noted for all processes."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.db.models import F
from django.utils import timezone

from hotline.models import SweepMark
from hotline.queries.circuit import KIND, held_until
from hotline.telephony import providers
from hotline.telephony.base import NotOver, Provider, ProviderBusy, ProviderDown, ProviderRefused

# What somebody on the line waits for: it probes every few seconds.
URGENT = frozenset({"dial", "redirect", "hold", "mute", "announce", "set_room_end", "set_coach"})
NEVER_HELD = frozenset({"hang_up"})


class CircuitOpen(ProviderDown):
    """Raised in place of asking an account that does not answer; it is no try. `until` says when to come again."""

    def __init__(self, until: datetime):
        super().__init__("The provider does not answer.")
        self.until = until


def provider(account: str) -> Provider:
    """Return the provider of an account, behind its circuit; the practice network needs none."""
    line = providers.provider(account)
    return line if providers.is_simulated(account) else _Guarded(line, account)


class _Guarded:
    """A provider of which each answer, and each failure to answer, is noted."""

    def __init__(self, line: Provider, account: str):
        self._line, self._account = line, account

    def __getattr__(self, name: str) -> Callable:
        order = getattr(self._line, name)

        @wraps(order)
        def asked(*args, **kwargs):
            until = held_until(self._account, timezone.now(), is_urgent=name in URGENT)
            if until and name not in NEVER_HELD:
                raise CircuitOpen(until)
            try:
                answer = order(*args, **kwargs)
            except (NotOver, ProviderBusy, ProviderRefused):
                note_answer(self._account)
                raise
            except ProviderDown:
                note_failure(self._account, at=timezone.now())
                raise
            note_answer(self._account)
            return answer

        return asked


def note_failure(account: str, *, at: datetime) -> None:
    """Note that an account did not answer."""
    rows = SweepMark.objects.filter(account=account, kind=KIND)
    if not rows.update(failures=F("failures") + 1, mark_at=at):
        SweepMark.objects.bulk_create(
            [SweepMark(account=account, kind=KIND, mark_at=at, failures=1)], ignore_conflicts=True
        )


def note_answer(account: str) -> None:
    """Note that an account answered: whatever it said, it is there."""
    SweepMark.objects.filter(account=account, kind=KIND, failures__gt=0).update(failures=0)
