"""On PostgreSQL: what is done in a case holds up no row that only points to it, such as a contact of the hotline."""

import pytest
from django.db import connection

from referral import actions
from referral.models import StepRun
from tests.locks import can_point_to, under_way

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


def test_an_act_in_a_case_holds_up_nothing_that_points_to_it(offer, operator, supervisor, at):
    referral, _code, _path = offer
    case, common = referral.case, {"key": "one", "by": operator, "at": at}
    ended = {"reason": "lost_contact", "outcome": "not_known", "feedback_asked": False}
    acts = {
        "answer": lambda: actions.answer(case=case, facts={"national": True}, source="call", **common),
        "accept": lambda: actions.accept(referral=referral, **common),
        "withdraw": lambda: actions.withdraw_consent(case=case, **common),
        "consent": lambda: actions.record_consent(case=case, lines=[], giver="person", language="en", **common),
        "hold": lambda: actions.hold_case(case=case, reason="court", words="", **common),
        "assign": lambda: actions.assign_case(case=case, owner=supervisor, **common),
        "close": lambda: actions.close_case(case=case, **ended, **common),
    }
    rows = [case, referral, *StepRun.objects.filter(case=case)]

    held = []
    for name, act in acts.items():
        with under_way(act):
            held += [(name, row) for row in rows if not can_point_to(row)]

    assert held == []
