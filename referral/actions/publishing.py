"""Sign, publish and retire a pathway: two managers, one frozen text, numbered versions."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from accounts.rules import allowed
from referral import pathways, proofs
from referral.models import Pathway, PathwayEdit, PathwayVersion, Retirement, Signature
from referral.queries import compiling, publishing
from referral.queries.editing import with_way
from referral.rules import RULES

SIGNERS = 2


class NotYourPathway(Exception):
    """Raised when somebody who is no manager of the pathway's country wants to sign, publish or retire it."""


class PathwayHasFaults(Exception):
    """Raised when the proofs found faults; mend them first."""


class TextHasChanged(Exception):
    """Raised when the working copy is no longer what was shown; look at it again before you sign."""


class SignedAlready(Exception):
    """Raised when one person wants to sign twice; another manager must sign."""


class BothHaveEdited(Exception):
    """Raised when both signers edited this version; one must be somebody who did not."""


class PublishedAlready(Exception):
    """Raised when the working copy is the latest version already; there is nothing to publish."""


class SignaturesMissing(Exception):
    """Raised when fewer than two valid signatures stand under the working copy."""


class RetiredAlready(Exception):
    """Raised when a version was retired before."""


@transaction.atomic
def sign(*, pathway: Pathway, digest: str, by: User, at: dt.datetime) -> Signature:
    """Sign the working copy as it stands; `digest` is what the signer was shown."""
    row = _locked(pathway, by)
    body, found = compiling.draft_and_findings(row, at)
    gaps = _gaps_without_faults(found)
    if pathways.digest(pathways.canonical(body)) != digest:
        raise TextHasChanged(_("The pathway changed since you looked at it. Look again before you sign."))
    standing = _standing(row, digest)
    if any(signature.by == str(by.public_id) for signature in standing):
        raise SignedAlready(_("You have signed this version. Another manager must sign it too."))
    has_edited = _has_edited(row, by, body["version"])
    if has_edited and any(signature.has_edited for signature in standing):
        raise BothHaveEdited(with_way(_("Both of you edited this version. A manager who did not edit it must sign.")))
    Signature.objects.filter(pathway=row, voided_at=None).exclude(digest=digest).update(voided_at=at)
    signature = Signature.objects.create(
        pathway=row, version_number=body["version"], digest=digest, gaps_digest=pathways.digest(gaps), by=str(by.public_id), name=by.get_full_name(),
        has_edited=has_edited, at=at,
    )  # fmt: skip
    accounts.record(
        by=by, verb="referral.pathway_signed", thing=pathway, at=at, country=row.country_id or "",
        version=signature.version_number, digest=digest, gaps=signature.gaps_digest,
    )  # fmt: skip
    return signature


def _locked(pathway: Pathway, by: User) -> Pathway:
    row = Pathway.objects.select_for_update(of=("self",)).select_related("country").get(pk=pathway.pk)
    if not allowed(by, RULES, "sign_pathway", row):
        raise NotYourPathway(_("Only a programme manager of this country signs, publishes and retires its pathways."))
    return row


def _gaps_without_faults(found: list[proofs.Finding]) -> str:
    """Return the open gaps as text; refuse a working copy with faults."""
    if any(finding.blocks for finding in found):
        raise PathwayHasFaults(_("The proofs found faults. Mend them before anybody signs."))
    return publishing.gaps_text(found)


def _standing(pathway: Pathway, digest: str) -> list[Signature]:
    return list(Signature.objects.filter(pathway=pathway, digest=digest, voided_at=None))


def _has_edited(pathway: Pathway, by: User, number: int) -> bool:
    return PathwayEdit.objects.filter(pathway=pathway, by=str(by.public_id), version_number=number).exists()


@transaction.atomic
def publish_pathway(*, pathway: Pathway, by: User, at: dt.datetime) -> PathwayVersion:
    """Freeze the signed working copy as the next version; new cases start on it, old ones stay where they are."""
    row = _locked(pathway, by)
    body, found = compiling.draft_and_findings(row, at)
    latest = publishing.latest_version(row)
    if not publishing.is_edited(body, latest):
        raise PublishedAlready(_("This text is published already, as version %(number)s.") % {"number": latest.number})
    text, gaps = pathways.canonical(body), _gaps_without_faults(found)
    digest = pathways.digest(text)
    signed = [row for row in _standing(row, digest) if row.gaps_digest == pathways.digest(gaps)]
    if len(signed) < SIGNERS or all(signature.has_edited for signature in signed):
        raise SignaturesMissing(_("Two managers must sign this text, one of whom did not edit it."))
    version = PathwayVersion.objects.create(
        pathway=row, country=row.country, number=body["version"], text=text, digest=digest,
        shape_digest=pathways.shape_digest(body), gaps=gaps, published_at=at, published_by=str(by.public_id),
    )  # fmt: skip
    accounts.record(
        by=by, verb="referral.pathway_published", thing=version, at=at, country=row.country_id, number=version.number,
        digest=digest, signers=sorted(signature.by for signature in signed),
    )  # fmt: skip
    return version


@transaction.atomic
def retire_version(*, version: PathwayVersion, reason: str, by: User, at: dt.datetime) -> Retirement:
    """End a version for new cases; running cases stay on it."""
    _locked(version.pathway, by)
    if Retirement.objects.filter(version=version).exists():
        raise RetiredAlready(_("This version is retired already."))
    retirement = Retirement.objects.create(version=version, by=str(by.public_id), at=at, reason=reason)
    accounts.record(
        by=by, verb="referral.pathway_retired", thing=version, at=at, country=version.country_id, number=version.number
    )
    return retirement
