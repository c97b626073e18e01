"""Withdrawing a certificate: a row with who, when and why; nothing is deleted."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import queue_letter, record, reveal
from languages import text
from training import credentials, drawing
from training.actions.certifying import has_name, write_anew
from training.actions.issuer import hold_lists, sign_list
from training.actions.spans import mark_spans
from training.choices import CertificateKind, WithdrawalReason
from training.models import Certificate, Enrolment, ShownName, Withdrawal


class AlreadyWithdrawn(Exception):
    """Raised when a certificate was withdrawn before, by somebody else or in another window; nothing is written."""

    def __init__(self):
        super().__init__(_("This certificate was withdrawn already."))


class NamelessHolder(Exception):
    """Raised when a name was written wrongly and the account has none to write instead; nothing is written."""

    def __init__(self):
        super().__init__(_("A certificate bears a name, and the account of its holder has none yet."))


class NameUnchanged(Exception):
    """Raised when a name was written wrongly and the account bears that same name, so that a new certificate would bear it
    too; nothing is written."""

    def __init__(self):
        super().__init__(
            _(
                "The account bears the same name as the certificate, so a new one would bear it too. Correct the account first, then withdraw the certificate."
            )
        )


class NameNotPrintable(Exception):
    """Raised when a name was written wrongly and certificates cannot print the one of the account; nothing is written.

    The new certificate could not be fetched as PDF, and the old one does not come back. `letters` names what is not printed.
    """

    def __init__(self, letters: str):
        self.letters = letters
        told = _(
            "The new certificate could not be printed: no typeface of this server has these letters of the name in the account: %(letters)s. Correct the account first, then withdraw the certificate."
        )
        super().__init__(told % {"letters": text.isolate(letters)})


@transaction.atomic
def withdraw_certificate(
    *, certificate: Certificate, by, reason: str, at: dt.datetime, words: str = "", is_told: bool = True
) -> Certificate | None:
    """Withdraw a certificate; return the new one where it was withdrawn because its name was written wrongly.

    Whoever checks it is told that and since when it was withdrawn, never why. Its holder gets a letter in her language
    that says so without naming the course, and reads the reason on her own page; who withdraws several writes one for
    all, with `is_told` false. Its bit in the list of withdrawn ones is set in the same act.
    """
    # The enrolment first, as whoever issues locks it: a new one takes the next number of its edition and kind.
    Enrolment.objects.select_for_update(no_key=True).get(pk=certificate.enrolment_id)
    hold_certificates(Certificate.objects.filter(pk=certificate.pk))
    if Withdrawal.objects.filter(certificate=certificate).exists():
        raise AlreadyWithdrawn
    ShownName.objects.filter(certificate=certificate).delete()
    mark_spans(enrolment=certificate.enrolment_id)
    if reason == WithdrawalReason.NAME_WRONG:
        _refuse_name(certificate, by, at)
    Withdrawal.objects.create(certificate=certificate, by=by, at=at, reason=reason, words=words)
    country = certificate.country_id or ""
    record(by=by, verb="training.certificate_withdrawn", thing=certificate, at=at, country=country, reason=reason)
    sign_list(certificate.list_number, at=at)
    if is_told and reason != WithdrawalReason.ASKED:
        _tell_holder(certificate, lambda: _told(reason), at)
    return write_anew(certificate, at=at) if reason == WithdrawalReason.NAME_WRONG else None


def hold_certificates(certificates: QuerySet[Certificate]) -> None:
    """Lock certificates that an act may withdraw, and the lists in which they stand, before its first record."""
    rows = certificates.order_by("pk").select_for_update(no_key=True)
    hold_lists(set(rows.values_list("list_number", flat=True)))


def _refuse_name(certificate: Certificate, by, at: dt.datetime) -> None:
    """Refuse where the account gives no name, the very one that is printed, or one that cannot be printed.

    Capitals count, so the printed name is opened.
    """
    if not has_name(certificate.learner):
        raise NamelessHolder
    printed = reveal(certificate, "printed_name", by=by, at=at, reason="withdrawal")
    if credentials.written_name(printed) == credentials.written_name(certificate.learner.user.name):
        raise NameUnchanged
    if letters := drawing.unprintable(certificate.learner.user.name):
        raise NameNotPrintable(letters)


def tell_fallen(certificates: list[Certificate], *, is_waiver: bool, at: dt.datetime) -> None:
    """Write to the holder of certificates that fell with a waiver, or with a test: one letter for all, with the cause."""
    if certificates:
        _tell_holder(certificates[0], lambda: _told_of(certificates, is_waiver), at)


def _told(reason: str) -> str:
    if reason == WithdrawalReason.NAME_WRONG:
        return _(
            "One of your certificates was withdrawn, because your name was written wrongly. A new one is ready for you:"
        )
    return _("One of your certificates was withdrawn. Which one, since when and why stands on your own page:")


def _told_of(certificates: list[Certificate], is_waiver: bool) -> str:
    """Return what fell and why; letters name no course."""
    cause = (
        _("That a lesson or story counts as done for you was taken back.")
        if is_waiver
        else _("A test that you handed in was set aside.")
    )
    kinds = " · ".join(dict.fromkeys(str(CertificateKind(one.kind).label) for one in certificates))
    fallen = ngettext(
        "With it one of your certificates was withdrawn: %(kinds)s. More stands on your own page:",
        "With it %(count)s of your certificates of one course were withdrawn: %(kinds)s. More stands on your own page:",
        len(certificates),
    )  # fmt: skip
    return f"{cause} {fallen % {'kinds': kinds, 'count': len(certificates)}}"


def _tell_holder(certificate: Certificate, words: Callable[[], str], at: dt.datetime) -> None:
    """Write to her in her language, unless her account is closed."""
    user = certificate.learner.user
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        told, subject = words(), _("About one of your certificates")
        page = settings.PUBLIC_URL + reverse("training:certificates")
        ask = _("If you think that this is a mistake, ask the programme in your country. What you have done stays.")
    queue_letter(
        key=f"certificate-withdrawn:{certificate.public_id}", to=user.email, language=user.language, subject=subject,
        text=f"{told}\n\n{page}\n\n{ask}\n", at=at, receiver=user,
    )  # fmt: skip
