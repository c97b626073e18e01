"""What is set up at the provider, compared with what the lines need."""

from dataclasses import dataclass

from django.conf import settings

from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import LineFacts, facts_now
from hotline.telephony import doors
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider, browser_access, is_simulated, provider, webhook_secrets


@dataclass(frozen=True)
class Looked:
    """What was found of one account: its faults, or why nobody could look."""

    account: str
    faults: list[doors.DoorFault]
    unasked: str = ""


def looked_at() -> list[Looked]:
    """Ask each account of a line that a telephone reaches, live or not, and each fallback that is named there; asks the network."""
    lines: dict[str, list[LineFacts]] = {}
    for line in facts_now():
        if line.is_reachable and not is_simulated(line.account):
            lines.setdefault(line.account, []).append(line)
    return [_of_account(account, rows) for account, rows in sorted(lines.items())]


def _of_account(account: str, lines: list[LineFacts]) -> Looked:
    try:
        found = provider(account).doors()
    except (ProviderDown, ProviderRefused, NoSuchProvider) as error:
        return Looked(account, [], str(error))
    numbers = {number for line in lines for number in line.numbers}
    faults = doors.faults(found, settings.PUBLIC_URL, numbers, {line.sender for line in lines if line.sender})
    bad = {fault.door for fault in faults if fault.code in ("no_fallback", "fallback_host", "fallback_method")}
    phones = {line.duty_phone for line in lines}
    tokens = webhook_secrets().tokens.get(account) or ("",)
    faults += _of_browsers(account) + doors.shown_faults(caller_id(line) for line in lines)
    for door in found:
        if door.fallback_url and door.name not in bad and (door.kind != "number" or door.name in numbers):
            faults += doors.fallback_faults(door, phones, account=account, token=tokens[0])
    return Looked(account, faults)


def _of_browsers(account: str) -> list[doors.DoorFault]:
    """Return what is wrong with the application through which browsers call; without one there is nothing to look at."""
    access = browser_access(account)
    if access is None:
        return []
    try:
        return doors.app_faults(provider(account).application(access.app), settings.PUBLIC_URL)
    except ProviderRefused as error:
        return [doors.DoorFault("no_app", access.app, "", error.code)]
    except ProviderDown as error:
        return [doors.DoorFault("no_app", access.app, "", str(error))]
