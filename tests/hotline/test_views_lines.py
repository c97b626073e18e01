"""The screens of lines: who opens them, what can be changed, what is refused, two people at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEntry, Country
from hotline import queries
from hotline.actions import lines
from hotline.models import Line, Prompt
from hotline.queries.lines import days_version, week_of

pytestmark = pytest.mark.django_db

REAL = "AC" + "a" * 32


@pytest.fixture
def manager(sign_in, person, liberia):
    return sign_in(person("manager", country=liberia, name="Manager, Liberia"))


@pytest.fixture
def office(line, at):
    """The line in office hours, as its page would show it."""
    lines.set_hours(line=line, week={day: [(dt.time(8), dt.time(16))] for day in range(5)}, by="test", at=at)
    line.police_number = "911"
    line.save()
    return line


def typed(line, **more):
    """Return what the browser sends for a line as it stands, with changes."""
    line.refresh_from_db()
    names = (
        "name", "number", "numbers", "duty_phone", "other_number", "police_number", "sender", "wait_minutes", "account",
        "version",
    )  # fmt: skip
    sent = {name: str(getattr(line, name)) for name in names}
    flags = ("is_free", "says_position", "opens_on_holidays", "is_practice")
    sent |= {name: "on" for name in flags if getattr(line, name)}
    for place, (key, code) in enumerate(line.languages, start=1):
        sent |= {f"language_{place}": code, f"key_{place}": key}
    for day, spans in week_of(line).items():
        for count, (opens, closes) in enumerate(spans):
            sent |= {f"opens_{day}_{count}": f"{opens:%H:%M}", f"closes_{day}_{count}": f"{closes:%H:%M}"}
    return {name: value for name, value in (sent | more).items() if value is not None}


def url(line):
    return reverse("hotline:line", args=[line.public_id])


@pytest.mark.parametrize(
    ("roles", "of_liberia", "status"),
    [
        (("manager",), True, 200), (("administrator",), False, 200), (("manager",), False, 404),
        (("supervisor",), True, 404), (("operator",), True, 404), (("learner",), True, 404),
        (("translator",), True, 404), (("focal_point",), True, 404),
    ],
)  # fmt: skip
def test_who_may_open_a_line(sign_in, person, liberia, office, roles, of_liberia, status):
    haiti = Country.objects.create(
        code="HT",
        name="Haiti",
        slug="haiti",
        language_codes="ht",
        time_zone="America/Port-au-Prince",
        area_word="Dept",
    )
    client = sign_in(person(*roles, country=liberia if of_liberia else haiti))

    assert client.get(url(office)).status_code == status
    assert client.post(url(office), typed(office, name="Other")).status_code == (302 if status == 200 else 404)
    days = [reverse(f"hotline:{name}", args=[office.public_id]) for name in ("exception_add", "exception_remove")]
    assert {client.post(day, {}).status_code for day in days} == {302 if status == 200 else 404}
    assert Line.objects.get().name == ("Other" if status == 200 else "Practice line")


def test_second_factor_is_asked(sign_in, person, liberia, office):
    client = sign_in(person("manager", country=liberia), second_factor=False)

    assert client.get(url(office)).status_code != 200


@pytest.mark.parametrize("language", ["en", "ar"])
def test_list_and_line_stand_in_the_menu_and_render(manager, office, language):
    with translation.override(language):
        addresses = [reverse("hotline:lines"), url(office)]

    pages = [manager.get(address) for address in addresses]

    assert [page.status_code for page in pages] == [200, 200]
    assert addresses[0] in pages[1].content.decode()
    assert f"/{language}/countries/" in pages[0].content.decode()
    assert "2883" in pages[0].content.decode()


def test_whole_line_is_changed_and_audited_by_field(manager, office):
    sent = typed(
        office, name="Counsel", number="2884", numbers="2884  +2312884 2884", is_free=None, duty_phone="+231 77 000 9998",
        other_number="117", sender="Advice", wait_minutes="5", language_1="ar", key_1="1", language_2="en", key_2="4",
        language_3="", key_3="", opens_5_0="20:00", closes_5_0="00:00", opens_0_1="18:00", closes_0_1="19:30",
    )  # fmt: skip

    assert manager.post(url(office), sent).status_code == 302

    office.refresh_from_db()
    assert (office.name, office.number, office.numbers) == ("Counsel", "2884", "2884 +2312884")
    assert (office.duty_phone, office.language_keys, office.is_free) == ("+231770009998", "1:ar 4:en", False)
    assert week_of(office)[0] == [(dt.time(8), dt.time(16)), (dt.time(18), dt.time(19, 30))]
    assert week_of(office)[5] == [(dt.time(20), dt.time(0))]
    entry = AuditEntry.objects.get(verb="hotline.line_changed")
    assert "duty_phone" in entry.body
    assert "hours" in entry.body
    assert "0009998" not in entry.body
    assert queries.line_called("2884").languages == (("1", "ar"), ("4", "en"))


def test_nothing_is_recorded_where_nothing_was_changed(manager, office):
    manager.post(url(office), typed(office))

    office.refresh_from_db()
    assert office.version == 0
    assert not AuditEntry.objects.filter(verb="hotline.line_changed").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"duty_phone": "116"}, "Write + and the country code"),
        ({"duty_phone": "+231"}, "cannot be dialled"),
        ({"duty_phone": "0770009999"}, "cannot be dialled"),
        ({"duty_phone": ""}, "This field is required."),
        ({"numbers": "2883 +231770009999"}, "callers would go round in a circle"),
        ({"other_number": "2883"}, "callers would go round in a circle"),
        ({"other_number": "call me"}, "Write digits without spaces"),
        ({"number": "9999"}, "must be one of these"),
        ({"numbers": "2883 28-83"}, "“28-83” is no number"),
        ({"numbers": "2883 1111 2222 3333 4444 5555 6666"}, "at most 6 numbers"),
        ({"sender": "Hotline against trafficking"}, "at most 20 characters"),
        ({"sender": "Беда"}, "up to 11 Latin letters"),
        ({"wait_minutes": "0"}, "must be 1 or more"),
        ({"wait_minutes": "900"}, "must be 60 or less"),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "Line\u202e"}, "hidden signs"),
        ({"key_2": "1"}, "Two languages cannot sit on the key 1."),
        ({"language_2": "en"}, "This language is on the line already."),
        ({"key_2": ""}, "Choose both a language and its key"),
        ({"key_2": "9"}, "Select a valid choice"),
        ({"language_2": "xx"}, "Select a valid choice"),
        ({f"{name}_{place}": "" for name in ("language", "key") for place in (1, 2, 3)}, "at least one language"),
        ({"opens_0_0": "16:00", "closes_0_0": "08:00"}, "This ends before it begins."),
        ({"opens_0_0": "08:00", "closes_0_0": "08:00"}, "This ends before it begins."),
        ({"closes_0_0": ""}, "Write both times, or neither."),
        ({"opens_0_0": "25:00"}, "Enter a valid time."),
        ({"opens_0_1": "15:00", "closes_0_1": "00:00"}, "These hours overlap"),
        ({"account": "AC1"}, "Select a valid choice"),
        ({"is_practice": None}, "No real call can come in through this account"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_a_reason_and_nothing_is_saved(manager, office, change, words):
    answer = manager.post(url(office), typed(office, **change))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Line.objects.get().version == 0
    assert week_of(office)[0] == [(dt.time(8), dt.time(16))]


def test_number_of_another_line_is_refused(manager, office, liberia):
    Line.objects.create(
        country=liberia, name="Other", number="116", numbers="116", account="AC1", language_keys="1:en",
        duty_phone="+231770009999", other_number="117",
    )  # fmt: skip

    page = manager.post(url(office), typed(office, numbers="2883 116")).content.decode()

    assert "Another line answers 116 already." in page


def test_second_of_two_people_is_told_and_loses_nothing(manager, office, person, liberia, at):
    other, sent = (
        person("manager", country=liberia, name="Second manager"),
        typed(office, name="Mine", other_number="117"),
    )
    facts = {"wait_minutes": 3}
    week = {0: [(dt.time(9), dt.time(10))]}
    lines.change_line(line=office, facts=facts, week=week, version=0, by=other, at=at)

    answer = manager.post(url(office), sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<bdi>Second manager</bdi> changed this line" in page
    assert 'value="Mine"' in page
    assert "Longest wait in minutes: <bdi>3</bdi>" in page
    office.refresh_from_db()
    assert (office.name, office.wait_minutes) == ("Practice line", 3)

    assert manager.post(url(office), sent | {"version": "1", "wait_minutes": "3"}).status_code == 302
    office.refresh_from_db()
    assert (office.name, office.wait_minutes, office.version) == ("Mine", 3, 2)


def test_live_line_refuses_a_language_that_cannot_be_heard(manager, office, settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = REAL, f"{REAL}=secret"
    Prompt.objects.update(text_ht="Mo")
    Line.objects.update(is_practice=False, account=REAL)

    page = manager.post(url(office), typed(office, language_4="ht", key_4="6")).content.decode()
    count = len(queries.unheard(["ht"], is_practice=False, is_free=True))
    assert f"Kreyòl ayisyen is not yet possible: {count} prompts are missing." in page

    assert manager.post(url(office), typed(office, language_4="es", key_4="6")).status_code == 200
    Prompt.objects.update(text_es="Palabras")
    assert manager.post(url(office), typed(office, language_4="es", key_4="6")).status_code == 302


def test_practice_line_goes_live_only_with_what_can_be_heard(manager, office, settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = REAL, f"{REAL}=secret"
    Prompt.objects.update(text_ht="Mo")
    sent = {"account": REAL, "is_practice": None}
    with_creole = typed(office, language_3="ht", **sent)
    assert "is not yet possible" in manager.post(url(office), with_creole).content.decode()

    assert manager.post(url(office), typed(office, **sent)).status_code == 302

    office.refresh_from_db()
    assert (office.is_practice, office.account) == (False, REAL)


def test_line_whose_recordings_lack_already_can_still_be_corrected(manager, office, settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = REAL, f"{REAL}=secret"
    Line.objects.update(is_practice=False, account=REAL, language_keys="1:en 2:ht")

    assert manager.post(url(office), typed(office, opens_0_0="09:00")).status_code == 302
    assert week_of(office)[0] == [(dt.time(9), dt.time(16))]


def test_recording_cannot_be_switched_on(manager, office):
    manager.post(url(office), typed(office, records_calls="on"))

    office.refresh_from_db()
    assert not office.records_calls


def test_day_that_differs_is_set_and_taken_back(manager, office):
    day = timezone.localdate() + dt.timedelta(days=9)
    add, drop = (reverse(f"hotline:{name}", args=[office.public_id]) for name in ("exception_add", "exception_remove"))

    seen = {"day": day.isoformat(), "version": days_version(office)}
    manager.post(add, seen | {"opens": "10:00", "closes": "12:00", "note": "Fair"})
    assert office.exceptions.get().opens == dt.time(10)
    assert "Fair" in manager.get(url(office)).content.decode()

    manager.post(drop, {"day": day.isoformat(), "version": days_version(office)})
    assert not office.exceptions.exists()
    assert AuditEntry.objects.filter(verb="hotline.exception_dropped").count() == 1


def test_second_of_two_people_who_set_a_day_is_told_and_loses_nothing(manager, office, at):
    day = timezone.localdate() + dt.timedelta(days=9)
    seen = days_version(office)
    assert f'name="version" value="{seen}"' in manager.get(url(office)).content.decode()
    lines.set_exception(line=office, day=day, spans=[], note="Funeral", by="test", at=at, version=seen)
    add = reverse("hotline:exception_add", args=[office.public_id])
    sent = {"day": day.isoformat(), "opens": "08:00", "closes": "12:00", "note": "Half a day"}

    answer = manager.post(add, sent | {"version": seen})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed the days of this line meanwhile." in page
    assert "Funeral" in page
    assert 'value="Half a day"' in page
    assert office.exceptions.get().opens is None

    now = days_version(office)
    assert f'name="version" value="{now}"' in page
    assert manager.post(add, sent | {"version": now}).status_code == 302
    assert office.exceptions.get().opens == dt.time(8)


def test_day_changed_meanwhile_is_not_taken_out_unseen(manager, office, at):
    day = timezone.localdate() + dt.timedelta(days=9)
    lines.set_exception(line=office, day=day, spans=[(dt.time(8), dt.time(12))], note="", by="test", at=at)
    seen = days_version(office)
    lines.set_exception(line=office, day=day, spans=[], note="Closed now", by="test", at=at)
    drop = reverse("hotline:exception_remove", args=[office.public_id])

    page = manager.post(drop, {"day": day.isoformat(), "version": seen}, follow=True).content.decode()

    assert "Somebody else changed the days of this line meanwhile." in page
    assert office.exceptions.get().note == "Closed now"


def test_days_are_changed_by_one_person_at_a_time(office, at):
    """PostgreSQL writes rows at once that know nothing of each other; the row of the line is held before."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one writer in at a time.")
    day = timezone.localdate() + dt.timedelta(days=9)

    with CaptureQueriesContext(
        connection,
    ) as set_day:
        lines.set_exception(line=office, day=day, spans=[], note="", by="test", at=at)
    with CaptureQueriesContext(connection) as drop_day:
        lines.drop_exception(line=office, day=day, by="test", at=at)

    for captured in (set_day, drop_day):
        held, looked_at = (
            next(place for place, query in enumerate(captured.captured_queries) if words in query["sql"])
            for words in ("FOR UPDATE", "hotline_dayexception")
        )
        assert held < looked_at


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "2020-01-01"}, "from today to two years ahead"), ({"day": "2099-01-01"}, "from today to two years"),
        ({"day": "x"}, "Enter a valid date."), ({"opens": "10:00"}, "Write both times, or neither."),
        ({"opens": "10:00", "closes": "09:00"}, "This ends before it begins."),
        ({"note": "x" * 101}, "at most 100 characters"),
    ],
)  # fmt: skip
def test_day_that_cannot_be_is_refused(manager, office, change, words):
    sent = {"day": (timezone.localdate() + dt.timedelta(days=9)).isoformat()} | change

    page = manager.post(reverse("hotline:exception_add", args=[office.public_id]), sent, follow=True).content.decode()

    assert words in page
    assert not office.exceptions.exists()
    assert (
        manager.post(reverse("hotline:exception_remove", args=[office.public_id]), {"day": "2026-99-99"}).status_code
        == 302
    )
