"""What is known of a case: the newest answer counts, with who wrote it and where; a different one before it is named."""

import datetime as dt

import pytest
from django.urls import reverse

from referral import actions
from referral.queries.answers import fact_rows


@pytest.fixture
def corrected(new_case, operator, supervisor, at, keys):
    """A case that came from the hotline with age 16; an hour later the age is corrected to 19."""
    case = new_case(facts={"age": 16, "sex": "female", "immediate_danger": False}, source="hotline", owner=operator)
    later = at + dt.timedelta(hours=1)
    actions.answer(case=case, facts={"age": 19}, source="question", key=next(keys), by=supervisor, at=later)
    return case


def row_of(case, key):
    return next(row for row in fact_rows(case, "en") if row.key == key)


def test_the_newest_answer_counts_and_says_by_whom_and_from_where(corrected, operator, supervisor, at):
    row = row_of(corrected, "age")

    assert (row.told.words, row.told.who, row.told.source) == ("19", supervisor.name, "written in the case")
    assert row.told.at == at + dt.timedelta(hours=1)
    assert (row.before.words, row.before.who, row.before.source) == ("16", operator.name, "from the hotline")
    assert row.before.at == at


def test_an_answer_said_once_or_twice_alike_has_nothing_before_it(corrected, operator, at, keys):
    actions.answer(case=corrected, facts={"sex": "female"}, source="question", key=next(keys), by=operator, at=at)

    assert row_of(corrected, "sex").before is None
    assert row_of(corrected, "immediate_danger").before is None


def test_asked_and_not_known_is_an_answer_of_its_own(corrected, operator, at, keys):
    actions.answer(case=corrected, facts={"age": None}, source="question", key=next(keys), by=operator, at=at)

    row = row_of(corrected, "age")

    assert (row.told.words, row.before.words) == ("Not known", "19")


def test_a_sealed_answer_shows_no_words_before_or_after(corrected, operator, at, keys):
    for words in ("By text.", "By phone after eight."):
        told = {"safe_contact": words}
        actions.answer(case=corrected, facts=told, source="question", key=next(keys), by=operator, at=at)

    row = row_of(corrected, "safe_contact")

    assert (row.is_sealed, row.told.words, row.before) == (True, "", None)


def test_the_case_page_never_shows_two_ages_without_a_word(corrected, operator, sign_in):
    page = sign_in(operator).get(reverse("referral:case_detail", args=[corrected.code])).content.decode()

    assert "Before: <bdi>16</bdi>" in page
    assert "from the hotline" in page
    assert page.count(">19<p") == 1
