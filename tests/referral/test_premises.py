"""Where and when a service is given: opening hours that matching reads, places, secret ones sealed."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, DataKey
from referral import actions
from referral.matching import first_overlap, is_open
from referral.models import Hours, Place, Service
from referral.queries.directory import services_for
from referral.queries.referrals import offer_of

pytestmark = pytest.mark.usefixtures("now")

DAY, NIGHT = (2, dt.time(8), dt.time(16)), (2, dt.time(22), dt.time(6))


@pytest.fixture
def focal(house, person, liberia):
    """The focal point of the safe house."""
    user = person("focal_point", country=liberia)
    house.organisation.focal_points.add(user)
    return user


def page_of(house, name, *more):
    return reverse(f"referral:{name}", args=[house.public_id, *more])


def entries(verb):
    return AuditEntry.objects.filter(verb=f"directory.{verb}").count()


def test_the_hours_that_a_focal_point_writes_are_what_matching_reads(house, focal, sign_in, at):
    Service.objects.update(is_round_the_clock=False)
    client, page = sign_in(focal), page_of(house, "service_hours")
    seen = client.get(page).context["form"].initial["seen"]
    told = {"opens_2_0": "08:00", "closes_2_0": "16:00", "opens_2_1": "22:00", "closes_2_1": "06:00", "seen": seen}

    answers = [client.post(page, told) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(Hours.objects.values_list("weekday", "opens_at", "closes_at")) == [DAY, NIGHT]
    assert entries("hours_changed") == 1
    offer = offer_of(Service.objects.get())
    assert [is_open(offer, at + dt.timedelta(hours=hours)) for hours in (0, 7, 19, 21)] == [True, False, True, False]
    assert "08:00–&NoBreak;16:00" in client.get(page_of(house, "service")).content.decode()


@pytest.mark.parametrize(
    ("told", "field"),
    [({"opens_0_0": "08:00"}, "opens_0_0"), ({"opens_0_0": "08:00", "closes_0_0": "08:00"}, "opens_0_0"),
     ({"opens_0_0": "25:00", "closes_0_0": "08:00"}, "opens_0_0"),
     ({"opens_0_0": "08:00", "closes_0_0": "12:00", "opens_0_1": "11:00", "closes_0_1": "13:00"}, "opens_0_1"),
     ({"opens_0_0": "08:00", "closes_0_0": "12:00", "opens_0_1": "08:00", "closes_0_1": "12:00"}, "opens_0_1"),
     ({"opens_6_0": "20:00", "closes_6_0": "09:00", "opens_0_0": "08:00", "closes_0_0": "12:00"}, "opens_0_0")],
)  # fmt: skip
def test_hours_that_cannot_stand_are_refused_beside_their_field(house, focal, sign_in, told, field):
    answer = sign_in(focal).post(page_of(house, "service_hours"), told)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Hours.objects.exists()


def test_hours_that_somebody_else_wrote_meanwhile_are_shown_first(house, focal, sign_in, at):
    client, page = sign_in(focal), page_of(house, "service_hours")
    seen = client.get(page).context["form"].initial["seen"]
    actions.save_hours(service=house, openings=[DAY], by="somebody", at=at)

    answer = client.post(page, {"opens_2_0": "09:00", "closes_2_0": "16:00", "seen": seen})

    assert answer.status_code == 409
    assert [(row.stands, row.sent) for row in answer.context["stands"]] == [("08:00", "09:00")]
    assert Hours.objects.get().opens_at == dt.time(8)
    told = {"opens_2_0": "09:00", "closes_2_0": "16:00", "seen": answer.context["form"]["seen"].value()}
    assert client.post(page, told).status_code == 302
    assert Hours.objects.get().opens_at == dt.time(9)


def test_a_confirmation_of_what_was_shown_before_new_hours_is_refused(house, at):
    shown = house.changed_at
    actions.save_hours(service=house, openings=[DAY], by="test", at=at + dt.timedelta(hours=1))

    with pytest.raises(actions.ServiceChangedMeanwhile):
        actions.confirm_service(service=house, seen=shown, by="test", at=at + dt.timedelta(hours=2))


def test_overlaps_are_found_over_midnight_and_over_the_end_of_the_week(house, at):
    late, early = (6, dt.time(20), dt.time(9)), (0, dt.time(8), dt.time(12))

    assert first_overlap([DAY, NIGHT]) is None
    assert first_overlap([NIGHT, (3, dt.time(6), dt.time(8))]) is None
    assert first_overlap([NIGHT, (3, dt.time(5), dt.time(8))])
    assert first_overlap([late, early]) == (late, early)
    with pytest.raises(actions.LimitsWrong):
        actions.save_hours(service=house, openings=[late, early], by="test", at=at)


PLACE = {
    "visibility": "public",
    "kind": "physical",
    "address": "Broad Street 5",
    "access_notes": "Blue door",
    "key": "k",
}


def test_a_place_is_added_once_and_visitors_read_it(house, focal, liberia, sign_in, at):
    client = sign_in(focal)

    answers = [client.post(page_of(house, "place_new"), PLACE) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert services_for(liberia, on=at.date())[0].addresses == ("Broad Street 5",)
    assert entries("place_added") == 1
    off = page_of(house, "place_remove", Place.objects.get().public_id)
    assert [client.post(off).status_code for _ in range(2)] == [302, 302]
    assert not Place.objects.exists()
    assert entries("place_removed") == 1


def test_a_secret_place_is_sealed_and_its_key_goes_with_it(house, focal, sign_in):
    client = sign_in(focal)
    told = PLACE | {"visibility": "secret", "access_notes": ""}

    assert client.post(page_of(house, "place_new"), told | {"access_notes": "Blue door"}).status_code == 400
    assert client.post(page_of(house, "place_new"), told).status_code == 302

    place = Place.objects.get()
    assert (place.address, place.access_notes) == ("", "")
    assert "Broad Street" not in client.get(page_of(house, "service")).content.decode()
    assert DataKey.objects.filter(owner=place.public_id).exists()
    client.post(page_of(house, "place_remove", place.public_id))
    assert not DataKey.objects.filter(owner=place.public_id).exists()


@pytest.mark.parametrize("seen_by", ["public", "secret"])
def test_the_same_form_with_another_place_is_refused_with_its_words_and_added_once_sent_anew(
    house, focal, sign_in, seen_by
):
    client, page = sign_in(focal), page_of(house, "place_new")
    told = PLACE | {"visibility": seen_by, "access_notes": ""}
    other = told | {"address": "Quill Lane 7"}
    answers = [client.post(page, told) for _ in range(2)]

    refused = client.post(page, other)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert refused.status_code == 409
    assert "You sent this form before, with other answers." in refused.content.decode()
    form = refused.context["form"]
    assert form["address"].value() == "Quill Lane 7"
    assert Place.objects.count() == entries("place_added") == 1
    assert [client.post(page, other | {"key": form["key"].value()}).status_code for _ in range(2)] == [302, 302]
    assert Place.objects.count() == entries("place_added") == 2
    assert not AuditEntry.objects.filter(verb="sealed.revealed").exists()


def test_the_same_words_for_another_service_are_another_place(house, agency, focal, sign_in):
    annex = agency("Safe house B", "shelter")
    annex.organisation.focal_points.add(focal)
    client = sign_in(focal)

    answers = [client.post(page_of(one, "place_new"), PLACE) for one in (house, annex)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [one.places.count() for one in (house, annex)] == [1, 1]


def test_a_focal_point_of_another_agency_writes_neither(room, house, focal, sign_in):
    client = sign_in(focal)
    place = room.places.create(visibility="public", address="Other Street")

    answers = [
        client.post(page_of(room, "service_hours"), {"opens_2_0": "08:00", "closes_2_0": "16:00"}),
        client.post(page_of(room, "place_new"), PLACE),
        client.post(page_of(room, "place_remove", place.public_id)),
    ]
    client.post(page_of(house, "place_remove", place.public_id))

    assert {answer.status_code for answer in answers} == {404}
    assert list(Place.objects.values_list("address", flat=True)) == ["Other Street"]
    assert not Hours.objects.exists()
