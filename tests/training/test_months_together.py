"""Months of all countries and courses beside those of one: what two filters differ by is no small number."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Office
from training.models import Counted, MonthCount, OfficeCount, OfficePeople
from training.queries.completion import completion
from training.queries.small_numbers import SMALLEST, spans_of

AUGUST, SEPTEMBER = dt.date(2026, 8, 1), dt.date(2026, 9, 1)
PART = st.lists(st.sampled_from([0, 0, 2, 5, 10, 16]), min_size=6, max_size=6)


@given(st.lists(PART.filter(lambda one: sum(one) >= SMALLEST), min_size=2, max_size=3))
@example([[10, 20, 0, 0, 0, 0], [2, 30, 0, 0, 0, 0]])
@example([[5, 5, 5, 15, 0, 0], [3, 3, 10, 10, 0, 0]])
def test_spans_of_a_sum_less_those_of_its_parts_leave_nobody_or_ten_and_more(drawn):
    parts = [{dt.date(2026, place + 1, 1): count for place, count in enumerate(one) if count} for one in drawn]
    groups = set()  # of places and months: who finished in a run of spans, of all of some parts
    for many in range(1, len(parts) + 1):
        for some in itertools.combinations(range(len(parts)), many):
            chosen = [parts[place] for place in some]
            total = sum(map(Counter, chosen), Counter())
            spans = spans_of(total, chosen if many > 1 else ())
            assert sum(one.count for one in spans) == sum(total.values())
            for first, last in itertools.combinations_with_replacement(spans, 2):
                run = [(place, month) for place in some for month in parts[place] if first.first <= month <= last.last]
                groups.add(frozenset(run))
    number = {group: sum(parts[place][month] for place, month in group) for group in groups}
    for one, two in itertools.permutations(groups, 2):
        if two < one:
            left = number[one] - number[two]
            assert left >= SMALLEST
            assert all(
                left - number[three] == 0 or left - number[three] >= SMALLEST for three in groups if three <= one - two
            )


@pytest.fixture
def finished(course, countries, office, at):
    """Two countries: in Haiti ten finished in August, in Tunisia two; in September twenty and thirty."""
    Counted.objects.create(what="readiness", at=at)
    tunis = Office.objects.create(country=countries["TN"], name="Cour T")
    for place, months in ((office("Court H"), (10, 20)), (tunis, (2, 30))):
        counts = {"country": place.country, "office": place, "begun": sum(months), "finished": sum(months)}
        OfficePeople.objects.create(officials=60, **counts)
        OfficeCount.objects.create(course=course, language="fr", **counts)
        for month, many in zip((AUGUST, SEPTEMBER), months, strict=True):
            MonthCount.objects.create(course=course, country=place.country, month=month, finished=many)


def test_months_of_all_countries_less_those_of_one_tell_no_small_number(finished, person, countries):
    analyst = person("analyst")

    def spans(**filters):
        return [(span.first, span.last, span.count) for span in completion(analyst, filters).months]

    assert spans(country=countries["HT"]) == [(AUGUST, AUGUST, 10), (SEPTEMBER, SEPTEMBER, 20)]
    assert spans(country=countries["TN"]) == [(AUGUST, SEPTEMBER, 32)]
    assert spans() == [(AUGUST, SEPTEMBER, 62)]  # Twelve in August, less the ten of Haiti, would be two in Tunisia.
