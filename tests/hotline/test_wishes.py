"""Who waits may ask for a woman or a man: heard, noted, shown, first in the order of whom it means; nobody is refused."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline import ivr
from hotline.ivr.faults import heard_in
from hotline.ivr.plan import Plan
from hotline.models import Contact, OperatorState
from hotline.queries.waiting import queue_of, wish_of
from tests.hotline.console import waiting
from tests.hotline.test_flows import publish


def line_of(**plan):
    return ivr.Line(
        languages=(("1", "en"), ("2", "fr")), is_open=True, target=lambda _language: "speaker", plan=Plan(**plan)
    )


def heard(turn):
    return [
        say.prompt
        for part in turn.heard
        for say in (part.says if isinstance(part, ivr.Gather) else (part,))
        if isinstance(say, ivr.Say)
    ]


@pytest.mark.either
def test_the_menu_offers_it_where_the_line_says_so_and_never_by_a_key_that_means_danger():
    call = ivr.Call(step="choices", language="en", digits="6")
    told = ivr.advance("choices", call, line_of(asks_wish=True))
    assert (told.step, told.flags, heard(told)[0]) == ("waiting", ("wants_woman",), "wish_noted")
    menu = heard(ivr.advance("choices", ivr.Call(step="choices", language="en", digits="0"), line_of(asks_wish=True)))
    assert menu == ["choices", "wish_woman", "wish_man"]

    usual = ivr.advance("choices", call, line_of())
    assert (usual.flags, "wish_noted" in heard(usual)) == ((), False)
    other = line_of(asks_wish=True, danger_key="6")
    assert "wish_woman" not in heard(
        ivr.advance("choices", ivr.Call(step="choices", language="en", digits="0"), other)
    )
    assert "wants_woman" not in ivr.advance("choices", call, other).flags
    plan = Plan(languages=(("1", "en"), ("2", "fr")), asks_wish=True)
    assert {"wish_woman", "wish_man", "wish_noted"} <= heard_in(plan)


@pytest.mark.django_db
def test_whom_it_means_sees_her_first_and_everybody_may_take_her(line, desk, operator, at, monkeypatch):
    monkeypatch.setattr("hotline.views.console.timezone.now", lambda: at + dt.timedelta(seconds=5))
    first, second = (waiting(line, at + dt.timedelta(seconds=one)) for one in (0, 1))
    Contact.objects.filter(pk=first.pk).update(flags="wants_woman")
    state = OperatorState.objects.get(user=operator)
    order = lambda: [row.contact for row in queue_of(operator, [line], at, state=state).rows]  # noqa: E731
    assert order() == [first, second]

    desk.post(reverse("hotline:answers_as"), {"answers_as": "man"})
    state.refresh_from_db()
    assert (state.answers_as, order()) == ("man", [second, first])
    page = desk.get(reverse("hotline:console")).content.decode()
    assert "Asked for a woman to answer" in page
    assert f'id="take-{first.code}"' in page
    assert (
        "Asked for a woman to answer" in desk.get(reverse("hotline:contact", args=[first.public_id])).content.decode()
    )
    desk.post(reverse("hotline:answers_as"), {"answers_as": "woman"})
    state.refresh_from_db()
    assert order() == [first, second]
    Contact.objects.filter(pk=first.pk).update(flags="wants_woman wants_man")
    assert not queue_of(operator, [line], at, state=state).rows[0].wish


@pytest.mark.django_db
def test_who_corrects_a_wish_is_known_by_the_last_one(network, line, operator, person, at):
    publish(line, person("manager", country=line.country), at, asks_wish=True)
    network.call()
    network.step("language", 1, Digits="1")
    for key, wish in (("7", "man"), ("6", "woman")):
        network.step("left", network.contact.turn, DialCallStatus="completed")
        network.step("choices", network.contact.turn, Digits=key)
        assert wish_of(network.contact) == wish
