"""Which lines call themselves, and what they heard last."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from hotline.choices.calling import SelfResult
from hotline.models import SelfCall
from hotline.queries.lines import LineFacts, memory
from hotline.telephony.providers import is_simulated, webhook_secrets

LATELY = timedelta(hours=1)


def lines_to_call(at: datetime) -> list[LineFacts]:
    """Return the active lines of our accounts that can be called from the network and are not being called."""
    if not settings.SELF_CALLS:
        return []
    busy = set(open_self_calls().values_list("line_id", flat=True))
    ours = webhook_secrets().tokens
    lines = [line for line in memory().by_id.values() if line.is_active and line.account in ours and line.languages]
    return [line for line in lines if line.id not in busy and numbers_of(line)]


def numbers_of(line: LineFacts | None) -> tuple[str, str] | None:
    """Return the number to call and the one to call from; None for a line that the network cannot be asked to call.

    The practice network calls a line as its people do; another one only numbers with + and country code.
    """
    if line is None:
        return None
    whole = _whole(line)
    if is_simulated(line.account):
        return line.number, next(iter(whole), line.number)
    others = [number for one in memory().by_id.values() if one.account == line.account for number in _whole(one)]
    return (whole[0], next((number for number in others if number != whole[0]), whole[0])) if whole else None


def _whole(line: LineFacts) -> list[str]:
    return [number for number in line.numbers if number.startswith("+")]


def open_self_calls():
    """Return the calls of lines to themselves that have no result yet."""
    return SelfCall.objects.filter(result="").select_related("line__country")


def last_result(line: int) -> str:
    """Return what came of a line's last call to itself, "" before the first."""
    done = SelfCall.objects.filter(line_id=line).exclude(result="")
    return done.order_by("-id").values_list("result", flat=True).first() or ""


def last_self_call(line: int) -> SelfCall | None:
    """Return a line's last call to itself that has a result."""
    return SelfCall.objects.filter(line_id=line).exclude(result="").order_by("-id").first()


def lines_not_heard(at: datetime) -> list[str]:
    """Return the numbers of the lines whose last call to themselves was not heard, lately."""
    newest: dict[int, SelfCall] = {}
    rows: Iterable[SelfCall] = (
        SelfCall.objects.filter(made_at__gte=at - LATELY).exclude(result="").select_related("line")
    )
    for row in rows.order_by("id"):
        newest[row.line_id] = row
    return sorted(row.line.number for row in newest.values() if row.result != SelfResult.HEARD)


def own_sids(account: str, sids: Iterable[str]) -> set[str]:
    """Return which of these calls are calls of lines to themselves."""
    return set(
        SelfCall.objects.filter(account=account, inbound_sid__in=list(sids)).values_list("inbound_sid", flat=True)
    )
