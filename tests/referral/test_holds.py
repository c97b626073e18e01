"""A court's hold on a case: a supervisor sets it and lifts it, with a reason; whoever has the case sees it."""

import re

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


def shown(page):
    """Return the heading, the act, the reasons and the button that a page shows together."""
    html = page.content.decode()
    form = re.search(r'<form method="post" class="stack">.*?</form>', html, re.DOTALL)
    act, reasons = re.findall(r'name="act" value="(\w+)"', html), re.findall(r'name="reason" value="(\w+)"', html)
    button = re.search(r'<button class="button">(.*?)</button>', form[0])[1] if form else ""
    return re.search(r"<h1>(.*?)</h1>", html)[1], "".join(act), reasons, button


LIFTING = ("Lift the hold", "lift", ["over", "no_need", "hold_mistake"], "Lift the hold")
HOLDING = ("Hold for a court", "hold", ["court", "inquiry", "claim"], "Hold for a court")
NO_FORM = ("The hold changed meanwhile", "", [], "")


@pytest.fixture
def second(person, liberia):
    """Another supervisor of the country."""
    return person("supervisor", country=liberia, name="Berta Second")


def opened(client, case):
    """Return what the form of a hold carries hidden."""
    page = client.get(url("case_hold", case)).content.decode()
    return dict(re.findall(r'name="(act|key|seen)" value="([^"]*)"', page))


@pytest.mark.parametrize("told", [{"reason": "court", "words": WORDS}, {"reason": "", "words": WORDS}])
def test_who_holds_a_case_that_somebody_else_holds_meanwhile_reads_by_whom_and_why_and_keeps_her_words(
    own, desk, operator, second, at, keys, told
):
    first = opened(desk, own)
    actions.answer(case=own, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)
    actions.hold_case(case=own, reason="inquiry", words="Warrant.", key=next(keys), by=second, at=at)

    page = desk.post(url("case_hold", own), first | told)

    assert (page.status_code, shown(page)) == (409, NO_FORM)
    text = page.content.decode()
    assert "This case is held already. Nothing was written." in " ".join(text.split())
    assert [str(one.words) for one in page.context["happened"]] == [
        "Held for a court: Police or a prosecutor asked for it"
    ]
    assert "Berta" in text
    assert WORDS in text
    assert "Warrant." not in text
    assert url("case_detail", own) in text
    assert CaseEvent.objects.filter(case=own, kind="hold_set").count() == 1


def test_who_lifts_a_hold_that_somebody_else_lifted_reads_by_whom_and_why(own, desk, second, at, keys):
    actions.hold_case(case=own, reason="court", words=WORDS, key=next(keys), by=second, at=at)
    first = opened(desk, own)
    actions.lift_hold(case=own, reason="no_need", words="They wrote.", key=next(keys), by=second, at=at)

    page = desk.post(url("case_hold", own), first | {"reason": "over", "words": "It is over."})

    assert (page.status_code, shown(page)) == (409, NO_FORM)
    text = page.content.decode()
    assert "This case is not held. Nothing was written." in " ".join(text.split())
    assert [str(one.words) for one in page.context["happened"]] == ["Hold lifted: Whoever asked needs it no longer"]
    assert ("Berta" in text, "It is over." in text) == (True, True)
    assert CaseEvent.objects.filter(case=own, kind="hold_lifted").count() == 1


def test_a_hold_that_was_set_anew_is_offered_whole_and_is_lifted_by_sending_it_again(own, desk, second, at, keys):
    actions.hold_case(case=own, reason="court", words=WORDS, key=next(keys), by=second, at=at)
    told = opened(desk, own) | {"reason": "over", "words": "It is over."}
    actions.lift_hold(case=own, reason="over", words="It is over.", key=next(keys), by=second, at=at)
    actions.hold_case(case=own, reason="claim", words="A claim.", key=next(keys), by=second, at=at)

    late = desk.post(url("case_hold", own), told)

    assert (late.status_code, shown(late)) == (409, LIFTING)
    hidden = dict(re.findall(r'name="(act|key|seen)" value="([^"]*)"', late.content.decode()))
    assert desk.post(url("case_hold", own), told | hidden).status_code == 302
    assert not is_held(own)


@pytest.mark.parametrize("is_set", [False, True])
def test_a_form_that_comes_back_to_be_mended_fits_together(own, desk, second, at, keys, is_set):
    if is_set:
        actions.hold_case(case=own, reason="court", words=WORDS, key=next(keys), by=second, at=at)

    page = desk.post(url("case_hold", own), opened(desk, own) | {"reason": "", "words": "x"})

    assert (page.status_code, shown(page)) == (400, LIFTING if is_set else HOLDING)


@pytest.mark.parametrize("key", ["one", "two"])
def test_a_second_window_with_another_reason_reads_that_the_case_is_held_already_and_for_what(
    own, desk, supervisor, key
):
    send(desk, own, "hold", "court", key="one")

    page = send(desk, own, "hold", "claim", key=key)

    text = page.content.decode()
    assert page.status_code == 409
    assert "This case is held already." in text
    assert "Held for a court: A court asked for it" in text
    assert str(supervisor) in text
    assert CaseEvent.objects.filter(case=own, kind="hold_set").count() == 1
