"""Two people, or two tabs, at one form of a case: nothing is written over unseen."""

import re
from zoneinfo import ZoneInfo

import pytest

from accounts.models import AuditEntry
from referral import actions
from referral.models import CaseEvent, FactValue
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


def opened(client, name, case):
    """Return what a page of a case carries hidden, as its form would send it."""
    return dict(re.findall(r'name="(key|seen)" value="([^"]*)"', client.get(url(name, case)).content.decode()))


def names_of(case):
    return FactValue.objects.filter(case=case, key="name")


def revealed(client, case):
    return client.post(url("case_reveal", case), {"fact": "name", "reason": "call"}).content.decode()


@pytest.fixture
def inside(supervisor, own, at):
    """The supervisor, who has opened the case with a reason."""
    actions.open_with_reason(case=own, reason="Late step.", key="in", by=supervisor, at=at)
    own.refresh_from_db()
    return supervisor


def test_a_name_that_somebody_else_sealed_meanwhile_is_not_replaced_unseen(own, operator, inside, sign_in, client):
    hers = opened(sign_in(inside), "case_identity", own)
    first = opened(sign_in(operator), "case_identity", own)
    client.post(url("case_identity", own), first | {"name": "ALPHA"})

    sign_in(inside)
    late = client.post(url("case_identity", own), hers | {"name": "BETA", "account": "Told at the gate."})

    text = late.content.decode()
    assert late.status_code == 409
    assert "The case changed while you had this page open." in text
    assert [str(entry.words) for entry in late.context["happened"]] == ["Answers written down: Name"]
    assert late.context["form"]["name"].value() == "BETA"
    assert "Told at the gate." in text
    assert "ALPHA" not in text
    assert not AuditEntry.objects.filter(verb="referral.fact_read").exists()
    assert "ALPHA" in revealed(client, own)
    assert AuditEntry.objects.filter(verb="referral.fact_read", actor=str(inside.public_id)).count() == 1


def test_who_looked_and_sends_it_again_replaces_the_name(own, operator, inside, sign_in, client):
    hers = opened(sign_in(inside), "case_identity", own)
    first = opened(sign_in(operator), "case_identity", own)
    client.post(url("case_identity", own), first | {"name": "ALPHA"})
    sign_in(inside)
    late = client.post(url("case_identity", own), hers | {"name": "BETA"}).content.decode()

    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', late))
    done = client.post(url("case_identity", own), again | {"name": "BETA"})

    assert done.status_code == 302
    assert "BETA" in revealed(client, own)


def test_two_tabs_of_one_person_at_the_identity(own, operator, sign_in):
    client = sign_in(operator)
    one, two = opened(client, "case_identity", own), opened(client, "case_identity", own)
    before = names_of(own).count()

    answers = [client.post(url("case_identity", own), tab | {"name": name}) for tab, name in ((one, "A"), (two, "B"))]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert names_of(own).count() == before + 1


def test_a_double_click_on_the_identity_is_no_conflict(own, operator, sign_in):
    client = sign_in(operator)
    told = opened(client, "case_identity", own) | {"name": "ALPHA"}
    before = names_of(own).count()

    answers = [client.post(url("case_identity", own), told) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {302}
    assert names_of(own).count() == before + 1


def test_what_was_written_while_the_case_was_closed_stays_in_the_form(own, operator, supervisor, sign_in, at, keys):
    client = sign_in(operator)
    told = opened(client, "case_identity", own)
    actions.close_case(
        case=own,
        reason="lost_contact",
        outcome="not_known",
        feedback_asked=False,
        key=next(keys),
        by=supervisor,
        at=at,
    )

    late = client.post(url("case_identity", own), told | {"account": "Told at the gate."})

    assert late.status_code == 409
    assert "Told at the gate." in late.content.decode()


def test_a_sealed_answer_opens_beside_what_is_being_written(own, operator, sign_in):
    page = sign_in(operator).get(url("case_identity", own)).content.decode()

    reveal = re.search(rf'<form method="post" action="{url("case_reveal", own)}"[^>]*>', page)
    assert 'target="_blank"' in reveal[0]
    assert "An answer is kept, sealed. Leave this empty to keep it." in page


@pytest.fixture
def others(person, liberia):
    """Two more operators of the country."""
    return person("operator", country=liberia, name="Anna"), person("operator", country=liberia, name="Berta")


@pytest.fixture
def second(person, liberia):
    """A second supervisor of the country."""
    return person("supervisor", country=liberia)


def test_two_supervisors_who_hand_one_case_on_do_not_overrule_each_other_unseen(
    own, supervisor, second, others, sign_in, client
):
    anna, berta = others
    hers, first = opened(sign_in(second), "case_assign", own), opened(sign_in(supervisor), "case_assign", own)
    client.post(url("case_assign", own), first | {"owner": anna.pk})

    sign_in(second)
    late = client.post(url("case_assign", own), hers | {"owner": berta.pk})

    own.refresh_from_db()
    assert (late.status_code, own.owner) == (409, anna)
    text = late.content.decode()
    assert "Somebody gave this case to another owner meanwhile." in text
    assert re.search(r"Owner: <strong><bdi>Anna", text)
    assert late.context["form"]["owner"].value() == str(berta.pk)
    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', text))
    assert client.post(url("case_assign", own), again | {"owner": berta.pk}).status_code == 302
    own.refresh_from_db()
    assert own.owner == berta


def test_two_supervisors_who_choose_the_same_person_agree(own, supervisor, second, others, sign_in, client):
    hers, first = opened(sign_in(second), "case_assign", own), opened(sign_in(supervisor), "case_assign", own)
    client.post(url("case_assign", own), first | {"owner": others[0].pk})

    sign_in(second)
    late = client.post(url("case_assign", own), hers | {"owner": others[0].pk})

    assert late.status_code == 302
    assert CaseEvent.objects.filter(case=own, kind="assigned").count() == 1


def test_what_else_happened_in_a_case_does_not_hold_up_its_handing_on_and_is_not_told(
    own, operator, supervisor, second, others, sign_in, client, at, keys
):
    hers = opened(sign_in(second), "case_assign", own)
    actions.answer(case=own, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)

    assert client.post(url("case_assign", own), hers | {"owner": others[0].pk}).status_code == 302
    actions.assign_case(case=own, owner=others[1], key=next(keys), by=supervisor, at=at)
    late = client.post(url("case_assign", own), hers | {"key": "new", "owner": operator.pk})

    assert late.status_code == 409
    assert {str(entry.words) for entry in late.context["happened"]} == {"Given to another owner"}


def test_a_double_click_that_hands_a_case_on_is_no_conflict_for_its_former_owner(own, operator, others, sign_in):
    client = sign_in(operator)
    told = opened(client, "case_assign", own) | {"owner": others[0].pk}

    answers = [client.post(url("case_assign", own), told) for _ in range(2)]

    assert [answer.url for answer in answers] == ["/en/cases/", "/en/cases/"]
    assert CaseEvent.objects.filter(case=own, kind="assigned").count() == 1
    assert client.post(url("case_assign", own), told | {"key": "another"}).status_code == 404


def test_a_hold_that_was_set_anew_meanwhile_is_not_lifted_unseen(own, operator, supervisor, second, sign_in, at, keys):
    told = {"by": supervisor, "at": at}
    actions.hold_case(case=own, reason="court", words="Order 12.", key=next(keys), **told)
    client = sign_in(second)
    hers = opened(client, "case_hold", own) | {"act": "lift", "reason": "over", "words": "It is over."}
    actions.answer(case=own, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)
    actions.lift_hold(case=own, reason="over", words="It is over.", key=next(keys), **told)
    actions.hold_case(case=own, reason="claim", words="Claim of her own.", key=next(keys), **told)

    late = client.post(url("case_hold", own), hers)

    own.refresh_from_db()
    assert (late.status_code, own.legal_hold) == (409, True)
    assert "Somebody held this case anew meanwhile." in late.content.decode()
    assert late.context["form"]["words"].value() == "It is over."
    assert len(late.context["happened"]) == 2
    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', late.content.decode()))
    assert client.post(url("case_hold", own), hers | again).status_code == 302
    own.refresh_from_db()
    assert not own.legal_hold


def test_a_case_that_was_closed_anew_meanwhile_is_not_opened_unseen(own, supervisor, second, sign_in, at, keys):
    told = {"case": own, "by": supervisor, "at": at}
    ended = {"reason": "lost_contact", "outcome": "not_known", "feedback_asked": False}
    actions.close_case(**ended, key=next(keys), **told)
    client = sign_in(second)
    hers = opened(client, "case_reopen", own) | {"reason": "She called again."}
    actions.reopen_case(reason="She came back.", key=next(keys), **told)
    actions.close_case(**ended | {"reason": "withdrawn"}, key=next(keys), **told)

    late = client.post(url("case_reopen", own), hers)

    own.refresh_from_db()
    assert (late.status_code, own.state) == (409, "closed")
    assert "closed anew meanwhile" in late.content.decode()
    assert late.context["form"]["reason"].value() == "She called again."
    assert len(late.context["happened"]) == 2
    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', late.content.decode()))
    assert client.post(url("case_reopen", own), hers | again).status_code == 302


def test_a_case_that_somebody_else_opened_meanwhile_tells_only_what_happened_since_the_form(
    own, supervisor, second, sign_in, at, keys
):
    told = {"case": own, "by": supervisor, "at": at}
    actions.close_case(reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), **told)
    client = sign_in(second)
    client.post(url("case_reason", own), {"reason": "She called.", "key": "in"})
    hers = opened(client, "case_reopen", own) | {"reason": "She called again."}
    actions.reopen_case(reason="She came back.", key=next(keys), **told)

    late = client.post(url("case_reopen", own), hers)

    assert late.status_code == 409
    assert [str(entry.words) for entry in late.context["happened"]][-1] == "Case opened again"
    assert all(entry.number > int(hers["seen"]) for entry in late.context["happened"])
    text = late.content.decode()
    assert ("She called again." in text, "Case closed" in text) == (True, False)


def test_what_happened_to_a_case_is_told_in_the_time_of_its_country_also_where_the_act_is_refused(
    own, supervisor, second, liberia, sign_in, at, keys
):
    type(liberia).objects.filter(pk=liberia.pk).update(time_zone="Asia/Dhaka")
    told = {"case": own, "by": supervisor, "at": at}
    actions.close_case(reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), **told)
    client = sign_in(second)
    client.post(url("case_reason", own), {"reason": "She called.", "key": "in"})
    hers = opened(client, "case_reopen", own) | {"reason": "She called again."}
    actions.reopen_case(reason="She came back.", key=next(keys), **told)

    late = client.post(url("case_reopen", own), hers)

    there = at.astimezone(ZoneInfo("Asia/Dhaka"))
    assert f"{there:%H:%M}" in late.content.decode()
