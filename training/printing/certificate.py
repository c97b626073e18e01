"""A certificate on paper: in the holder's language and in English, with what it takes to check it."""

import datetime as dt
from io import BytesIO

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from languages import table
from languages.text import beside
from training import credentials, drawing
from training.choices import CertificateKind, CertificateState
from training.models import Certificate
from training.queries.certificates import Held, rests_on_waiver, stories_asked


def certificate_sheet(held: Held, *, name: str, on: dt.date, badge: str = "") -> bytes:
    """Return the A4 PDF of a certificate; with a signed badge, a second page bears it as a code to scan.

    Raises drawing.NotDrawn: a name whose letters no typeface has, a script whose typeface is missing.
    """
    one = held.certificate
    address = verify_address(one.code)
    first = _words(held, one.language, one.heading, one.heading_language, on)
    others = [] if one.language == table.SOURCE else [_words(held, table.SOURCE, one.heading_source, table.SOURCE, on)]
    data = {
        "title": beside(first["kind"], one.heading, one.language),
        "date": one.issued_at.date().isoformat(),
        "mark": one.issuer,
        "issuer": one.issuer,
        "name": name,
        "first": first,
        "others": others,
        "code": credentials.grouped(one.code),
        "address": address,
        "shown_address": address.split("://", 1)[1].split(one.code)[0],
        "qr": _qr(address, "q"),
        "badge": _qr(badge, "l") if badge else "",
    }
    return drawing.draw("certificate", data, one.language)


def verify_address(code: str) -> str:
    """Return the address at which a code is checked; without a language, so it leads to the reader's."""
    return f"{settings.PUBLIC_URL}/verify/{code}/"


def _qr(content: str, level: str) -> str:
    """Return a code to scan as SVG."""
    drawn = BytesIO()
    segno.make(content, error=level, micro=False, boost_error=False).save(
        drawn, kind="svg", border=0, dark="#16213A", xmldecl=False
    )
    return drawn.getvalue().decode()


def _words(held: Held, language: str, heading: str, heading_language: str, on: dt.date) -> dict:
    """Return what the sheet says in one language."""
    one = held.certificate
    with translation.override(language):
        return {
            "language": language,
            "under": _("Training against trafficking in persons"),
            "kind": str(CertificateKind(one.kind).label),
            "did": _did(one),
            "course": {"text": heading, "language": heading_language},
            "rows": _rows(held, on),
            "check": _("To check this certificate"),
            "how": _("Scan this code, or open the address and type the code in letters:"),
            "says": _("The page says how the certificate stands today. It shows no name unless the holder allows it."),
            "offline": _("The signed certificate itself, for programs that check Open Badges 3.0 without a network"),
        }  # fmt: skip


def _did(one: Certificate) -> str:
    """Return what its holder did for a certificate; who has finished a course has played its story as well."""
    if one.kind == CertificateKind.ACHIEVEMENT:
        return _("has finished this course and passed its test")
    if rests_on_waiver(one):
        return _("has done what this course asks but its test; the programme let a part of it count as done")
    stories = stories_asked(one)
    if not stories:
        return _("has read every lesson of this course")
    return ngettext(
        "has read every lesson of this course and played its story to one of its ends",
        "has read every lesson of this course and played each of its stories to one of its ends",
        stories,
    )


def _rows(held: Held, on: dt.date) -> list[list[str]]:
    one, version = held.certificate, held.certificate.version
    published = {"number": version.number, "date": _day(version.published_at)}
    anew, first = pgettext("on a certificate", "Renewed on"), pgettext("on a certificate", "Finished on")
    rows = [
        [anew if held.is_anew else first, _day(one.attained_at)],
        [pgettext("on a certificate", "Issued on"), _day(one.issued_at)],
        [pgettext("on a certificate", "Version of the course"), _("%(number)s, of %(date)s") % published],
    ]
    if one.country:
        rows.append([pgettext("on a certificate", "Country"), str(one.country)])
    rows.append([pgettext("on a certificate", "Trained up to"), _current(held, on)])
    if not held.newer:
        rows.append([pgettext("on a certificate", "Runs until"), _until(held)])
    return rows


def _current(held: Held, on: dt.date) -> str:
    if held.newer:
        return _("replaced by a newer certificate of this course")
    told = {"number": held.current_to, "date": date_format(on, "DATE_FORMAT")}
    if held.state == CertificateState.CURRENT:
        return _("version %(number)s, on %(date)s") % told
    return f"{_('version %(number)s, on %(date)s') % told} · {held.state.label}"


def _until(held: Held) -> str:
    """Return until when it counts, as its page says it: while a refresher is due, until that is to be done."""
    one = held.certificate
    if held.state == CertificateState.REFRESHER_DUE and held.until:
        until = min(held.until, one.expires_at) if one.expires_at else held.until
        return _("%(date)s, where the refresher is not done by then") % {"date": _day(until)}
    if one.expires_at:
        return _("%(date)s, or until the law in the course changes") % {"date": _day(one.expires_at)}
    return _("the law, a procedure or a right answer in the course changes")


def _day(instant: dt.datetime) -> str:
    return date_format(timezone.localtime(instant), "DATE_FORMAT")
