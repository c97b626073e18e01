"""A badge as a picture that carries its signed credential (Open Badges 3.0, baking into SVG)."""

from django.template.loader import render_to_string
from django.utils import translation

from languages import table
from training.choices import CertificateKind
from training.models import Certificate


def badge_picture(certificate: Certificate, token: str) -> bytes:
    """Return an SVG of a certificate; the credential stands in it as verifiers look for it. In English, as the badge."""
    with translation.override(table.SOURCE):
        told = {
            "kind": CertificateKind(certificate.kind).label,
            "lines": _lines(certificate.heading_source),
            "country": certificate.country,
            "number": certificate.version.number,
            "token": token,
        }
        return render_to_string("training/badge.svg", told).encode()


def _lines(heading: str, most: int = 22) -> list[str]:
    """Return a heading in at most three lines; the last one is cut where it is longer."""
    lines = [""]
    for word in heading.split():
        if len(lines[-1]) + len(word) >= most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2]} …"]
