"""The whole demo: what loading it costs, counted in statements, which no busy machine makes more of."""

import datetime as dt

from accounts.models import AuditEntry
from accounts.queries import chain_faults
from hotline.models import Line
from hotline.queries.trained import trained_week
from languages.models import Unit
from languages.text import e164
from referral.actions import numbers_to_call
from referral.models import Organisation, Service
from training.queries import courses

# Measured: 22,873, with 55 lessons, 108 questions, and eleven visits of which five became cases that were closed; a loop
# that asks for each row anew goes over it.
CEILING = 23_500


def test_the_demo_loads_with_few_statements(loaded, db):
    at, asked = loaded
    statements = asked.total() - asked["SAVEPOINT"] - asked["RELEASE"]
    assert statements <= CEILING, asked
    assert Unit.objects.filter(live_version__gte=1).count() > 3000
    assert AuditEntry.objects.count() > 500
    assert chain_faults() == []
    unnamed = [
        (service.name_en, language)
        for service in Service.objects.select_related("organisation__country")
        for language in service.organisation.country.languages
        if not getattr(service, f"name_{language.replace('-', '_')}")
    ]
    assert unnamed == []
    agencies = Organisation.objects.filter(is_example=True)
    call_backs = numbers_to_call(organisations=agencies, by="test", at=at)
    numbers = [*agencies.values_list("public_number", flat=True), *call_backs.values()]
    assert len(numbers) == len(set(numbers)) == 2 * agencies.count()
    assert all(e164(number) == number and number.startswith("+120255501") for number in numbers)


def test_the_roster_of_liberia_has_shifts_with_and_without_somebody_trained(begun):
    line = Line.objects.select_related("country").get(country="LR")
    week = trained_week(line, courses("en"), "", dt.date(2026, 11, 23), at=begun)

    english = {shift.starts_at.hour: shift.spoken[0] for shift in week.shifts}
    assert (week.course.key, week.is_own) == ("judicial", True)
    assert {hour: (one.current, one.refresher_due) for hour, one in english.items()} == {
        0: (0, 0),
        8: (1, 0),
        16: (0, 1),
    }
    assert {lack.opens.hour: lack.codes for lack in week.lacks} == {
        0: ("en", "fr", "ar"), 8: ("ar",), 16: ("en", "fr", "ar"),
    }  # fmt: skip
