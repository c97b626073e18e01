"""The screens of lines: who opens them, what can be changed, what is refused, two people at once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from hotline import queries
from hotline.actions import lines
from hotline.forms.lines import LineForm
from hotline.models import Line, Prompt
from hotline.queries.lines import week_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]

REAL = "AC" + "a" * 32


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
def test_who_may_open_a_line(sign_in, person, liberia, haiti, office, roles, of_liberia, status):
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


@pytest.mark.both
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


def test_practice_line_may_name_no_other_number(manager, office):
    assert manager.post(url(office), typed(office, other_number="")).status_code == 302

    office.refresh_from_db()
    assert office.other_number == ""


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
        ({"numbers": "2883 28-83"}, "“\u206828-83\u2069” is no number"),
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
        ({"police_number": ""}, "Who is in danger would hear no number of the police."),
        ({"is_practice": None, "other_number": ""}, "A line that people call names another number at the end."),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_a_reason_and_nothing_is_saved(manager, office, change, words):
    answer = manager.post(url(office), typed(office, **change))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Line.objects.get().version == 0
    assert week_of(office)[0] == [(dt.time(8), dt.time(16))]


@pytest.mark.both
def test_number_of_another_line_is_refused(manager, office, liberia):
    Line.objects.create(
        country=liberia, name="Other", number="116", numbers="116", account="AC1", language_keys="1:en",
        duty_phone="+231770009999", other_number="117",
    )  # fmt: skip

    page = manager.post(url(office), typed(office, numbers="2883 116")).content.decode()

    assert "Another line answers \u2068116\u2069 already." in page


@pytest.mark.both
def test_second_of_two_people_is_told_and_loses_nothing(manager, office, person, liberia, at):
    other = person("manager", country=liberia, name="Second manager")
    sent = typed(office, name="Mine", other_number="117")
    facts, week = {"wait_minutes": 3}, {0: [(dt.time(9), dt.time(10))]}
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
    count = len(queries.unheard(["ht"], is_reachable=True, is_free=True))
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


@pytest.mark.both
@pytest.mark.parametrize("change", [{"name": "Help line"}, {"opens_0_0": "09:00"}])
def test_a_second_click_on_save_is_no_conflict(manager, office, change):
    sent = typed(office, **change)

    pages = [manager.post(url(office), sent, follow=True) for _ in range(2)]

    assert [[str(message) for message in page.context["messages"]] for page in pages] == [
        ["Saved. Calls follow at once."]
    ] * 2
    assert AuditEntry.objects.filter(verb="hotline.line_changed").count() == 1
    assert manager.post(url(office), sent | {"name": "Another"}).status_code == 409


@pytest.mark.parametrize(("language", "word"), [("fr", "Touche"), ("pt", "Tecla"), ("ht", "Touch"), ("id", "Tombol")])
def test_the_key_of_a_language_is_one_of_a_telephone_and_opens_no_door(line, language, word):
    with translation.override(language):
        label = str(LineForm(line=line, week=week_of(line)).fields["key_1"].label)

    assert label.endswith(f": {word}")
