"""A supervisor in a call: shown to its operator before anything rings, let in with the caller's yes or by a call for help."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions, tasks
from hotline.models import Line, OperatorState, ThirdCall
from hotline.queries.bar import bar_of
from hotline.queries.lines import memory
from tests.hotline.telephones import REAL, verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    conversation_with_an_operator,
    orders,
    plain,
    taken_on_stage,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def stage(line, operator, at):
    """A call that the operator has in hand, on the practice network."""
    return taken_on_stage(operator, at)


def state(user):
    return OperatorState.objects.get(user=user).state


def coached(stage):
    """Return whom the supervisor's telephone is heard by alone: the operator's call, or "" for everybody."""
    (call,) = [one for room in stage.network.rooms.values() for label, one in room.members.items() if label == "sup-1"]
    return call.coaches


def test_help_brings_a_supervisor_who_coaches_then_is_heard_by_all_and_leaves(stage, operator, supervisor):
    contact = stage.contact
    actions.ask_help(contact=contact, by=operator, at=stage.at)
    third = actions.offer_join(contact=contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    stage.wait(5)
    assert (ThirdCall.objects.get().state, contact.legs.filter(role="supervisor").count()) == ("asked", 0)

    actions.note_shown(contact=contact, by=operator, at=stage.at)
    stage.wait(6)
    third.refresh_from_db()
    assert (third.state, stage.contact.state, state(supervisor)) == ("joined", "consult", "on_call")
    own = contact.legs.get(role="operator").call_sid
    heard = [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind == "say"]
    assert (coached(stage), heard[-1]) == (own, "A person is joining you now.")

    actions.set_join_mode(contact=contact, mode="open", by=supervisor, at=stage.at)
    bar = bar_of(stage.contact, user=operator, is_mine=True, at=stage.at)
    assert (bar.supervising.coaches, coached(stage)) == (False, own)  # her screen says it before it is so
    stage.wait(4)
    assert coached(stage) == ""

    actions.leave_supervised(contact=contact, by=supervisor, at=stage.at)
    stage.wait(3)
    third.refresh_from_db()
    assert (third.state, stage.contact.state, state(supervisor)) == ("over", "connected", "off")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"hotline.help_asked", "hotline.join_asked", "hotline.join_mode"} <= verbs


@pytest.mark.parametrize("answers", [True, False])
def test_a_call_for_help_that_nobody_answers_in_thirty_seconds_rings_the_duty_phone(stage, operator, answers):
    if answers:
        Line.objects.update(duty_phone="+231770009991")  # numbers that end in 9 do not answer
    contact = stage.contact
    actions.ask_help(contact=contact, by=operator, at=stage.at)
    stage.wait(29)
    stage.wait(0.5)
    assert not contact.legs.filter(role="supervisor").exists()

    for seconds in (2, 10, 30):
        stage.wait(seconds)
    third = ThirdCall.objects.get()
    assert (third.state, third.person, stage.contact.state) == (
        ("joined", None, "consult") if answers else ("nobody", None, "connected")
    )
    if answers:
        assert coached(stage) == contact.legs.get(role="operator").call_sid


def test_a_supervisor_who_does_not_pick_up_gives_way_to_the_duty_phone(stage, operator, supervisor):
    contact = stage.contact
    actions.ask_help(contact=contact, by=operator, at=stage.at)
    actions.offer_join(contact=contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    actions.note_shown(contact=contact, by=operator, at=stage.at)
    leg = contact.legs.get(role="supervisor")
    stage.wait(0.5)
    stage.network.hang_up(contact.legs.get(pk=leg.pk).call_sid)
    stage.wait(1)

    third = ThirdCall.objects.get()
    assert (third.state, third.leg.user, third.leg.label, state(supervisor)) == ("ringing", None, "sup-2", "off")


def test_nobody_comes_in_without_the_operators_yes(stage, operator, supervisor, person, liberia):
    contact = stage.contact
    third = actions.offer_join(contact=contact, mode="coach", reason="quality", by=supervisor, at=stage.at)
    actions.note_shown(contact=contact, by=operator, at=stage.at)  # of a call for help alone
    stage.wait(3)
    assert not contact.legs.filter(role="supervisor").exists()
    other = person("supervisor", country=liberia, name="Other")
    with pytest.raises(actions.AnotherIsThere):
        actions.offer_join(contact=contact, mode="open", reason="new", by=other, at=stage.at)
    with pytest.raises(actions.NotReady):
        actions.offer_join(contact=contact, mode="open", reason="new", by=operator, at=stage.at)

    actions.keep_out(contact=contact, by=operator, at=stage.at)
    third.refresh_from_db()
    assert (third.state, state(supervisor)) == ("stopped", "off")

    actions.offer_join(contact=contact, mode="open", reason="new", by=supervisor, at=stage.at)
    stage.wait(61)
    assert (ThirdCall.objects.last().state, state(supervisor)) == ("nobody", "off")


def test_when_the_call_is_over_whoever_was_to_come_is_free_again(stage, operator, supervisor):
    contact = stage.contact
    actions.offer_join(contact=contact, mode="open", reason="new", by=supervisor, at=stage.at)
    stage.network.hang_up(stage.call.sid)
    stage.wait(3)

    assert (ThirdCall.objects.get().state, state(supervisor)) == ("stopped", "off")


def test_board_and_consoles_show_who_asks_and_who_comes(desk, supervisor, talk, operator, clock, now):
    board = browser_of(supervisor)

    def press(act):
        return plain(desk.post(reverse("hotline:control", args=[talk.public_id, act]), headers=HTMX))

    page = plain(board.get(reverse("hotline:board")))
    assert f'href="{reverse("hotline:supervise", args=[talk.public_id])}"' in page
    assert "Ask a supervisor for help <kbd>G</kbd>" in plain(desk.get(reverse("hotline:console")))
    assert "You asked for help: supervisors with the board or the console open see it." in press("help")
    for where in ("hotline:board", "hotline:console"):
        assert "asks for help in a call." in plain(board.get(reverse(where)))

    board.post(reverse("hotline:supervise_act", args=[talk.public_id, "help"]))
    assert "is asked whether you may come into the call." in plain(board.get(reverse("hotline:board")))
    shown = plain(desk.get(reverse("hotline:console")))
    assert "comes to help you." in shown
    assert "Hears the call; only you hear what is said to you." in shown
    tasks.run_commands(clock.now)
    assert (ThirdCall.objects.get().state, orders("dial")[-1]["to"][:7]) == ("ringing", "client:")


def test_a_supervisor_comes_in_by_the_page_with_a_reason_that_the_operator_reads(
    desk, supervisor, person, haiti, talk, clock, now
):
    board, address = browser_of(supervisor), reverse("hotline:supervise", args=[talk.public_id])
    assert board.post(address, {"mode": "open", "reason": ""}).status_code == 200
    assert not ThirdCall.objects.exists()

    board.post(address, {"mode": "open", "reason": "wish"})
    page = plain(desk.get(reverse("hotline:console")))
    assert "asks to come into the call." in page
    assert "Why: The caller asked for a supervisor." in page
    assert ('id="act-let-in" data-key="j"' in page, 'id="act-keep-out" data-key="v"' in page) == (True, True)
    desk.post(reverse("hotline:control", args=[talk.public_id, "let_in"]))
    assert ThirdCall.objects.get().state == "ringing"

    assert desk.get(address).status_code == 404
    assert browser_of(person("supervisor", country=haiti)).get(address).status_code == 404


def test_who_has_no_telephone_that_can_ring_is_told_at_once_and_keeps_nobody_else_away(
    desk, supervisor, person, liberia, talk, operator, clock, now
):
    Line.objects.update(account=REAL, is_practice=False)
    memory()
    actions.ask_help(contact=talk, by=operator, at=clock.now)
    board = browser_of(supervisor)
    help_given = reverse("hotline:supervise_act", args=[talk.public_id, "help"])
    page = board.get(reverse("hotline:board"))
    assert "No call of this line can reach you: you have no verified telephone." in plain(page)
    assert f'action="{help_given}"' not in page.content.decode()
    sent = board.post(help_given, follow=True)
    assert "No call of this line can reach you: you have no verified telephone." in plain(sent)
    assert sent.redirect_chain[-1][0] == reverse("hotline:telephone")
    assert ThirdCall.objects.get().person is None

    other = person("supervisor", country=liberia, name="Other")
    actions.operator_state(other, at=clock.now)
    verify(other, clock.now)
    page = browser_of(other).get(reverse("hotline:board"))
    assert "Your telephone rings. You hear the call; only the operator hears you." in plain(page)
    assert f'action="{help_given}"' in page.content.decode()
    browser_of(other).post(help_given)
    assert ThirdCall.objects.get().person == other


def test_a_caller_who_is_on_hold_for_three_minutes_is_told_to_operator_and_board(
    desk, supervisor, network, talk, clock, now
):
    network.room("participant-hold", 21, talk, network.sid, "caller", said="Wed, 25 Nov 2026 10:00:00 +0000")
    words, live = "on hold for three minutes", reverse("hotline:console_live")
    page = plain(desk.get(reverse("hotline:console")))
    mark = page.partition('id="live-mark" name="seen" value="')[2].partition('"')[0]
    assert (words in page, desk.get(live, {"seen": mark}).status_code) == (False, 204)

    clock.move(seconds=185)
    assert words in plain(desk.get(live, {"seen": mark}))
    assert "longer than three minutes" in plain(browser_of(supervisor).get(reverse("hotline:board")))


def test_who_came_into_a_call_reads_that_the_caller_has_left(stage, operator, supervisor):
    contact = stage.contact
    actions.ask_help(contact=contact, by=operator, at=stage.at)
    actions.offer_join(contact=contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    actions.note_shown(contact=contact, by=operator, at=stage.at)
    stage.wait(6)
    board = browser_of(supervisor)
    before = plain(board.get(reverse("hotline:board")))
    assert ("nobody else hears you" in before, "The caller has left." in before) == (True, False)

    stage.network.hang_up(stage.call.sid)
    stage.wait(1)

    assert ThirdCall.objects.get().state == "joined"
    for where in ("hotline:board", "hotline:console"):
        assert "The caller has left." in plain(board.get(reverse(where)))
