"""What became of people is told back to who spoke with them: in numbers, by months, never of one person."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.models import Contact, Line
from hotline.queries.outcomes import Outcomes, outcomes_for, told
from referral.models import Case, Organisation, Pathway, PathwayVersion, Referral, Service, StepRun

JULY, AUGUST, SEPTEMBER = (dt.date(2026, month, 1) for month in (7, 8, 9))


@pytest.mark.parametrize(("rows", "shown"), [
    ([(JULY, "helped", True)] * 4, []),
    ([(JULY, "helped", True)] * 9, []),
    ([(JULY, "helped", True)] * 4 + [(JULY, "ended", False)], [Outcomes(JULY, JULY, 5, {"helped": 4, "ended": 1}, 4)]),
    ([(JULY, "helped", True)] * 3 + [(AUGUST, "ended", True)] * 2 + [(SEPTEMBER, "moved", True)], [Outcomes(JULY, AUGUST, 5, {"helped": 3, "ended": 2}, None)]),
])  # fmt: skip
def test_months_are_joined_until_nothing_is_told_of_one_person(rows, shown):
    assert told(rows) == shown


@pytest.mark.django_db
def test_that_an_agency_took_on_the_person_is_told_in_a_sentence_of_its_own(desk, operator, liberia, line, at):
    Line.objects.filter(pk=line.pk).update(is_practice=False)
    way = Pathway.objects.create(key="way", country=liberia)
    version = PathwayVersion.objects.create(pathway=way, country=liberia, number=1, text="{}", published_at=at, published_by="x")  # fmt: skip
    ended = timezone.now() - dt.timedelta(days=45)
    house = Organisation.objects.create(country=liberia, name="House", description="x", created_at=ended, changed_at=ended)  # fmt: skip
    service = Service.objects.create(organisation=house, name="House", term="shelter", changed_at=ended)
    for number, reason in enumerate([*["helped"] * 4, "lost_contact"]):
        case = Case.objects.create(
            code=f"LR-{number}", key=str(number), country=liberia, version=version, language="en", source="hotline",
            opened_at=ended, opened_by="x", changed_at=ended, state="closed", closed_at=ended, closed_by="x", close_reason=reason,
        )  # fmt: skip
        Contact.objects.create(line=line, country=liberia, claimed_by=operator, case=case, started_at=ended, changed_at=ended)  # fmt: skip
    run = StepRun.objects.create(case=case, number=1, step_key="x", kind="refer", token=1, state="done", started_at=ended, ended_at=ended)  # fmt: skip
    Referral.objects.create(
        case=case, run=run, organisation=house, service=service, need="shelter", state="completed", created_at=ended,
        created_by="x", changed_at=ended,
    )  # fmt: skip

    page = desk.get(reverse("hotline:my_shifts")).content.decode()

    assert "Help was given: 4." in page
    assert "In 1 of them an agency took on the person." in page
    assert "took on: 1" not in page


@pytest.mark.django_db
def test_an_operator_reads_what_became_of_hers_and_of_nobody_elses(desk, operator, person, liberia, line, at):
    Line.objects.filter(pk=line.pk).update(is_practice=False)
    empty = desk.get(reverse("hotline:my_shifts")).content.decode()
    way = Pathway.objects.create(key="way", country=liberia)
    version = PathwayVersion.objects.create(pathway=way, country=liberia, number=1, text="{}", published_at=at, published_by="x")  # fmt: skip
    colleague, ended = person("operator", country=liberia), at - dt.timedelta(days=45)
    ways = [*["helped"] * 4, "lost_contact", "opened_in_error"]
    for number, reason in enumerate([*ways, *ways]):
        case = Case.objects.create(
            code=f"LR-{number}", key=str(number), country=liberia, version=version, language="en", source="hotline",
            opened_at=ended, opened_by="x", changed_at=ended, state="closed", closed_at=ended, closed_by="x", close_reason=reason,
        )  # fmt: skip
        who = operator if number < len(ways) else colleague
        row = Contact.objects.create(line=line, country=liberia, claimed_by=who, case=case, started_at=ended, changed_at=ended)  # fmt: skip
        if number == 0:
            Contact.objects.create(line=line, country=liberia, claimed_by=who, case=case, started_at=ended, changed_at=ended)  # fmt: skip

    (found,) = outcomes_for(operator, at)
    page = desk.get(reverse("hotline:my_shifts")).content.decode()

    assert (found.closed, found.kinds, found.placed) == (5, {"helped": 4, "ended": 1}, None)
    assert "Once five cases that began with you are closed" in empty
    assert "Once five cases" not in page
    assert "Help was given: 4." in page or found.last >= at.date()
    assert not any(code in page for code in (row.code, "LR-"))
    assert outcomes_for(operator, ended) == []
