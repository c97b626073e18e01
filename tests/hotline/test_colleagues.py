"""A call handed from one operator to another: asked, taken over by a yes, introduced; nothing is lost at any step."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline import actions, tasks
from hotline.actions import taking_over
from hotline.models import Command, Contact, Leg, Line, OperatorState, ThirdCall
from hotline.queries.bar import bar_of
from hotline.queries.colleagues import part_of
from hotline.rules import is_talking
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.console import waiting
from tests.hotline.silence import last_heard
from tests.hotline.telephones import REAL, verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    conversation_with_an_operator,
    leave_to,
    members,
    newest,
    picks_up,
    plain,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(stage, operator, second):
    """The colleague said yes and is in the room."""
    third = actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(6)
    third.refresh_from_db()
    assert (third.state, stage.contact.state) == ("joined", "consult")
    return third


def supervisor_state(user, at):
    """Return somebody who has a place on the line, for a telephone of her own."""
    actions.operator_state(user, at=at)
    return user


def doing(*users):
    return [OperatorState.objects.get(user=user).state for user in users]


def test_a_call_that_was_handed_over_is_handed_back_and_on_again(stage, operator, second):
    for holder, colleague in ((operator, second), (second, operator), (operator, second)):
        leave_to(stage, colleague, by=holder)
        stage.wait(4)
        assert (stage.contact.state, stage.contact.claimed_by) == ("connected", colleague)
        assert doing(holder, colleague) == ["ready", "on_call"]
        assert not part_of(colleague, stage.at).has_left  # she has it, whatever she left before

    assert members(stage) == {"caller", "col-3"}


def test_who_left_a_call_and_is_asked_back_into_it_reads_that_she_is_there(stage, operator, second):
    leave_to(stage, second, by=operator)
    stage.wait(4)
    assert bar_of(stage.contact, user=operator, is_mine=False, at=stage.at).has_left

    actions.ask_colleague(contact=stage.contact, person=operator, by=second, at=stage.at)
    actions.take_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)

    assert members(stage) == {"caller", "col-1", "col-2"}
    assert not bar_of(stage.contact, user=operator, is_mine=False, at=stage.at).has_left


@pytest.mark.parametrize("has", ["this", "another"])
def test_who_was_let_go_and_has_a_call_since_is_not_told_that_she_left(stage, operator, second, line, has):
    for _time in range(2):
        actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
        actions.take_over(contact=stage.contact, by=second, at=stage.at)
        stage.wait(6)
        actions.release_third(contact=stage.contact, role="colleague", by=operator, at=stage.at)
        stage.wait(4)
    assert part_of(second, stage.at).has_left

    if has == "this":
        leave_to(stage, second, by=operator)
        stage.wait(4)
        assert stage.contact.claimed_by == second
    else:
        other = waiting(line, stage.at)
        other.legs.create(role="caller", account=line.account, label="caller", made_at=stage.at)
        actions.take_call(contact=other, by=second, at=stage.at)
    assert not part_of(second, stage.at).has_left


def test_the_call_and_its_sheet_become_the_colleagues_and_the_caller_stays_in_the_room(stage, there, operator, second):
    assert (is_talking(operator, stage.contact), is_talking(second, stage.contact)) == (True, False)
    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(4)

    contact = stage.contact
    assert (contact.state, contact.claimed_by, contact.end_asked_at, contact.is_missed) == (
        "connected",
        second,
        None,
        False,
    )
    assert (doing(operator, second), members(stage)) == (["ready", "on_call"], {"caller", "col-1"})
    assert (is_talking(operator, contact), is_talking(second, contact)) == (False, True)

    actions.end_call(contact=contact, by=second, at=stage.at)
    stage.wait(5)
    heard = [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind == "say"]
    assert ("Goodbye" in heard[-1], stage.contact.outcome, doing(second)) == (True, "answered", ["wrap_up"])


def test_who_ends_a_call_that_she_was_about_to_hand_over_ends_it(stage, there, operator, second):
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    actions.end_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(8)

    heard = [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind == "say"]
    contact = stage.contact
    assert ("Goodbye" in heard[-1], contact.state, contact.outcome, contact.claimed_by) == (
        True, "wrap_up", "answered", operator,
    )  # fmt: skip
    assert doing(operator, second) == ["wrap_up", "ready"]


def test_who_hands_a_call_over_and_heard_more_than_her_share_has_a_break(stage, there, operator, second):
    mine = stage.contact.legs.get(role="operator")
    Contact.objects.filter(pk=stage.contact.pk).update(is_practice=False, is_danger=True)
    earlier = waiting(stage.contact.line, stage.at, is_danger=True, ended_at=stage.at)
    Contact.objects.filter(pk=earlier.pk).update(is_practice=False, state="done")
    Leg.objects.create(
        contact=earlier, role="operator", user=operator, account="AC", made_at=stage.at, joined_at=mine.joined_at,
        left_at=stage.at,
    )  # fmt: skip
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)

    assert doing(operator, second) == ["debrief", "on_call"]
    with pytest.raises(actions.BreakOwed):
        actions.set_presence(user=operator, state="ready", by=operator, at=stage.at)


def test_who_coaches_the_operator_coaches_her_who_has_the_call_next(stage, there, operator, supervisor):
    actions.ask_help(contact=stage.contact, by=operator, at=stage.at)
    actions.offer_join(contact=stage.contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    actions.note_shown(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(4)

    (room,) = [room.members for room in stage.network.rooms.values() if "sup-1" in room.members]
    assert (sorted(room), room["sup-1"].coaches) == (["caller", "col-1", "sup-1"], there.leg.call_sid)


def test_who_turns_to_coaching_in_the_moment_of_handing_over_is_heard_by_her_who_has_the_call_then(
    stage, there, operator, supervisor
):
    actions.ask_help(contact=stage.contact, by=operator, at=stage.at)
    actions.offer_join(contact=stage.contact, mode="open", reason="help", by=supervisor, at=stage.at)
    actions.note_shown(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    actions.set_join_mode(contact=stage.contact, mode="coach", by=supervisor, at=stage.at)
    stage.wait(1)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)

    (room,) = [room.members for room in stage.network.rooms.values() if "sup-1" in room.members]
    assert room["sup-1"].coaches == there.leg.call_sid


def test_who_pressed_her_key_before_the_call_was_handed_over_is_heard_by_her_who_has_it_when_she_comes(
    network, talk, operator, second, supervisor, clock
):
    verify(supervisor_state(supervisor, clock.now), clock.now)
    helped = actions.ask_help(contact=talk, by=operator, at=clock.now)
    actions.offer_join(contact=talk, mode="coach", reason="help", by=supervisor, at=clock.now)
    actions.note_shown(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    leg = newest(helped)
    picks_up(network, leg, "supervisor")
    told = picks_up(network, leg, "supervisor-key", Digits="1")
    assert told.document.find(".//Conference").get("coach") == OPERATOR_SID

    hers = Leg.objects.create(
        contact=talk, role="colleague", user=second, account=leg.account, label="col-1", made_at=clock.now,
        joined_at=clock.now, call_sid="CA" + "2" * 32, status="in-progress",
    )  # fmt: skip
    third = ThirdCall.objects.create(
        contact=talk, role="colleague", state="joined", person=second, leg=hers, asked_by=operator, asked_at=clock.now
    )
    taking_over.promote(third, Contact.objects.get(pk=talk.pk), at=clock.now)
    leg.refresh_from_db()
    network.room("participant-join", 9, talk, leg.call_sid, leg.label)

    order = Command.objects.get(kind="coach")
    assert (order.leg, order.arguments["coached"]) == (leg, hers.call_sid)


def test_who_coaches_and_comes_into_the_call_as_it_was_needs_no_order(network, talk, operator, supervisor, clock):
    verify(supervisor_state(supervisor, clock.now), clock.now)
    helped = actions.ask_help(contact=talk, by=operator, at=clock.now)
    actions.offer_join(contact=talk, mode="coach", reason="help", by=supervisor, at=clock.now)
    actions.note_shown(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    leg = newest(helped)
    picks_up(network, leg, "supervisor")
    picks_up(network, leg, "supervisor-key", Digits="1")
    leg.refresh_from_db()
    network.room("participant-join", 9, talk, leg.call_sid, leg.label)

    helped.refresh_from_db()
    assert (helped.state, Command.objects.filter(kind="coach").exists()) == ("joined", False)


@pytest.mark.parametrize("how", ["refused", "unanswered", "not picked up"])
def test_who_does_not_take_it_over_leaves_it_where_it_was(stage, operator, second, how):
    third = actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    if how == "refused":
        actions.not_now(contact=stage.contact, by=second, at=stage.at)
    elif how == "unanswered":
        stage.wait(61)
    else:
        actions.take_over(contact=stage.contact, by=second, at=stage.at)
        stage.wait(0.5)
        stage.network.hang_up(stage.contact.legs.get(role="colleague").call_sid)
        stage.wait(2)

    third.refresh_from_db()
    assert third.state == "nobody"
    assert "did not come. The call is yours." in plain(browser_of(operator).get(reverse("hotline:console")))
    assert (stage.contact.state, stage.contact.claimed_by, doing(operator, second)) == (
        "connected", operator, ["on_call", "ready"],
    )  # fmt: skip


def test_a_colleague_in_the_room_is_promised_no_call_whose_caller_has_left(stage, there, second):
    page, promise = reverse("hotline:console"), "It is yours as soon as"
    assert promise in plain(browser_of(second).get(page))

    stage.network.hang_up(stage.call.sid)
    stage.wait(2)

    shown = plain(browser_of(second).get(page))
    assert ("The caller has left." in shown, promise in shown) == (True, False)


@pytest.mark.parametrize("is_handed", [True, False])
def test_a_lost_operator_leaves_the_caller_with_the_colleague_or_at_the_head_of_the_queue(
    stage, there, operator, second, is_handed
):
    if is_handed:
        actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
        stage.wait(2)
    stage.drop()
    stage.wait(4)

    contact = stage.contact
    assert (contact.state, contact.claimed_by, doing(operator, second)) == (
        ("connected", second, ["ready", "on_call"]) if is_handed else ("returned", None, ["ready", "ready"])
    )


def test_a_colleague_is_asked_by_the_page_and_says_yes_or_no_in_her_console(desk, talk, second, now):
    page, hers = reverse("hotline:hand_to", args=[talk.public_id]), browser_of(second)
    assert f'data-key="t" href="{page}"' in plain(desk.get(reverse("hotline:console")))
    assert "Second, Liberia (" in desk.get(page).content.decode()

    desk.post(page, {"person": str(second.public_id)})
    assert "Asked to take the call over: Second" in plain(desk.get(reverse("hotline:console")))
    asked = plain(hers.get(reverse("hotline:console")))
    assert "asks you to take a call over." in asked
    assert ('data-key="j" data-ask=' in asked, 'id="act-not-now" data-key="v"' in asked) == (True, True)

    hers.post(reverse("hotline:control", args=[talk.public_id, "take_over"]))
    assert ThirdCall.objects.get().state == "ringing"
    assert "Your telephone rings: press 1, or enter your PIN, to join the call." in plain(
        hers.get(reverse("hotline:console"))
    )


@pytest.mark.parametrize("is_danger", [True, False])
def test_who_is_asked_to_take_a_call_over_is_told_that_its_caller_is_in_danger(
    talk, operator, second, clock, now, is_danger
):
    Contact.objects.filter(pk=talk.pk).update(is_danger=is_danger)
    actions.ask_colleague(contact=talk, person=second, by=operator, at=clock.now)

    asked = BeautifulSoup(browser_of(second).get(reverse("hotline:console")).content, "html.parser").find(id="my-part")

    assert "asks you to take a call over." in asked.text
    assert ("Danger" in asked.text) is is_danger


def test_who_is_not_asked_or_not_ready_cannot_take_it_over(talk, operator, second, person, liberia, clock):
    stranger = person("operator", country=liberia)
    with pytest.raises(actions.NobodyToRing):
        actions.ask_colleague(contact=talk, person=stranger, by=operator, at=clock.now)
    actions.ask_colleague(contact=talk, person=second, by=operator, at=clock.now)
    with pytest.raises(actions.NotInRoom):
        actions.take_over(contact=talk, by=stranger, at=clock.now)
    actions.set_presence(user=second, state="break", by=second, at=clock.now)
    with pytest.raises(actions.NotReady):
        actions.take_over(contact=talk, by=second, at=clock.now)
    assert OperatorState.objects.get(user=second).state == "break"


def test_what_cannot_be_done_is_refused_in_the_words_of_the_act(desk, network, operator, second, clock, now):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")
    page, hers = reverse("hotline:hand_to", args=[contact.public_id]), browser_of(second)
    early = plain(desk.post(page, {"person": str(second.public_id)}, follow=True))
    assert ("The caller is not in the room yet." in early, "no longer in this call" in early) == (True, False)

    network.room("participant-join", 2, contact, network.sid, "caller")
    desk.post(page, {"person": str(second.public_id)})
    actions.release_third(contact=contact, role="colleague", by=operator, at=clock.now)
    for act in ("take_over", "not_now"):
        pressed = hers.post(reverse("hotline:control", args=[contact.public_id, act]), headers={"HX-Request": "true"})
        assert "This is not asked any more." in plain(pressed)

    last_heard(clock.now - dt.timedelta(seconds=31))
    pressed = desk.post(reverse("hotline:control", args=[contact.public_id, "help"]), headers={"HX-Request": "true"})
    assert "Nobody can be rung now: call your supervisor yourself" in plain(pressed)
    assert not ThirdCall.objects.filter(role="supervisor").exists()


def test_who_works_in_the_browser_alone_is_not_offered_and_the_page_says_why(
    desk, network, operator, second, clock, now
):
    contact = network.taken(operator, clock.now)
    page = reverse("hotline:hand_to", args=[contact.public_id])
    assert str(second.public_id) in plain(desk.get(page))
    Line.objects.update(account=REAL, is_practice=False)
    OperatorState.objects.filter(user=second).update(in_browser=True)

    shown = plain(desk.get(page))
    assert (str(second.public_id) in shown, "Nobody can be rung now: call your supervisor" in shown) == (False, True)


def test_the_choice_of_a_colleague_renews_itself_once_somebody_can_be_rung(
    desk, network, operator, second, clock, now
):
    contact = network.taken(operator, clock.now)
    live = reverse("hotline:hand_to_live", args=[contact.public_id])
    OperatorState.objects.filter(user=second).update(state="off")
    page = BeautifulSoup(desk.get(reverse("hotline:hand_to", args=[contact.public_id])).content, "html.parser")
    mark = page.find(id="hand-to-mark")["value"]

    assert page.find(id="hand-to-ask")["hx-get"] == live
    assert desk.get(live, {"seen": mark}).status_code == 204
    OperatorState.objects.filter(user=second).update(state="ready")
    renewed = BeautifulSoup(desk.get(live, {"seen": mark, "person": str(second.public_id)}).content, "html.parser")
    assert "Nobody can be rung now" not in renewed.text
    assert renewed.find("form")["action"] == reverse("hotline:hand_to", args=[contact.public_id])
    chosen = renewed.find("input", attrs={"name": "person", "value": str(second.public_id)})
    assert chosen.has_attr("checked")
    assert desk.get(live, {"seen": renewed.find(id="hand-to-mark")["value"]}).status_code == 204
    assert desk.post(live).status_code == 405


def test_the_only_colleague_is_chosen_and_who_comes_in_her_place_is_not(
    desk, network, operator, second, supervisor, clock, now
):
    contact = network.taken(operator, clock.now)
    address = reverse("hotline:hand_to", args=[contact.public_id])
    page = BeautifulSoup(desk.get(address).content, "html.parser")
    assert [box["value"] for box in page.select("input[checked]")] == [str(second.public_id)]

    OperatorState.objects.filter(user=second).update(state="off")
    actions.set_presence(user=supervisor, state="ready", by=supervisor, at=clock.now)
    asked = {"seen": page.find(id="hand-to-mark")["value"], "person": str(second.public_id)}
    live = desk.get(reverse("hotline:hand_to_live", args=[contact.public_id]), asked)
    renewed = BeautifulSoup(live.content, "html.parser")
    assert (len(renewed.select("input[type=radio]")), renewed.select("input[checked]")) == (1, [])

    refused = BeautifulSoup(desk.post(address).content, "html.parser")
    assert refused.select(".field.has-error .error-text")
    assert not refused.select("input[required]")


def test_of_two_colleagues_none_is_chosen(desk, network, operator, second, supervisor, clock, now):
    contact = network.taken(operator, clock.now)
    actions.set_presence(user=supervisor, state="ready", by=supervisor, at=clock.now)

    page = BeautifulSoup(desk.get(reverse("hotline:hand_to", args=[contact.public_id])).content, "html.parser")

    assert (len(page.select("input[type=radio]")), page.select("input[checked]")) == (2, [])


def test_who_is_gone_from_the_choice_is_named_and_each_keeps_an_id_of_her_own(
    desk, network, person, operator, second, supervisor, haiti, clock, now
):
    contact = network.taken(operator, clock.now)
    live = reverse("hotline:hand_to_live", args=[contact.public_id])
    actions.set_presence(user=supervisor, state="ready", by=supervisor, at=clock.now)
    elsewhere = person("operator", country=haiti)
    actions.operator_state(elsewhere, at=clock.now)
    page = BeautifulSoup(desk.get(reverse("hotline:hand_to", args=[contact.public_id])).content, "html.parser")
    boxes = page.select("input[type=radio]")
    assert {box["id"] for box in boxes} == {f"person-{one.public_id}" for one in (second, supervisor)}
    assert {label["for"] for label in page.select("label.choice")} == {box["id"] for box in boxes}
    assert (page.find(id="hand-to-gone")["role"], page.find(id="hand-to-gone").text) == ("status", "")

    OperatorState.objects.filter(user=second).update(state="off")
    seen = f"{page.find(id='hand-to-mark')['value']} {elsewhere.public_id} {operator.public_id} nobody"
    asked = {"seen": seen, "person": str(second.public_id)}
    renewed = BeautifulSoup(desk.get(live, asked).content, "html.parser")
    assert [box["id"] for box in renewed.select("input[type=radio]")] == [f"person-{supervisor.public_id}"]
    assert renewed.select("input[checked]") == []
    told = renewed.find(id="hand-to-gone")
    assert (told["hx-swap-oob"], [one.text for one in told.select("p bdi")]) == ("innerHTML", [second.get_full_name()])
    assert told.get_text(" ", strip=True) == f"{second.get_full_name()} cannot be asked now."

    OperatorState.objects.filter(user=second).update(state="ready")
    again = BeautifulSoup(desk.get(live, {"seen": renewed.find(id="hand-to-mark")["value"]}).content, "html.parser")
    assert (len(again.select("input[type=radio]")), again.find(id="hand-to-gone").text) == (2, "")


def test_who_was_chosen_and_is_gone_when_the_button_is_pressed_is_refused_in_words(
    desk, network, operator, second, supervisor, clock, now
):
    contact = network.taken(operator, clock.now)
    actions.set_presence(user=supervisor, state="ready", by=supervisor, at=clock.now)
    OperatorState.objects.filter(user=second).update(state="off")

    page = plain(desk.post(reverse("hotline:hand_to", args=[contact.public_id]), {"person": str(second.public_id)}))
    assert "This colleague cannot be asked now. Choose somebody else." in page
    assert str(second.public_id) not in page
    assert not ThirdCall.objects.exists()
