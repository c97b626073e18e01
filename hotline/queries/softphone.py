"""Reads of the telephone in the browser: whether this person may have one now, and what the page of it needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery

from accounts.models import User
from hotline.callstate import CALL_FINAL
from hotline.choices import SERVES, Presence
from hotline.choices.calling import CallBackState
from hotline.models import BrowserTrial, CallBack, Contact, Leg, Line, OperatorState
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.telephones import Reach, account_of, reach_into_call, reach_of
from hotline.telephony.providers import browser_access, is_simulated

# The provider's script, fetched by `./fanal setup` (cms/voice_sdk.py), and what its bytes must be.
SCRIPT = "vendor/twilio-voice-2.18.5.min.js"
SCRIPT_HASH = "sha384-LUG7DmzDPWNKRYoqyGpV4d/IByMLiya/oUhMSc/4/6hi0wbzO/8PffM4lzeFEYS8"
IN_CALL = (Presence.OFFERED, Presence.ON_CALL)


def is_installed() -> bool:
    """Tell whether the provider's script is on this server."""
    return (settings.VAR_DIR / "assets" / SCRIPT).exists() or (settings.STATIC_ROOT / SCRIPT).exists()


def lines_of(user: User) -> list[Line]:
    """Return the lines of a person's country that are on."""
    return list(Line.objects.filter(country_id=user.country_id, is_active=True)) if user.country_id else []


def account_for(lines: Iterable[Line]) -> str:
    """Return the account by which a browser calls for some lines: a live one's, else the practice network's, else ""."""
    accounts = [line.account for line in sorted(lines, key=lambda line: (line.is_practice, line.pk))]
    live = [account for account in accounts if not is_simulated(account) and browser_access(account)]
    if live and is_installed():
        return live[0]
    return next((account for account in accounts if is_simulated(account)), "")


def token_bar(state: OperatorState | None, account: str) -> str:
    """Return why a person's browser is given no token now (hotline.choices.TOKEN_BARS), or ""."""
    if not account:
        return "not_set_up"
    return "off_shift" if state is None or state.state == Presence.OFF else ""


@dataclass(frozen=True)
class Softphone:
    """What the console shows of the telephone in the browser; `call` is the mark of a call that it has to join now."""

    state: OperatorState | None
    account: str
    trial: BrowserTrial | None
    call: str = ""
    lost: Contact | None = None

    @property
    def is_possible(self) -> bool:
        """Tell whether a browser can be a telephone here at all."""
        return bool(self.account)

    @property
    def trial_serves(self) -> bool:
        """Tell whether the last trial was good enough to work with."""
        return self.trial is not None and self.trial.result in SERVES

    @property
    def is_talking(self) -> bool:
        """Tell whether she is in a call now."""
        return self.state is not None and self.state.state == Presence.ON_CALL

    @property
    def in_browser(self) -> bool:
        """Tell whether her calls reach her in the browser."""
        return self.state is not None and self.state.in_browser

    @property
    def has_telephone(self) -> bool:
        """Tell whether a telephone of her own stands behind it."""
        return self.state is not None and self.state.has_telephone


def softphone_of(user: User, state: OperatorState | None, lines: Iterable[Line], asked_into: str = "") -> Softphone:
    """Return the browser telephone of a person as her console shows it.

    `asked_into` is the mark of a colleague's call that it has to join, "" without one.
    """
    trial = getattr(state, "browser_trial", None)
    return Softphone(state, account_for(lines), trial, _call_to_join(state) or asked_into, _lost_call(user, state))


def softphone_to_call_back(user: User, account: str, row: CallBack | None) -> Softphone | None:
    """Return the browser telephone of who calls somebody back, None where that is not what reaches her.

    `row` is her call back that goes on or went last; its browser has to join it until it is in.
    """
    state = OperatorState.objects.filter(user=user).select_related("user").first()
    is_open = row is not None and row.ended_at is None
    before = row.before if is_open else state.state if state else ""
    if reach_into_call(state, account, before) != Reach.BROWSER:
        return None
    is_called = row is not None and bool(row.own_sid) and row.own_status not in CALL_FINAL
    waits = is_open and row.state == CallBackState.OPERATOR and not is_called
    return Softphone(state, account, None, f"back-{row.pk}" if waits else "")


def _call_to_join(state: OperatorState | None) -> str:
    """Return the mark of the call that she took and that her browser has not joined yet; "" without one."""
    if state is None or state.state != Presence.OFFERED or state.contact is None:
        return ""
    if reach_of(state, account_of(state.contact)) != Reach.BROWSER:
        return ""
    leg = Leg.objects.filter(contact=state.contact, user=state.user_id, role="operator").order_by("-pk").first()
    return str(leg.pk) if leg is not None and leg.call_sid is None else ""


def _lost_call(user: User, state: OperatorState | None) -> Contact | None:
    """Return the call whose connection with this operator was cut, that nobody has taken since and that does not name her."""
    if state is None or not state.in_browser or state.state != Presence.READY:
        return None
    last = Leg.objects.filter(contact=OuterRef("pk"), role="operator", joined_at__isnull=False).order_by("-pk")
    rows = contacts_of_desk(user).filter(state="returned", claimed_by=None, ended_at=None)
    rows = rows.annotate(last_operator=Subquery(last.values("user")[:1])).filter(last_operator=user.pk)
    return rows.order_by("priority", "queued_at").first()
