"""One-time links of agencies: 256 random bits, kept as a hash; six digits by another way, kept as a keyed hash."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import formats, timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.queries.clocks import zone_of
from referral.actions import runs
from referral.actions.addresses import address_of
from referral.actions.work import tell
from referral.choices import Basis, LinkPurpose
from referral.models import AgencyContact, AgencyLink, Case, Notice, Referral

LONGEST = dt.timedelta(hours=72)
OPEN_FOR = dt.timedelta(minutes=30)
MOST_TRIES = 5


class DeadLink(Exception):
    """Raised for a link that is used, over, revoked or forged: nobody learns which."""


class WrongCode(Exception):
    """Raised for six digits that are not the link's; the fifth closes it."""


class NoContactEnrolled(Exception):
    """Raised when an agency has no enrolled address for requests; a manager must enrol one."""


@dataclass(frozen=True)
class NewLink:
    """A link just made. The code is here once, to be spoken; the token is only in the letter."""

    link: AgencyLink
    code: str


@dataclass(frozen=True)
class Sent:
    """A letter with a link that was sent. The code is there once, to be spoken to the agency; a repeat has none."""

    referral: Referral
    code: str = ""


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_digest(digest: str, code: str) -> str:
    """Return what is kept of six digits, keyed and bound to their link."""
    return salted_hmac("referral.agency_code", f"{digest}|{code}", algorithm="sha256").hexdigest()


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def lock_case(referral: Referral) -> None:
    """Lock the case of a referral. Whoever changes its links does so first: agency and staff never wait for each other."""
    Case.objects.select_for_update(no_key=True).get(pk=referral.case_id)


def contact_of(referral: Referral) -> AgencyContact:
    """Return the enrolled contact of the agency asked."""
    contact = referral.organisation.contacts.select_related("organisation").first()
    if contact is None:
        raise NoContactEnrolled(_("This agency has no enrolled address for requests. Ask a manager to enrol one."))
    return contact


@transaction.atomic
def send_link(*, referral: Referral, by, at: dt.datetime, purpose: str = LinkPurpose.ANSWER) -> NewLink:
    """Make a fresh link for an agency and queue its letter; an earlier unused link for the same purpose dies."""
    lock_case(referral)
    contact = contact_of(referral)
    revoke_links(referral=referral, at=at, purpose=purpose)
    token, code = secrets.token_urlsafe(32), new_code()
    digest = token_digest(token)
    ends = at + LONGEST
    if purpose == LinkPurpose.ANSWER and referral.due_at:
        ends = min(ends, max(referral.due_at, at + OPEN_FOR))
    link = AgencyLink.objects.create(
        country=referral.case.country, referral=referral, contact=contact, purpose=purpose, token_digest=digest,
        code_digest=code_digest(digest, code), channel="email" if contact.email else "sms", made_at=at,
        made_by=accounts.actor_id(by), expires_at=ends,
    )  # fmt: skip
    _send(link, referral, contact, token, at)
    accounts.record(
        by=by, verb="referral.link_sent", thing=referral, at=at, country=referral.case.country_id, purpose=purpose,
        link=str(link.public_id),
    )  # fmt: skip
    return NewLink(link, code)


def _send(link: AgencyLink, referral: Referral, contact: AgencyContact, token: str, at: dt.datetime) -> None:
    """Queue the letter to the enrolled address, else a text to the enrolled number. Neither says anything of anybody."""
    language = contact.language
    with translation.override(language), timezone.override(zone_of(link.country_id)):
        address = address_of("referral:agency", token)
        subject, text = _letter(link, referral, address)
    key = f"agency_link:{link.public_id}"
    if contact.email:
        to = accounts.reveal(contact, "email", by="system", at=at, reason="agency_link")
        accounts.queue_letter(key=key, to=to, language=language, subject=subject, text=text, at=at, receiver=contact)
    else:
        notice = Notice(
            key=key, kind="agency_link", country_id=link.country_id, contact=contact, language=language, due_at=at
        )
        accounts.seal(notice, "link", address)
        notice.save()


def _letter(link: AgencyLink, referral: Referral, address: str) -> tuple[str, str]:
    ends = formats.date_format(timezone.localtime(link.expires_at), "DATETIME_FORMAT")
    if link.purpose == LinkPurpose.DELETION:
        return _("A request was taken back"), _(
            "A request that your office received was taken back.\n\n"
            "Delete what you were shown, and confirm it here:\n%(address)s\n\n"
            "The page asks for six digits, which you get by phone. It works until %(ends)s.\n"
            "This letter says nothing about any person."
        ) % {"address": address, "ends": ends}
    due = formats.date_format(timezone.localtime(referral.due_at), "DATETIME_FORMAT")
    return _("A request waits for your answer"), _(
        "A request waits for the answer of your office. Open this page:\n%(address)s\n\n"
        "The page asks for six digits, which you get by phone. They are not in this letter.\n"
        "Answer by %(due)s (%(basis)s). The page works once, until %(ends)s.\n"
        "This letter says nothing about any person."
    ) % {"address": address, "due": due, "ends": ends, "basis": Basis(referral.basis or Basis.DEFAULT).label}


@transaction.atomic
def send_recall_notice(*, referral: Referral, at: dt.datetime) -> bool:
    """Tell an agency in neutral words that a request needs no answer any more; return whether it can be written to."""
    contact = referral.organisation.contacts.select_related("organisation").first()
    if contact is None or not contact.email:
        return False
    with translation.override(contact.language):
        subject = _("A request needs no answer any more")
        text = _(
            "A request that your office received needs no answer any more. Its page is closed.\n"
            "This letter says nothing about any person."
        )
    accounts.queue_letter(
        key=f"recall:{referral.public_id}", language=contact.language, subject=subject, text=text, at=at,
        receiver=contact, to=accounts.reveal(contact, "email", by="system", at=at, reason="recall_notice"),
    )  # fmt: skip
    return True


@transaction.atomic
def fresh_code(*, link: AgencyLink, by, at: dt.datetime) -> str:
    """Replace the six digits of a link that nobody opened yet, to be spoken now; the old ones stop working."""
    lock_case(link.referral)
    code = new_code()
    changed = AgencyLink.objects.filter(
        pk=link.pk, redeemed_at=None, used_at=None, revoked_at=None, expires_at__gt=at, tries__lt=MOST_TRIES
    ).update(code_digest=code_digest(link.token_digest, code))
    if not changed:
        raise DeadLink(_("This link is closed. Send a new one."))
    accounts.record(
        by=by, verb="referral.code_made", thing=link.referral, at=at, country=link.country_id, link=str(link.public_id)
    )
    return code


def revoke_links(*, referral: Referral, at: dt.datetime, purpose: str | None = None) -> int:
    """Kill the links of a referral that are not used up; return how many."""
    alive = AgencyLink.objects.filter(referral=referral, revoked_at=None)
    if purpose:
        alive = alive.filter(purpose=purpose)
    return alive.update(revoked_at=at)


def revoke_links_except(*, referral: Referral, keep, at: dt.datetime) -> None:
    """Kill the links of a referral except the one through which somebody acts now: that one ends by being used."""
    for link in AgencyLink.objects.filter(referral=referral, revoked_at=None):
        if actor_of(link) != keep:
            AgencyLink.objects.filter(pk=link.pk).update(revoked_at=at)


def alive_link(token: str, at: dt.datetime) -> AgencyLink:
    """Return a link that still waits for its code, or raise DeadLink."""
    link = AgencyLink.objects.filter(token_digest=token_digest(token)).select_related("referral__case").first()
    if link is None or link.used_at or link.revoked_at or link.redeemed_at or link.tries >= MOST_TRIES:
        raise DeadLink
    if link.expires_at <= at:
        raise DeadLink
    return link


def redeem(*, token: str, code: str, secret: str, at: dt.datetime) -> AgencyLink:
    """Open a link by its code, once, for thirty minutes, for the browser that holds `secret`.

    Of racing browsers exactly one wins: compare-and-set in the database. A wrong code counts; the fifth closes the link.
    Codes are compared under the lock of the case, one after the other, so no more than five ever are.
    """
    with transaction.atomic():
        lock_case(alive_link(token, at).referral)
        link = alive_link(token, at)
        is_right = constant_time_compare(link.code_digest, code_digest(link.token_digest, code))
        if is_right:
            _open(link, secret, at)
        else:
            _count_wrong(link, at)
    if not is_right:  # only here: the count stays
        raise WrongCode
    return link


def _open(link: AgencyLink, secret: str, at: dt.datetime) -> None:
    """Open a link for a browser, unless it ended meanwhile."""
    won = AgencyLink.objects.filter(
        pk=link.pk, redeemed_at=None, used_at=None, revoked_at=None, expires_at__gt=at, tries__lt=MOST_TRIES,
        code_digest=link.code_digest,
    ).update(redeemed_at=at, open_until=at + OPEN_FOR, session_digest=token_digest(secret))  # fmt: skip
    if not won:
        raise DeadLink
    link.refresh_from_db()
    _note(link, "link_opened", at)


def _count_wrong(link: AgencyLink, at: dt.datetime) -> None:
    """Count a wrong code; with the fifth the link is dead and the supervisor is told."""
    AgencyLink.objects.filter(pk=link.pk, tries__lt=MOST_TRIES, redeemed_at=None).update(tries=F("tries") + 1)
    link.refresh_from_db(fields=["tries", "revoked_at"])
    if link.tries < MOST_TRIES or link.revoked_at:
        return
    if AgencyLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        _note(link, "link_dead", at)
        case, number = link.referral.case, link.referral.run.number
        tell(case=case, run=number, rule=f"link_dead:{link.pk}", role="coordinator", at=at)


def _note(link: AgencyLink, kind: str, at: dt.datetime) -> None:
    case, by = link.referral.case, actor_of(link)
    runs.note_event(
        case=case, kind=kind, run=link.referral.run.number, key=f"{kind}:{link.public_id}", by=by, at=at,
        referral=str(link.referral.public_id),
    )  # fmt: skip
    accounts.record(
        by=by, verb=f"referral.{kind}", thing=link.referral, at=at, country=link.country_id, case=str(case.public_id)
    )


def actor_of(link: AgencyLink) -> str:
    """Return who acts through a link, for events and the audit log."""
    return f"link:{link.public_id.hex}"


def opened_link(token: str, secret: str, at: dt.datetime) -> AgencyLink | None:
    """Return the link if this browser opened it less than thirty minutes ago and nobody revoked it since."""
    if not secret:
        return None
    return (
        AgencyLink.objects.filter(
            token_digest=token_digest(token), session_digest=token_digest(secret), revoked_at=None, open_until__gt=at
        )
        .select_related(
            "referral__case__country", "referral__case__version", "referral__case__area", "referral__run",
            "referral__organisation", "referral__service", "country",
        )
        .first()
    )  # fmt: skip
