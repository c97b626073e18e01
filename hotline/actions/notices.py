"""Texts that are due to an agency's enrolled phone: the link to its page, and what is told of its own address."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline.actions.circuit import provider
from hotline.actions.commands import UNREADABLE
from hotline.actions.delivery import handed_since
from hotline.actions.orders import order
from hotline.actions.sending import KEY_PAUSE, KEY_WAIT
from hotline.choices import CommandKind
from hotline.queries.lines import LineFacts, memory
from hotline.queries.post import words_for_agency
from hotline.telephony import twiml
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider
from referral import actions as cases
from referral.choices import NoticeFault
from referral.models import Notice
from referral.queries import work

CLAIM = timedelta(seconds=60)
BATCH = 20
TRIED_FOR = timedelta(hours=2)  # after that somebody calls the agency instead
PAUSE = TRIED_FOR / 4  # between two tries to open what cannot be opened: five in that time
ARRIVED_AFTER = 15 * 60  # seconds until the carrier is asked what became of a text
THROUGH = (*accounts.AWAY, SealError, NoSealKey)  # handled by itself: a key that is away is waited for


def queue_due_notices(*, at: datetime) -> int:
    """Send each text that is due, once."""
    done = 0
    due = work.due_notices(at).filter(contact__isnull=False).select_related("contact")[:BATCH]
    for notice, now in accounts.paced(list(due), at):
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        if not Notice.objects.filter(free, pk=notice.pk, taken_at__isnull=True).update(claimed_until=now + CLAIM):
            continue
        with accounts.alone("notice_not_settled", through=accounts.AWAY, subject=notice.pk):
            done += _try_one(notice, now)
    return done


def _try_one(notice: Notice, at: datetime) -> bool:
    """Send one claimed text; one that cannot be, whatever it meets, is tried again after a pause and stops no other."""
    try:
        with accounts.alone("notice_not_sent", known=UNREADABLE, through=THROUGH, subject=notice.pk):
            return _to_agency(notice, at)
    except (SealError, NoSealKey) as error:
        if accounts.is_key_away(error):
            return _wait_for_key(notice, at)
        accounts.record_unopened(error, by="worker", at=at)
    is_again = notice.claimed_until is not None
    if is_again and at - notice.due_at >= TRIED_FOR:
        return _give_up(notice, "unopened", at, fault=NoticeFault.UNOPENED)
    Notice.objects.filter(pk=notice.pk).update(claimed_until=at + PAUSE)
    return False


def _wait_for_key(notice: Notice, at: datetime) -> bool:
    """Put a text back until its key is here again, as long as the address in it works; where it has none, for a day."""
    if at >= (cases.notice_ends(notice=notice) or notice.due_at + KEY_WAIT):
        return _give_up(notice, "unopened", at, fault=NoticeFault.UNOPENED)
    Notice.objects.filter(pk=notice.pk).update(claimed_until=at + KEY_PAUSE)
    return False


def _to_agency(notice: Notice, at: datetime) -> bool:
    """Send an agency a text that says nothing of anybody. What cannot leave is told."""
    line = line_of(notice.country_id)
    to = cases.notice_number(notice=notice, at=at)
    if line is None or not to:
        cases.notice_failed(notice=notice, fault=NoticeFault.NO_NUMBER if line else NoticeFault.NO_LINE, at=at)
        return True
    ends = cases.notice_ends(notice=notice) or at + TRIED_FOR
    if ends <= at:
        return _give_up(notice, "link_dead", at)
    try:
        sid = _send(notice, line, to, at)
    except ProviderDown:
        is_again = notice.claimed_until is not None
        return is_again and at - notice.due_at >= TRIED_FOR and _give_up(notice, "carrier_down", at)
    except (ProviderRefused, NoSuchProvider) as error:
        return _give_up(notice, getattr(error, "code", "") or type(error).__name__, at)
    cases.notice_left(notice=notice, at=at)
    order(
        CommandKind.FETCH_MESSAGE, key=f"notice:{notice.pk}", at=at, delay=ARRIVED_AFTER, account=line.account,
        notice=notice.pk, sid=sid,
    )  # fmt: skip
    return True


def _send(notice: Notice, line: LineFacts, to: str, at: datetime) -> str:
    """Hand a text over and return its SID; one that an earlier try handed over before it could say so is found again."""
    carrier = provider(line.account)
    address = cases.notice_address(notice=notice, at=at) if notice.link is not None else ""
    body = words_for_agency(notice.kind, notice.language, address)
    if notice.claimed_until is not None:  # claimed before: its address is in no other text
        handed = handed_since(carrier, notice.due_at)
        if sid := next((one.sid for one in handed if one.to == to and (address or body) in one.body), ""):
            return sid
    status = f"{settings.PUBLIC_URL}/hotline/twilio/message-status/{twiml.STATUS_FRAGMENT}"
    return carrier.send_message(to=to, from_=line.sender or line.number, body=body, status_url=status)


def _give_up(notice: Notice, code: str, at: datetime, *, fault: NoticeFault = NoticeFault.REFUSED) -> bool:
    """Tell that a text cannot leave any more."""
    cases.notice_failed(notice=notice, fault=fault, at=at)
    verb = "hotline.text_given_up" if fault == NoticeFault.UNOPENED else "hotline.notice_refused"
    accounts.record(by="worker", verb=verb, thing=notice, at=at, country=notice.country_id, code=code)
    return True


def line_of(country: str) -> LineFacts | None:
    """Return the line of a country from which texts are sent; None where it has none that is active."""
    return next((line for line in memory().by_id.values() if line.country == country and line.is_active), None)
