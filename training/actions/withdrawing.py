"""Withdrawing a certificate: a row with who, when and why; nothing is deleted."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import record
from training.actions.certifying import write_certificate
from training.actions.issuer import sign_list
from training.actions.spans import mark_spans
from training.choices import WithdrawalReason
from training.models import Certificate, ShownName, Withdrawal


class AlreadyWithdrawn(Exception):
    """Raised when a certificate was withdrawn before, by somebody else or in another window; nothing is written."""

    def __init__(self):
        super().__init__(_("This certificate was withdrawn already."))


@transaction.atomic
def withdraw_certificate(
    *, certificate: Certificate, by, reason: str, at: dt.datetime, words: str = ""
) -> Certificate | None:
    """Withdraw a certificate; return the new one where it was withdrawn because its name was written wrongly.

    Whoever checks it is told that and since when it was withdrawn, never why. Its bit in the list of withdrawn ones is
    set in the same act.
    """
    Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    if Withdrawal.objects.filter(certificate=certificate).exists():
        raise AlreadyWithdrawn
    Withdrawal.objects.create(certificate=certificate, by=by, at=at, reason=reason, words=words)
    ShownName.objects.filter(certificate=certificate).delete()
    country = certificate.country_id or ""
    record(by=by, verb="training.certificate_withdrawn", thing=certificate, at=at, country=country, reason=reason)
    sign_list(certificate.list_number, at=at)
    mark_spans(enrolment=certificate.enrolment_id)
    return _written_anew(certificate, at) if reason == WithdrawalReason.NAME_WRONG else None


def _written_anew(old: Certificate, at: dt.datetime) -> Certificate:
    """Issue the same certificate with the name as it stands in the account now."""
    return write_certificate(
        old.enrolment, old.version, old.kind, old.attained_at, copy=old.copy + 1, at=at
    )  # fmt: skip
