"""Reads of published versions: the one a new case starts on, and its compiled text as the engine wants it."""

from functools import lru_cache

from accounts.models import Country
from referral import pathways
from referral.models import PathwayVersion


class NoPathway(Exception):
    """Raised when a country has no published pathway for new cases; a manager must publish one."""


class HashDiffers(Exception):
    """Raised when the stored text of a version is not the text that was signed; no new case may start on it."""


@lru_cache(maxsize=64)
def _loaded(digest: str, text: str) -> pathways.Pathway:
    if pathways.digest(text) != digest:
        raise HashDiffers("The stored text of this version is not the one that was signed.")
    return pathways.load(text)


def pathway_of(version: PathwayVersion) -> pathways.Pathway:
    """Return a version as the engine reads it; its text is hashed again before it is used the first time."""
    return _loaded(version.digest, version.text)


def current_version(country: Country) -> PathwayVersion:
    """Return the version on which a new case of a country starts: the newest of its main pathway that runs."""
    version = (
        PathwayVersion.objects.filter(country=country, pathway__is_main=True, retirement=None)
        .select_related("pathway", "country")
        .order_by("-published_at", "-number")
        .first()
    )
    if version is None:
        raise NoPathway(f"{country} has no published pathway. Ask a programme manager to publish one.")
    pathway_of(version)
    return version
