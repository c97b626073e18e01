"""On PostgreSQL: a case that is being opened holds up no call of its country."""

import pytest
from django.db import connection

from referral import actions
from referral.models import Case
from tests.locks import can_point_to, under_way


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_being_opened_holds_up_no_row_of_its_country(version, liberia, operator, at):
    facts = {"age": 30, "sex": "female", "immediate_danger": False}

    def act():
        actions.open_case(country=liberia, facts=facts, language="en", source="hotline", key="k", by=operator, at=at)

    with under_way(act):
        assert can_point_to(liberia)
    assert not Case.objects.exists()
