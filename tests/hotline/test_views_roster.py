"""The roster's screen: the week, shifts, the proof of the coming days, how a line answers."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.models import Line, Shift

pytestmark = pytest.mark.django_db


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


def test_an_operator_reads_the_roster_and_changes_nothing(sign_in, operator, shift, line):
    browser = sign_in(operator)
    before = Shift.objects.count()

    page = browser.get(reverse("hotline:roster")).content.decode()

    assert "Operator, Liberia" in page
    assert "Add a shift" not in page
    assert browser.post(reverse("hotline:roster"), shift).status_code == 404
    row = Shift.objects.latest("pk")
    assert browser.post(reverse("hotline:remove_shift", args=[row.pk])).status_code == 404
    assert browser.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "message"}).status_code == 404
    assert Shift.objects.count() == before


def test_a_shift_is_taken_off(supervisor, operator):
    row = Shift.objects.get(user=operator)

    supervisor.post(reverse("hotline:remove_shift", args=[row.pk]))

    assert not Shift.objects.exists()
    assert AuditEntry.objects.filter(verb="hotline.shift_removed").count() == 1


def test_holes_are_listed_once_for_all_languages_of_one_time(supervisor):
    page = supervisor.get(reverse("hotline:roster")).content.decode()

    assert "nobody: calls go to the duty phone or to a message" in page
    assert '<bdi lang="en">English</bdi>, <bdi lang="fr">français</bdi>, <bdi lang="ar">العربيّة</bdi>' in page


def test_the_mode_is_set_by_a_supervisor_and_shown_on_every_console(supervisor, line, sign_in, operator):
    supervisor.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "message"})
    supervisor.post(reverse("hotline:set_mode", args=[line.public_id]), {"mode": "forward"})

    assert Line.objects.get(pk=line.pk).mode == "message"
    page = sign_in(operator).get(reverse("hotline:console")).content.decode()
    assert "2883: Messages only." in page


@pytest.mark.parametrize("week", ["2026-11-25", "2026-02-30", "x", "0001-01-01", "9999-12-31", "'"])
def test_any_week_in_the_address_gives_a_page(supervisor, week):
    assert supervisor.get(reverse("hotline:roster"), {"week": week}).status_code == 200


def test_the_week_begins_on_monday(supervisor):
    page = supervisor.get(reverse("hotline:roster"), {"week": "2026-11-25"})

    assert page.context["monday"] == date(2026, 11, 23)
