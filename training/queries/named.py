"""Which edition a certificate names: of the country in which its holder did the last of what it asks.

A certificate names a country and its edition, so it is told by the editions under which she worked, never by where her
account is when it is issued: what was finished before a move stays of the country where it was finished.
"""

import datetime as dt
from dataclasses import dataclass

from training import progress
from training.choices import CertificateKind
from training.models import Enrolment
from training.queries.certificates import WORK
from training.queries.moments import milliseconds
from training.queries.standing import Files
from training.queries.versions import edition_of


@dataclass(frozen=True)
class Trained:
    """The edition of a country up to which somebody is trained, whether it is the newest one, and what work is asked of her."""

    country: str
    version: progress.Version
    is_current: bool
    kinds: tuple[str, ...]


def places_of(enrolment: Enrolment, files: Files, when: dt.datetime) -> set[str]:
    """Return the countries in whose editions a learner worked at an instant, "" for all together; else that of her own."""
    return set(files.worked_in(enrolment, when)) or {enrolment.version.country_id or ""}


def trained_on(enrolment: Enrolment, files: Files, at: dt.datetime) -> list[Trained]:
    """Return up to which edition somebody is trained in each country where she worked, and in that of her own edition."""
    countries = {*files.worked_in(enrolment), enrolment.version.country_id or ""}
    found = (_trained_in(country, enrolment, files, at) for country in sorted(countries))
    return [one for one in found if one is not None]


def _trained_in(country: str, enrolment: Enrolment, files: Files, at: dt.datetime) -> Trained | None:
    """Return the last edition of a country of which she has done all; her own where it asks the same, or there is none.

    Of who has not finished the course the test is not asked. None: her own is of another country, and she has done none.
    """
    own, track = edition_of(enrolment.version), enrolment.progress.track
    kinds = WORK if enrolment.progress.completed_at is None else (*WORK, "test")
    chain = _published(country, enrolment, files, at)
    new = next((one for one in reversed(chain) if files.caught_up_at(enrolment, one.id) is not None), None)
    is_current = not chain or new is chain[-1]
    if country == (enrolment.version.country_id or "") and not (new and _differ(own, new, track, kinds)):
        new = own
    return Trained(country, new, is_current, kinds) if new else None


def _published(country: str, enrolment: Enrolment, files: Files, at: dt.datetime) -> list[progress.Version]:
    return [one.version for one in files.chain_in(enrolment, country) if one.at <= milliseconds(at)]


def _differ(one: progress.Version, other: progress.Version, track: str, kinds: tuple[str, ...]) -> bool:
    return progress.raised(one, other, track, kinds) or progress.raised(other, one, track, kinds)


def finished_on(
    enrolment: Enrolment, files: Files, kind: CertificateKind, when: dt.datetime, at: dt.datetime
) -> progress.Version:
    """Return the edition of a first certificate of a kind, of what she had earned by an instant.

    Her own; the last one of its country of which she has done all where she moved to hers and has not done again what it
    asks anew, and where she had done by then what a newer one asks. Who finished in another country has that country's.
    """
    own, country = edition_of(enrolment.version), enrolment.version.country_id or ""
    places = places_of(enrolment, files, when)
    if country not in places:
        return _finished_in(min(places), enrolment, files, kind, when, at) or own
    trained = _trained_in(country, enrolment, files, at)
    is_behind = files.caught_up_at(enrolment, own.id) is None
    return trained.version if is_behind or _had_done(trained.version, enrolment, files, when) else own


def _finished_in(
    country: str, enrolment: Enrolment, files: Files, kind: CertificateKind, when: dt.datetime, at: dt.datetime
) -> progress.Version | None:
    """Return the last edition of a country, other than that of her own edition, of which she had done all by an instant.

    None where it stood there before the one under which she worked then, which asks more, and her own asks no more than
    she had done: that one she followed.
    """
    chain, with_test = _published(country, enrolment, files, at), kind != CertificateKind.COMPLETION
    done = next((one for one in reversed(chain) if _had_done(one, enrolment, files, when, with_test)), None)
    seen = {one.version.id for one in files.worked_in(enrolment, when)[country]}
    is_up_to_it = done is not None and seen.isdisjoint(one.id for one in chain[chain.index(done) + 1 :])
    moved = progress.read_state(enrolment.progress.state)["pinned"].get(str(enrolment.version.public_id), 0)
    own = edition_of(enrolment.version)
    if not is_up_to_it and moved <= milliseconds(when) and _had_done(own, enrolment, files, when, with_test):
        return None
    return done


def _had_done(
    version: progress.Version, enrolment: Enrolment, files: Files, when: dt.datetime, with_test: bool = True
) -> bool:
    reached = files.caught_up_at(enrolment, version.id, with_test=with_test)
    return reached is not None and reached <= milliseconds(when)
