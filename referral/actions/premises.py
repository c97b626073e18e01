"""Writes of where and when a service is given: its places, secret ones sealed, and its opening hours."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from referral.actions.directory import LimitsWrong, ServiceChangedMeanwhile
from referral.choices import PlaceKind, Visibility
from referral.matching import Opening, first_overlap
from referral.models import Area, Hours, Place, Service
from referral.queries.premises import hours_mark, openings_of
from referral.queries.sendings import MARK_LENGTH, SIGN, SentOtherwise

# What a place is called after, so that one form adds one place.
KEYS = uuid.UUID("5f2d0f4e-9a0b-4a55-8a3d-5f6f8f2c7b10")


@transaction.atomic
def save_hours(
    *, service: Service, openings: Sequence[Opening], by, at: dt.datetime, seen: str | None = None
) -> Service:
    """Write when a service is open: weekday (0 is Monday), from, until; until before from means over midnight.

    `seen` is the mark of the hours that the form showed. Who sends what stands already is told that it is saved.
    """
    if first_overlap(openings) or any(opens == closes for _day, opens, closes in openings):
        raise LimitsWrong(_("Two times of opening lie over each other."))
    stands = _locked(service)
    if sorted(openings) == openings_of(stands):
        return stands
    if seen is not None and seen != hours_mark(stands):
        raise ServiceChangedMeanwhile
    stands.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(service=stands, weekday=day, opens_at=opens, closes_at=closes) for day, opens, closes in openings
    )
    _touch(stands, at)
    accounts.record(
        by=by,
        verb="directory.hours_changed",
        thing=stands,
        at=at,
        country=stands.organisation.country_id,
        count=len(openings),
    )
    return stands


@transaction.atomic
def add_place(
    *, service: Service, visibility: str, by, at: dt.datetime, area: Area | None = None, address: str = "",
    kind: str = PlaceKind.PHYSICAL, access_notes: str = "", key: str = "",
) -> Place:  # fmt: skip
    """Write where a service is given; the address of a secret place is sealed and stands nowhere else.

    `key` is the writer's own: a repeat returns the place that is there; the same form sent with other answers is refused.
    """
    stands = _locked(service)
    place = Place(service=stands, kind=kind, visibility=visibility, area=area)
    if key:
        place.public_id = _called(stands, key)
        if known := _added_by(place):
            return known
    if visibility == Visibility.SECRET:
        if address:
            accounts.seal(place, "sealed_address", address)
    else:
        place.address, place.access_notes = address, access_notes
    place.save()
    _touch(stands, at)
    accounts.record(
        by=by,
        verb="directory.place_added",
        thing=place,
        at=at,
        country=stands.organisation.country_id,
        visibility=visibility,
    )
    return place


def _called(service: Service, key: str) -> uuid.UUID:
    """Return what a place is called: by the form that adds it, and in the last digits by the mark of what was sent."""
    form, sign, mark = key.rpartition(SIGN)
    name = uuid.uuid5(KEYS, f"{service.public_id}:{form if sign else key}")
    return uuid.UUID(f"{str(name)[:-MARK_LENGTH]}{mark}") if sign else name


def _added_by(place: Place) -> Place | None:
    """Return the place that the form of this one added before, if it said the same."""
    for known in place.service.places.all():
        if known.public_id == place.public_id:
            return known
        if str(known.public_id)[:-MARK_LENGTH] == str(place.public_id)[:-MARK_LENGTH]:
            raise SentOtherwise
    return None


@transaction.atomic
def remove_place(*, place: Place, by, at: dt.datetime) -> bool:
    """Take a place off its service; the key of a sealed address is destroyed. Tells whether it was there."""
    stands = _locked(place.service)
    row = Place.objects.filter(pk=place.pk).first()
    if row is None:
        return False
    accounts.record(
        by=by,
        verb="directory.place_removed",
        thing=row,
        at=at,
        country=stands.organisation.country_id,
        visibility=row.visibility,
    )
    if row.sealed_address is not None:
        accounts.destroy_key(owner=row.public_id, by=by, at=at)
    row.delete()
    _touch(stands, at)
    return True


@transaction.atomic
def reveal_place(*, place: Place, reason: str, by: User, at: dt.datetime) -> str:
    """Open the address of a secret place for a supervisor with a reason; the reading is recorded."""
    return accounts.reveal(place, "sealed_address", by=by, at=at, reason=reason) or ""


def _locked(service: Service) -> Service:
    rows = Service.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    return rows.get(pk=service.pk)


def _touch(service: Service, at: dt.datetime) -> None:
    """Let a form or a confirmation of the service that was opened before see that something changed."""
    service.changed_at = at
    service.save(update_fields=["changed_at"])
