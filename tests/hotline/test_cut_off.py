"""A call that was cut while the person was in danger: no sheet closes before somebody goes on, or says why nobody does."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import Letter
from hotline import actions
from hotline.actions import follow_up
from hotline.actions.ways_on import NothingChosen
from hotline.models import Contact, OperatorState
from hotline.queries.ways_on import ways_on
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.console import give
from tests.hotline.logged import contacts_that_are_over  # noqa: F401 -- fixture

pytestmark = pytest.mark.django_db
ASKS = "What happens now?"


def talk(network, operator, clock):
    """Let the operator take the call, and speak for twenty seconds."""
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, contact.legs.get(role="operator").label)
    clock.move(seconds=20)
    return network.contact


@pytest.fixture
def cut(network, operator, clock):
    """A call of somebody in danger whose line was cut in the conversation."""
    contact = talk(network, operator, clock)
    Contact.objects.filter(pk=contact.pk).update(is_danger=True)
    network.status("completed", "9")
    return network.contact


def wrap_up(desk, contact, **sent):
    """Close the sheet from the console; return the page that follows and the contact."""
    answer = desk.post(reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "crisis"} | sent, follow=True)
    contact.refresh_from_db()
    return answer.content.decode(), contact


def parsed(answer):
    return BeautifulSoup(answer.content, "html.parser")


def missed(desk):
    return desk.get(reverse("hotline:missed")).content.decode()


def test_a_case_is_a_way_on_though_nobody_can_be_asked_any_more(desk, cut, seed):
    """Fifteen, hurt and not safe: link and key lead to the basis without consent, then to the page that asks for a reason."""
    for version, (question, answer) in enumerate({"age": "15", "sign_violence": "yes", "safe_now": "no"}.items()):
        give(desk, cut, question, answer, version=version)
    door = reverse("hotline:open_case", args=[cut.public_id])
    page = parsed(desk.get(reverse("hotline:console")))
    link, key = page.find(id=f"case-from-{cut.code}"), page.find(id="open-case")

    led = desk.get(door, follow=True)
    basis = parsed(led).find(id="answer-1")
    there = parsed(desk.get(key["hx-get"], headers={"HX-Request": "true"})).find(id="answer-1")
    give(desk, cut, "basis", "child", version=3)
    then = parsed(desk.get(reverse("hotline:console"))).find(id="open-case")
    asked = desk.post(door, follow=True).content.decode()

    assert (link["href"], key["href"], key["data-key"], key.name) == (door, door, "c", "a")
    assert page.find(id=key["aria-describedby"]).text == "Needs an answer on consent first, or a written basis."
    assert led.redirect_chain[-1][0].endswith(f"?contact={cut.public_id}&q=basis&at=answer")
    for first in (basis, there):
        assert first.has_attr("autofocus")
        assert first.find_parent(role="group")["aria-label"] == "Basis without consent"
    assert len(parsed(led).select("main [autofocus]:not(dialog *)")) == 1
    assert (then.name, then.has_attr("disabled"), then.has_attr("data-ask")) == ("button", False, False)
    assert "The person did not say yes to being written down. Open a case all the same?" in asked


def test_the_sheet_does_not_close_before_it_is_said_what_happens_now(desk, cut, operator):
    asked = desk.get(reverse("hotline:console")).content.decode()
    page, contact = wrap_up(desk, cut)

    assert ASKS in asked
    assert re.search(r'value="supervisor"[^>]* autofocus', asked)
    assert "The call was cut in danger. Choose what happens now, then what it was about." in page
    assert (contact.state, contact.topic) == ("wrap_up", "")
    assert OperatorState.objects.get(user=operator).state == "wrap_up"


def test_what_is_handed_on_stands_in_the_list_within_the_hour_and_supervisors_are_told(desk, cut, supervisor, clock):
    before = missed(desk)
    page, contact = wrap_up(desk, cut, after="supervisor")

    assert cut.code not in before
    assert (contact.state, contact.is_missed, contact.closed_at, contact.owner) == ("done", True, None, None)
    assert contact.due_at == clock.now + dt.timedelta(hours=1)
    assert ASKS not in page
    assert "The call was cut in danger" in missed(desk)
    assert "A supervisor</td>" in missed(desk)
    letter = Letter.objects.get(key__startswith="handed_on")
    assert letter.receiver.endswith(str(supervisor.public_id))
    assert contact.events.get(kind="cut_in_danger").detail == {"after": "supervisor"}


@pytest.mark.parametrize("after", ["supervisor", "no_danger"])
def test_on_a_practice_call_the_choice_is_practised_and_nobody_has_work_of_it(desk, cut, supervisor, after):
    Contact.objects.filter(pk=cut.pk).update(flags="simulated rehearsed")

    refused, contact = wrap_up(desk, cut)
    assert "Choose what happens now" in refused
    _page, contact = wrap_up(desk, cut, after=after)

    assert (contact.state, contact.is_missed, contact.closed_at, contact.due_at) == ("done", False, None, None)
    assert contact.events.get(kind="cut_in_danger").detail == {"after": after}
    assert cut.code not in missed(desk)
    assert not Letter.objects.filter(key__startswith="handed_on").exists()


def test_the_list_and_the_page_of_a_contact_say_alike_whose_the_follow_up_is(desk, cut, make, operator):
    wrap_up(desk, cut, after="supervisor")
    make(is_missed=True, outcome="abandoned")
    address = reverse("hotline:contact", args=[cut.public_id])
    listed, page = missed(desk), desk.get(address).content.decode()

    for words in ("A supervisor", "Nobody yet"):
        assert (listed.count(f"{words}</td>"), listed.count(f'<option value="">{words}</option>')) == (1, 1), words
    assert '<option value="" selected>A supervisor</option>' in page
    assert "Nobody yet" not in page

    given = {"owner": str(operator.public_id), "seen": ""}
    desk.post(reverse("hotline:give_owner", args=[cut.public_id]), given)

    assert ">A supervisor<" not in missed(desk) + desk.get(address).content.decode()


def test_it_stays_open_until_somebody_closes_it_with_an_outcome(desk, cut, network):
    _page, contact = wrap_up(desk, cut, after="supervisor")
    network.status("completed", "10")
    log = desk.get(reverse("hotline:call_log")).content.decode()

    still_open = contact.code in missed(desk)
    desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), {"closing": "not_reached"}, follow=True)

    assert (still_open, contact.code in missed(desk)) == (True, False)
    after = desk.get(reverse("hotline:call_log")).content.decode()
    assert [page.count("Follow-up open") for page in (log, after)] == [2, 1]  # beside the filter's own


@pytest.mark.parametrize(
    ("may_call", "caller_class", "is_offered"),
    [("yes", "phone", True), ("no", "phone", False), ("not_asked", "phone", False), ("yes", "withheld", False)],
)
def test_calling_back_is_offered_only_where_she_said_that_we_may(desk, cut, at, may_call, caller_class, is_offered):
    Contact.objects.filter(pk=cut.pk).update(
        may_call=may_call, caller_class=caller_class, number_index="", safety_at=at
    )
    page = desk.get(reverse("hotline:console")).content.decode()
    _after, contact = wrap_up(desk, cut, after="call_back")

    assert ('value="call_back"' in page, contact.state == "done") == (is_offered, is_offered)
    bars = ("The safety state does not say that we may call this person.", "There is no number to call.")
    assert any(f'soft">{bar}</p>' in page for bar in bars) is not is_offered


def test_who_calls_back_has_the_follow_up(desk, cut, operator, at):
    Contact.objects.filter(pk=cut.pk).update(may_call="yes", safety_at=at)

    _page, contact = wrap_up(desk, cut, after="call_back")

    assert (contact.owner, contact.is_missed, contact.closed_at) == (operator, True, None)
    assert not Letter.objects.filter(key__startswith="handed_on").exists()


def test_nothing_more_needs_its_reason(desk, cut):
    _refused, waiting = wrap_up(desk, cut, after="not_reached")
    state = waiting.state
    _page, contact = wrap_up(desk, cut, after="no_danger")

    assert (state, contact.state, contact.is_missed) == ("wrap_up", "done", False)
    assert (contact.closing, contact.closed_at is not None) == ("no_danger", True)
    assert contact.code not in missed(desk)
    assert (
        "Found not to be in danger" in desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    )


def test_who_wrote_on_the_sheet_that_she_is_not_safe_is_asked_too(desk, network, operator, clock):
    contact = talk(network, operator, clock)
    give(desk, contact, "safe_now", "no")
    network.status("completed", "9")

    with pytest.raises(NothingChosen):
        follow_up.wrap_up(contact=network.contact, topic="crisis", by=operator, at=clock.now)


def test_nobody_is_asked_after_a_calm_call_and_one_with_a_case(desk, cut, operator, case, at):
    for values in ({"is_danger": False}, {"case": case}):
        Contact.objects.filter(pk=cut.pk).update(**{"is_danger": True, "case": None} | values)
        assert ways_on(Contact.objects.get(pk=cut.pk), at) is None, values

    _page, contact = wrap_up(desk, cut)

    assert (contact.state, contact.is_missed) == ("done", False)


def test_a_second_press_changes_nothing(desk, cut):
    _page, first = wrap_up(desk, cut, after="supervisor")
    due = first.due_at

    _page, contact = wrap_up(desk, cut)

    assert (contact.state, contact.due_at) == ("done", due)
    assert contact.events.filter(kind="cut_in_danger").count() == 1


def test_the_operator_who_ended_the_call_of_somebody_in_danger_is_asked_too(desk, network, operator, clock):
    contact = talk(network, operator, clock)
    Contact.objects.filter(pk=contact.pk).update(is_danger=True)
    actions.end_call(contact=network.contact, by=operator, at=clock.now)
    network.status("completed", "9")

    page, contact = wrap_up(desk, network.contact)
    assert (ASKS in page, contact.state) == (True, "wrap_up")
    assert "The call was cut in danger" not in page
    _page, contact = wrap_up(desk, contact, after="no_danger")

    assert (contact.state, contact.closing) == ("done", "no_danger")
    assert contact.events.get(kind="ways_on").detail == {"after": "no_danger"}
