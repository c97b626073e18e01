"""The outbox of texts: each row is sent once, if it is safe at that moment; what cannot leave is given up and told."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline.actions.circuit import CircuitOpen, provider
from hotline.actions.commands import ANSWERS, KILLED, UNREADABLE
from hotline.actions.delivery import STOPPED_CODE, handed_since, oppose, order_copy_deleted
from hotline.actions.given_up import give_up, tell_lost
from hotline.actions.timeline import note
from hotline.callers import by_whatsapp
from hotline.choices import OUT_OF_WINDOW, Channel, Direction, MessageState
from hotline.models import Contact, Message
from hotline.queries.betraying import is_read_by_others
from hotline.queries.legs import lock_number
from hotline.queries.safety import text_bar
from hotline.queries.whatsapp import approved, is_templates_only
from hotline.telephony import twiml
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider

CLAIM = timedelta(seconds=30)
RETRIES = 5
KILLS = 20  # tries that were heard of no more: the database may have been away in some, which is no word on the text
UNOPENED = "unopened"
THROUGH = (*ANSWERS, SealError, NoSealKey)  # handled by itself: a key that is away is waited for
# A text whose key is away waits for it without a try; after a day what it says is no longer so, and people are told.
KEY_PAUSE, KEY_WAIT = timedelta(minutes=10), timedelta(days=1)


def claim_message(key: int, *, at: datetime) -> Message | None:
    """Take one outgoing message for thirty seconds; None when somebody else has it or it is sent."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    rows = Message.objects.filter(free, pk=key, state=MessageState.OUTBOX, direction=Direction.OUT)
    if not rows.update(claimed_until=at + CLAIM, tries=F("tries") + 1):
        return None
    return Message.objects.select_related("contact", "line").get(pk=key)


def send_message(message: Message, *, at: datetime) -> bool:
    """Send one claimed message, if it is safe; whatever it meets, it has five tries, and what lacks only its key waits.

    The try is counted at the claim: a message that kills its worker again and again is given up without another.
    """
    if message.tries > KILLS:
        return _give_up(message, KILLED, at)
    try:
        with accounts.alone("message_not_sent", known=UNREADABLE, through=THROUGH, subject=message.pk) as met:
            return _send_if_safe(message, at)
    except CircuitOpen as held:
        Message.objects.filter(pk=message.pk).update(claimed_until=held.until, tries=F("tries") - 1)
        return False
    except ProviderDown as error:
        return _try_again(message, str(error), at)
    except (ProviderRefused, NoSuchProvider) as error:
        return _give_up(message, getattr(error, "code", "") or type(error).__name__, at)
    except (SealError, NoSealKey) as error:
        return _not_opened(message, error, at)
    return _try_again(message, type(met.error).__name__, at)


def _send_if_safe(message: Message, at: datetime) -> bool:
    """Send a message; the safety state is read under the lock of the contact and of the others of its number."""
    with transaction.atomic():
        lock_number(message.contact)
        contact = Contact.objects.select_for_update(no_key=True).get(pk=message.contact_id)
        bar = text_bar(contact, at)
        if not message.text_key and is_read_by_others(contact):
            bar = "not_safe"
        if bar and bar != "window":
            _hold_back(message, contact, bar, at)
            return False
        to = accounts.reveal(contact, "number", by="worker", at=at, reason="send text")
        body = accounts.reveal(message, "body", by="worker", at=at, reason="send text")
        template = _template(message, contact, at)
    if contact.channel == Channel.WHATSAPP:
        to = by_whatsapp(to)
    sid = _sent_before(message, to, body, template) or _send(message, to, body, template)
    _note_sent(message.pk, sid, at)
    return True


def _hold_back(message: Message, contact: Contact, bar: str, at: datetime) -> None:
    """Keep back what is not safe any more; the contact is locked.

    What only met the end of the safe hours on its way may be written again within them: people are told, and decide.
    """
    Message.objects.filter(pk=message.pk).update(state=MessageState.BLOCKED, claimed_until=None)
    note(contact, "text_blocked", by="worker", at=at)
    if bar == "not_now":
        tell_lost(message, code=bar, at=at)


@transaction.atomic
def _note_sent(key: int, sid: str, at: datetime) -> None:
    """Note that a text was handed over. The contact may have been erased meanwhile: then the copy there goes at once."""
    contact = Contact.objects.select_for_update(no_key=True).get(messages=key)
    rows = Message.objects.filter(pk=key)
    rows.filter(state=MessageState.OUTBOX).update(state=MessageState.ACCEPTED)
    rows.update(sid=sid, sent_at=at, claimed_until=None)
    note(contact, "text_sent", by="worker", at=at)
    order_copy_deleted(rows.get(), contact, at=at)


def _template(message: Message, contact: Contact, at: datetime) -> str:
    """Return the name of approved words where only these may leave; what is not approved is refused as WhatsApp would."""
    if not is_templates_only(contact, at):
        return ""
    name = approved(contact).get(message.text_key, "")
    if not name:
        raise ProviderRefused(OUT_OF_WINDOW)
    return name


def _send(message: Message, to: str, body: str, template: str) -> str:
    status = f"{settings.PUBLIC_URL}/hotline/twilio/message-status/?t={message.pk}{twiml.STATUS_FRAGMENT}"
    line, is_whatsapp = message.line, message.contact.channel == Channel.WHATSAPP
    sender = by_whatsapp(line.whatsapp) if is_whatsapp else line.sender or line.number
    words = {"body": body, "template": template}
    return provider(message.account).send_message(to=to, from_=sender, status_url=status, **words)


def _sent_before(message: Message, to: str, body: str, template: str) -> str:
    """Return the SID of a message that an earlier try handed over before it could say so: each is sent once."""
    if message.tries < 2:
        return ""
    handed = handed_since(provider(message.account), message.made_at)
    alike = [
        one.sid
        for one in handed
        if one.to == to and (template or one.body == body) and not one.direction.startswith("inbound")
    ]
    ours = set(Message.objects.filter(account=message.account, sid__in=alike).values_list("sid", flat=True))
    return next((sid for sid in alike if sid not in ours), "")


def _try_again(message: Message, fault: str, at: datetime) -> bool:
    if message.tries >= RETRIES:
        return _give_up(message, fault, at)
    Message.objects.filter(pk=message.pk).update(claimed_until=at + timedelta(seconds=5 * 3**message.tries))
    return False


def _not_opened(message: Message, error: Exception, at: datetime) -> bool:
    """Count a try of what is damaged; put back, uncounted, what only lacks its key."""
    if not accounts.is_key_away(error):
        accounts.record_unopened(error, by="worker", at=at)
        return _try_again(message, UNOPENED, at)
    if at - message.made_at >= KEY_WAIT:
        return _give_up(message, UNOPENED, at)
    Message.objects.filter(pk=message.pk).update(claimed_until=at + KEY_PAUSE, tries=F("tries") - 1)
    return False


def _give_up(message: Message, code: str, at: datetime) -> bool:
    give_up(message, code=str(code), at=at)
    if code == STOPPED_CODE:
        oppose(message.contact, at)
    return False
