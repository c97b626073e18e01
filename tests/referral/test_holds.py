"""A court's hold on a case: a supervisor sets it and lifts it, with a reason; whoever has the case sees it."""

import pytest

from accounts.actions import reveal
from accounts.models import AuditEntry
from referral import actions
from referral.models import Case, CaseEvent, FactValue
from referral.queries.timeline import timeline_of
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
WORDS = "Order 12 of the county court."


@pytest.fixture
def desk(own, supervisor, sign_in):
    """A supervisor who opened the case with a reason."""
    client = sign_in(supervisor)
    client.post(url("case_reason", own), {"reason": "A court wrote to us.", "key": "open"})
    return client


def send(client, case, act, reason, key="one", words=WORDS):
    return client.post(url("case_hold", case), {"act": act, "reason": reason, "words": words, "key": key}, follow=True)


def is_held(case):
    return Case.objects.get(pk=case.pk).legal_hold


def test_a_supervisor_holds_a_case_and_lifts_the_hold_and_both_are_kept(own, desk, supervisor, at):
    assert url("case_hold", own) in desk.get(url("case_detail", own)).content.decode()

    held = send(desk, own, "hold", "court")
    assert (is_held(own), "kept for a court" in held.content.decode()) == (True, True)
    lifted = send(desk, own, "lift", "over", key="two")

    assert (is_held(own), "kept for a court" in lifted.content.decode()) == (False, False)
    said = [entry.words for entry in timeline_of(own, "en")][:2]
    assert said == ["Hold lifted: The proceedings are over", "Held for a court: A court asked for it"]
    about = AuditEntry.objects.filter(thing__endswith=str(own.public_id), actor=str(supervisor.public_id))
    assert [about.filter(verb=verb).count() for verb in ("referral.hold_set", "referral.hold_lifted")] == [1, 1]
    rows = FactValue.objects.filter(case=own, key__startswith="reason_hold")
    assert [reveal(row, "sealed", by=supervisor, at=at, reason="safety") for row in rows] == [WORDS, WORDS]


def test_the_words_of_a_hold_are_sealed_and_named_on_the_page(own, desk):
    page = send(desk, own, "hold", "court").content.decode()

    assert "county court" not in page
    assert "<dt>Hold for a court</dt>" in page


def test_the_form_says_beforehand_that_words_are_needed(own, desk):
    form = desk.get(url("case_hold", own)).context["form"]

    assert str(form["words"].help_text) == "Write the reason in a few words. Sealed with the case."


@pytest.mark.parametrize("told", [{"reason": "over"}, {"reason": ""}, {"words": ""}, {"words": "x"}])
def test_a_hold_wants_a_reason_of_its_own_and_words(own, desk, told):
    page = send(desk, own, "hold", **{"reason": "court"} | told)

    assert (page.status_code, is_held(own)) == (400, False)


def test_the_same_sending_holds_once_and_a_stale_page_changes_nothing(own, desk):
    for _ in range(3):
        send(desk, own, "hold", "court")
    again = send(desk, own, "hold", "claim", key="other")

    assert (again.status_code, "This case is held already." in again.content.decode()) == (409, True)
    assert CaseEvent.objects.filter(case=own, kind="hold_set").count() == 1
    send(desk, own, "lift", "over", key="lift")
    gone = send(desk, own, "lift", "over", key="lift again")
    assert (gone.status_code, is_held(own)) == (409, False)


def test_a_closed_case_is_held_too(own, desk, operator, at):
    actions.close_case(
        case=own, reason="lost_contact", outcome="not_known", feedback_asked=False, key="close", by=operator, at=at
    )

    send(desk, own, "hold", "inquiry")

    assert is_held(own)


@pytest.mark.parametrize("act", ["hold", "lift"])
def test_nobody_but_a_supervisor_of_the_country_holds_a_case(own, operator, person, liberia, sign_in, act):
    abroad = type(liberia).objects.create(
        code="MW", name="Malawi", slug="malawi", language_codes="en", time_zone="Africa/Blantyre"
    )
    Case.objects.filter(pk=own.pk).update(legal_hold=act == "lift")

    for who in (operator, person("administrator", country=liberia), person("supervisor", country=abroad)):
        answer = send(sign_in(who), own, act, "court" if act == "hold" else "over")
        assert answer.status_code == 404
    assert is_held(own) is (act == "lift")
    assert url("case_hold", own) not in sign_in(operator).get(url("case_detail", own)).content.decode()
