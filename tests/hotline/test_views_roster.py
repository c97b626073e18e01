"""The roster's screen: the week, shifts, the proof of the coming days, how a line answers."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import AuditEntry, Country, User
from hotline.actions import rosters
from hotline.models import Line, Shift
from hotline.queries.rosters import monday_of
from tests.hotline.test_flows import publish

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def supervisor(sign_in, person, liberia, operator):
    return sign_in(person("supervisor", country=liberia, name="Supervisor, Liberia"))


@pytest.fixture
def shift(line, operator):
    """What the form sends for a shift a week from now."""
    day = timezone.localdate() + timedelta(days=7)
    return {
        "line": str(line.public_id), "person": str(operator.public_id), "duty": "operator", "day": day.isoformat(),
        "begins": "22:00", "ends": "06:00",
    }  # fmt: skip


def test_a_shift_may_cross_midnight(supervisor, shift, operator):
    answer = supervisor.post(reverse("hotline:roster"), shift)
    row = Shift.objects.latest("pk")

    assert answer.status_code == 302
    assert row.ends_at - row.starts_at == timedelta(hours=8)
    assert AuditEntry.objects.filter(verb="hotline.shift_added").count() == 1


def test_a_shift_that_was_added_is_said(supervisor, shift, operator):
    page = supervisor.post(reverse("hotline:roster"), shift, follow=True).content.decode()

    day = date_format(date.fromisoformat(shift["day"]), "D j M")
    assert f"{operator.get_short_name()} is on the roster on {day}, from 22:00 to 06:00." in page


@pytest.mark.parametrize(
    ("change", "words"),
    [({"ends": "21:00"}, "more than 16 hours"), ({"day": "2020-01-01"}, "This day is over"), ({"day": "2999-01-01"}, "more than a year ahead"),
     ({"begins": "25:00"}, "error"), ({"person": "x"}, "error"), ({"duty": "interpreter"}, "does not have the role")],
)  # fmt: skip
def test_a_shift_that_cannot_stand_is_refused_with_a_reason(supervisor, shift, change, words):
    before = Shift.objects.count()

    page = supervisor.post(reverse("hotline:roster"), shift | change).content.decode()

    assert words in page
    assert Shift.objects.count() == before


def test_two_shifts_of_one_person_at_one_time_are_refused(supervisor, shift):
    supervisor.post(reverse("hotline:roster"), shift)

    page = supervisor.post(reverse("hotline:roster"), shift | {"begins": "23:00"}).content.decode()

    assert "This person has another shift at that time." in page


def test_each_reason_why_a_shift_is_refused_is_said_once(supervisor, shift, line, operator):
    day = date.fromisoformat(shift["day"])
    for begins, ends in (("18:00", "22:00"), ("23:00", "23:30")):
        supervisor.post(reverse("hotline:roster"), shift | {"begins": begins, "ends": ends})

    page = supervisor.post(reverse("hotline:roster"), shift | {"begins": "17:00", "ends": "17:00"}).content.decode()

    assert Shift.objects.filter(user=operator, starts_at__date=day).count() == 2
    for words in ("A shift lasts no more than 16 hours.", "This person has another shift at that time."):
        assert page.count(words) == 2  # in the summary, and at its field


def test_an_operator_reads_the_roster_and_changes_nothing(sign_in, operator, shift, line):
    browser = sign_in(operator)
    before = Shift.objects.count()

    page = browser.get(reverse("hotline:roster")).content.decode()

    assert "Operator, Liberia" in page
    assert "Add a shift" not in page
    assert browser.post(reverse("hotline:roster"), shift).status_code == 404
    row = Shift.objects.latest("pk")
    assert browser.get(remove(row)).status_code == 404
    assert browser.post(remove(row)).status_code == 404
    assert browser.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "message"}).status_code == 404
    assert Shift.objects.count() == before


def remove(shift):
    """Return the address at which a shift is taken off."""
    return reverse("hotline:remove_shift", args=[shift.pk])


def test_a_shift_to_come_is_taken_off_once_somebody_has_said_that_it_is_meant(supervisor, shift):
    supervisor.post(reverse("hotline:roster"), shift)
    row = Shift.objects.latest("pk")
    week = supervisor.get(reverse("hotline:roster"), {"week": shift["day"]}).content.decode()
    asked = supervisor.get(remove(row)).content.decode()
    assert f'href="{remove(row)}?week=' in week
    assert "Take off</button>" in asked
    assert "22:00 to 06:00" in asked
    assert Shift.objects.filter(pk=row.pk).exists()

    supervisor.post(remove(row))

    assert not Shift.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(verb="hotline.shift_removed").count() == 1


def test_a_shift_that_runs_ends_now_and_what_was_worked_stays(supervisor, operator):
    row = Shift.objects.get(user=operator)
    now = timezone.now()
    Shift.objects.filter(pk=row.pk).update(starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=6))
    asked = supervisor.get(remove(row)).content.decode()

    answer = supervisor.post(remove(row), follow=True)

    row.refresh_from_db()
    assert "It runs now" in asked
    assert "is off the roster." in answer.content.decode()
    assert now <= row.ends_at <= timezone.now()
    assert AuditEntry.objects.filter(verb="hotline.shift_removed").count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_shift_that_somebody_took_off_meanwhile_leads_back_to_its_week(supervisor, shift, method):
    supervisor.post(reverse("hotline:roster"), shift)
    row = Shift.objects.latest("pk")
    week = supervisor.get(reverse("hotline:roster"), {"week": shift["day"]}).content.decode()
    address = re.search(rf'href="({remove(row)}[^"]*)"', week)[1]
    supervisor.post(remove(row))

    answer = getattr(supervisor, method)(address, follow=True)

    monday = monday_of(date.fromisoformat(shift["day"]))
    assert answer.redirect_chain == [(f"{reverse('hotline:roster')}?week={monday.isoformat()}", 302)]
    assert "This shift was taken off the roster before." in answer.content.decode()
    assert AuditEntry.objects.filter(verb="hotline.shift_removed").count() == 1


def test_a_shift_that_goes_while_it_is_taken_off_is_taken_off_once(shift, supervisor, operator, at):
    supervisor.post(reverse("hotline:roster"), shift)
    row = Shift.objects.latest("pk")
    rosters.remove_shift(shift=row, by=operator, at=at)

    with pytest.raises(rosters.ShiftGone):
        rosters.remove_shift(shift=row, by=operator, at=at)
    assert AuditEntry.objects.filter(verb="hotline.shift_removed").count() == 1


def test_who_may_not_change_the_roster_and_another_country_hear_nothing_of_a_shift(
    supervisor, shift, sign_in, operator, person, line
):
    supervisor.post(reverse("hotline:roster"), shift, follow=True)
    row = Shift.objects.latest("pk")
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr", time_zone="UTC")

    foreign = sign_in(person("supervisor", country=haiti)).post(remove(row))
    rosters.remove_shift(shift=row, by=operator, at=timezone.now())
    gone = sign_in(operator).post(remove(row))

    assert (foreign.status_code, gone.status_code) == (404, 404)
    assert "messages" not in {**foreign.cookies, **gone.cookies}


def test_a_shift_that_has_ended_stays_and_has_no_button(supervisor, operator):
    row = Shift.objects.get(user=operator)
    ended = timezone.now() - timedelta(minutes=5)
    Shift.objects.filter(pk=row.pk).update(starts_at=ended - timedelta(hours=1), ends_at=ended)
    week = supervisor.get(reverse("hotline:roster"), {"week": (ended - timedelta(hours=1)).date().isoformat()})
    asked = supervisor.get(remove(row)).content.decode()

    answer = supervisor.post(remove(row), follow=True)

    assert "Operator, Liberia" in week.content.decode()
    assert remove(row) not in week.content.decode()
    assert "Take off</button>" not in asked
    assert "This shift has ended. It stays on the roster" in answer.content.decode()
    assert Shift.objects.filter(pk=row.pk).exists()
    assert not AuditEntry.objects.filter(verb="hotline.shift_removed").exists()


def test_the_time_of_a_shift_is_said_with_a_word_between_its_ends(supervisor, shift):
    supervisor.post(reverse("hotline:roster"), shift)

    page = supervisor.get(reverse("hotline:roster"), {"week": shift["day"]}).content.decode()
    with translation.override("ar"):
        arabic = supervisor.get(reverse("hotline:roster"), {"week": shift["day"]}).content.decode()

    assert '<span class="num">22:00 to 06:00</span>' in page
    assert "22:00–06:00" not in arabic


def test_a_hole_is_told_with_the_comma_of_the_language(supervisor):
    with translation.override("ar"):
        page = supervisor.get(reverse("hotline:roster")).content.decode()

    told = re.findall(r'<td class="num"[^>]*>([^<]+)</td>', page)
    assert told
    assert all("،" in words and "," not in words for words in told)


def test_holes_are_listed_once_for_all_languages_of_one_time(supervisor):
    page = supervisor.get(reverse("hotline:roster")).content.decode()

    assert "nobody: calls go to the duty phone or to a message" in page
    publish(Line.objects.get(), User.objects.first(), timezone.now(), takes_messages=False)
    without = supervisor.get(reverse("hotline:roster")).content.decode()
    assert ("or to a message" in without, "The duty phone rings" in without) == (False, True)
    assert '<bdi lang="en">English</bdi>, <bdi lang="fr">français</bdi>, <bdi lang="ar">العربيّة</bdi>' in page


def test_the_mode_is_set_by_a_supervisor_and_shown_on_every_console(supervisor, line, sign_in, operator):
    supervisor.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "message"})
    supervisor.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "forward"})

    assert Line.objects.get(pk=line.pk).mode == "message"
    page = sign_in(operator).get(reverse("hotline:console")).content.decode()
    assert "2883</bdi>: Messages only." in page


@pytest.mark.parametrize("week", ["2026-11-25", "2026-02-30", "x", "0001-01-01", "9999-12-31", "'"])
def test_any_week_in_the_address_gives_a_page(supervisor, week):
    assert supervisor.get(reverse("hotline:roster"), {"week": week}).status_code == 200


def test_the_week_begins_on_monday(supervisor):
    page = supervisor.get(reverse("hotline:roster"), {"week": "2026-11-25"})

    assert page.context["monday"] == date(2026, 11, 23)


def test_an_interpreter_reads_her_own_shifts_and_nobody_elses(sign_in, person, liberia, line, operator):
    interpreter = person("interpreter", country=liberia, name="Interpreter, Liberia")
    now = timezone.now()
    for days in (-3, 0, 2):
        starts = now + timedelta(days=days, minutes=-5)
        Shift.objects.create(
            line=line, user=interpreter, duty="interpreter", starts_at=starts, ends_at=starts + timedelta(hours=8)
        )
    browser = sign_in(interpreter)

    page = browser.get(reverse("hotline:my_shifts"))

    assert [shift.user_id for shift, _offer in page.context["shifts"]] == [interpreter.pk, interpreter.pk]
    assert f'href="{reverse("hotline:my_shifts")}"' in page.content.decode()
    assert "Operator, Liberia" not in page.content.decode()
    assert browser.get(reverse("hotline:roster")).status_code == 404
    assert "Interpreter" not in sign_in(operator).get(reverse("hotline:my_shifts")).content.decode()


def test_an_interpreter_without_shifts_is_told_so(sign_in, person, liberia):
    page = sign_in(person("interpreter", country=liberia)).get(reverse("hotline:my_shifts")).content.decode()

    assert "You are not on the roster in the coming days." in page


def test_a_shift_that_is_over_is_refused(supervisor, shift, at, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at)
    before = Shift.objects.count()
    over = shift | {"day": at.date().isoformat(), "begins": "06:00", "ends": "09:00"}

    answer = supervisor.post(reverse("hotline:roster"), over)

    assert answer.context["form"].errors["ends"] == ["This shift is over already. Choose a later time."]
    assert Shift.objects.count() == before
    Shift.objects.all().delete()
    assert supervisor.post(reverse("hotline:roster"), over | {"ends": "11:00"}).status_code == 302


@pytest.mark.parametrize(
    ("zone", "first", "second", "words"),
    [
        ("Asia/Dhaka", (1, "00:00", "12:00"), (1, "12:00", "23:59"), "more than 16 hours on"),
        ("America/Port-au-Prince", (2, "19:30", "23:30"), (3, "05:00", "18:00"), ""),
        ("Africa/Monrovia", (2, "18:00", "06:00"), (3, "08:00", "18:30"), "more than 16 hours on"),
        ("Africa/Monrovia", (2, "18:00", "09:30"), (3, "12:00", "20:00"), "more than 16 hours on"),
    ],
)
def test_sixteen_hours_are_those_of_the_countrys_day_which_is_named(supervisor, shift, zone, first, second, words):
    Country.objects.update(time_zone=zone)
    monday = monday_of(timezone.localdate()) + timedelta(days=14)
    days = [(monday + timedelta(days=day), begins, ends) for day, begins, ends in (first, second)]
    sent = [shift | {"day": day.isoformat(), "begins": begins, "ends": ends} for day, begins, ends in days]

    before = supervisor.post(reverse("hotline:roster"), sent[0]).status_code
    answer = supervisor.post(reverse("hotline:roster"), sent[1])

    assert (before, answer.status_code) == (302, 200 if words else 302)
    if words:
        assert f"{words} {date_format(days[1][0], 'D j M')}." in answer.content.decode()


def test_nobody_stands_on_a_new_shift_before_she_is_chosen(supervisor, shift):
    before = Shift.objects.count()

    page = supervisor.get(reverse("hotline:roster")).content.decode()
    answer = supervisor.post(reverse("hotline:roster"), shift | {"person": ""})

    assert '<option value="" selected>Choose</option>' in page[page.index('name="person"') :].partition("</select>")[0]
    assert answer.context["form"].errors["person"]
    assert Shift.objects.count() == before
