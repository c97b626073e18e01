"""Practice calls for the staff: written down by the page, played by the network, stopped at once, counted nowhere."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Letter
from hotline import actions, tasks
from hotline.actions.rehearsals import mark_rehearsed
from hotline.ivr.plan import Plan
from hotline.models import Contact, DayFigures, Line, OperatorState, Rehearsal, SimulatorAct, SimulatorPhone
from hotline.queries.alarm import alarm_of
from hotline.queries.console import Due, due
from hotline.queries.log import missed_contacts
from hotline.queries.unfinished import unfinished_contacts
from hotline.rehearsing import MIXED, MOST, SCENARIOS, callers_of, scenarios_of
from tests.hotline.console import waiting
from tests.hotline.practice import post_by_client, practice_network, ticking_clock, work  # noqa: F401 -- fixtures
from tests.hotline.test_flows import publish

pytestmark = pytest.mark.django_db
PLAN = Plan(languages=(("1", "en"), ("2", "fr"), ("3", "ar")))


@pytest.fixture
def trainer(person, liberia):
    """A trainer of the line's country."""
    return person("trainer", country=liberia, name="Trainer, Liberia")


@pytest.fixture
def page(now, trainer, sign_in):
    """The trainer's browser, by the clock of the tests."""
    return sign_in(trainer)


def given(line, **more):
    return {"line": str(line.public_id), "scenario": "asks", "callers": "2"} | more


def passes(practice, ticking, seconds):
    """Let so many seconds pass on the practice network, one by one."""
    for _second in range(seconds):
        ticking.move(1)
        practice.step()


def test_each_scenario_begins_with_a_call_ends_by_itself_and_one_seed_is_one_cast():
    for scenario in (*SCENARIOS, MIXED):
        cast = callers_of(scenario, PLAN, 99, seed=5)
        assert cast == callers_of(scenario, PLAN, 99, seed=5)
        assert len(cast) == MOST
        for caller in cast:
            assert [caller.acts[0].act, caller.acts[-1].act in ("hang_up", "cut")] == ["dial", True]
            assert [done.after for done in caller.acts] == sorted(done.after for done in caller.acts)
        assert {caller.language for caller in cast} == {"en", "fr", "ar"}
    assert {caller.scenario for caller in callers_of(MIXED, PLAN, MOST, seed=5)} > {"danger"}


def test_callers_press_the_keys_of_the_flow_and_do_only_what_it_offers():
    plan = Plan(languages=(("06", "fr"),), danger_key="7", silent_key="8")

    def pressed(scenario):
        caller = callers_of(scenario, plan, 1, seed=5)[0]
        return [(round(done.after - caller.acts[0].after), done.keys) for done in caller.acts if done.act == "press"]

    assert pressed("danger") == [(8, "7")]
    assert pressed("asks") == [(20, "0"), (24, "6")]
    assert pressed("cannot_speak")[:4] == [(8, "8"), (20, "0"), (24, "6"), (32, "1")]
    few = replace(plan, silent_key="", takes_messages=False, calls_back=False)
    assert set(SCENARIOS) - set(scenarios_of(few)) == {"cannot_speak", "message", "call_back"}
    assert {one.scenario for one in callers_of(MIXED, few, MOST, seed=5)} <= set(scenarios_of(few))


def test_what_the_flow_of_the_line_does_not_offer_is_not_offered_and_not_played(page, line, trainer, at):
    other = Line.objects.create(
        country=line.country, name="Other", number="2884", numbers="2884", account=line.account, language_keys="1:en",
        duty_phone="+231770009999", other_number="+231770008888", police_number="911", is_practice=True, is_free=True,
    )  # fmt: skip
    for row in (line, other):
        publish(row, trainer, at, takes_messages=False, calls_back=row == other)
    url = reverse("hotline:rehearsals")
    shown = page.get(url).content.decode()
    assert [f'value="{name}"' in shown for name in ("asks", "call_back", "message")] == [True, True, False]

    assert page.post(url, given(line, scenario="call_back")).status_code == 200
    assert not Rehearsal.objects.exists()
    assert page.post(url, given(other, scenario="call_back")).status_code == 302


def test_a_trainer_lets_two_call_sees_where_they_stand_and_stops_them(page, practice, ticking, line, trainer, at):
    assert page.post(reverse("hotline:rehearsals"), given(line)).status_code == 302
    assert not Contact.objects.exists()
    passes(practice, ticking, 32)

    first, second = Contact.objects.order_by("pk")
    assert [(one.state, one.language, one.flag_codes) for one in (first, second)] == [
        ("waiting", "en", ["simulated", "rehearsed"]), ("waiting", "fr", ["simulated", "rehearsed"]),
    ]  # fmt: skip
    shown = page.get(reverse("hotline:rehearsals")).content.decode()
    assert shown.count(first.get_state_display()) == 2
    assert all(reverse("hotline:phone_screen", args=[one.public_id]) in shown for one in SimulatorPhone.objects.all())
    mark = shown.partition('name="seen" value="')[2].partition('"')[0]
    live = reverse("hotline:rehearsals_live")
    assert page.get(live, {"seen": mark}).status_code == 204

    again = page.post(reverse("hotline:rehearsals"), given(line), follow=True)
    assert "Stop them first." in again.content.decode()
    page.post(reverse("hotline:rehearsal_stop", args=[Rehearsal.objects.get().public_id]))
    passes(practice, ticking, 2)

    assert set(Contact.objects.values_list("state", flat=True)) == {"ended"}
    assert not SimulatorAct.objects.filter(done_at=None).exists()
    assert "Stopped." in page.get(live, {"seen": mark}).content.decode()
    verbs = AuditEntry.objects.filter(verb__startswith="hotline.rehearsal").order_by("pk")
    assert [(one.verb, one.actor) for one in verbs] == [
        ("hotline.rehearsal_started", str(trainer.public_id)), ("hotline.rehearsal_stopped", str(trainer.public_id)),
    ]  # fmt: skip


def test_practice_calls_stand_in_no_figure_and_a_call_of_anybody_else_does(page, practice, ticking, line, network, at):
    page.post(reverse("hotline:rehearsals"), given(line, scenario="gives_up", is_rough="on"))
    passes(practice, ticking, 90)
    network.call()
    network.status("completed", "9")
    while actions.count_figures(at=ticking.now):
        pass

    assert Contact.objects.filter(ended_at=None).count() == 0
    assert Contact.objects.filter(flags__contains="rehearsed").count() == 2
    assert DayFigures.objects.get().body["ways"] == {"call": 1}


@pytest.mark.parametrize(
    ("scenario", "lasts"), [("gives_up", 90), ("danger_cut", 130), ("message", 130), ("call_back", 150)]
)
@pytest.mark.parametrize("is_rough", [False, True])
def test_nobody_has_work_of_a_practice_call_and_a_call_from_a_telephone_on_a_screen_is_missed(
    page, practice, ticking, line, network, operator, scenario, lasts, is_rough
):
    page.post(
        reverse("hotline:rehearsals"), given(line, scenario=scenario, **({"is_rough": "on"} if is_rough else {}))
    )
    passes(practice, ticking, 40)
    assert alarm_of(operator).is_on == (scenario == "danger_cut")
    assert tasks.tell_danger(ticking.now) == 0
    passes(practice, ticking, lasts)

    over = Contact.objects.exclude(ended_at=None)
    assert {(one.is_missed, one.due_at) for one in over} == {(False, None)}
    assert over.count() == 2
    assert not missed_contacts(operator).exists()
    assert due(operator, at=ticking.now) == Due(
        callbacks=0, missed=0, answered=0, unfinished=0, late=0, danger=0, need=0
    )

    network.call()
    network.step("language", 1, Digits="1")
    network.status("completed", "9")
    assert [one.outcome for one in missed_contacts(operator)] == ["abandoned"]


@pytest.mark.parametrize(("flags", "state", "letters"), [("simulated rehearsed", "ready", 0), ("simulated", "off", 1)])
def test_two_practice_calls_that_nobody_answered_set_nobody_off_and_write_no_letter(
    line, operator, supervisor, at, flags, state, letters
):
    for _nth in range(2):
        call = waiting(line, at, is_practice=True, flags=flags)
        OperatorState.objects.filter(user=operator).update(state="offered", contact=call)
        Contact.objects.filter(pk=call.pk).update(state="offered", claimed_by=operator, claimed_until=at)
        actions.release_lapsed_claims(at=at + dt.timedelta(seconds=1))

    assert OperatorState.objects.get(user=operator).state == state
    assert Letter.objects.filter(key__startswith="set_off").count() == letters


def test_nobody_else_finishes_the_sheet_of_a_practice_call(line, operator, supervisor, at):
    call = waiting(line, at, is_practice=True, flags="simulated", state="wrap_up", ended_at=at)
    assert list(unfinished_contacts(supervisor, at)) == [call]

    Contact.objects.update(flags="simulated rehearsed")

    assert not unfinished_contacts(supervisor, at).exists()
    assert due(operator, at=at).unfinished == 0


def test_a_call_that_ended_before_the_network_could_say_that_it_is_practised_is_taken_off_the_list(
    network, operator, at
):
    network.call()
    network.step("language", 1, Digits="1")
    network.status("completed", "9")
    assert missed_contacts(operator).count() == 1

    mark_rehearsed(sid=network.sid, at=at)

    assert not missed_contacts(operator).exists()
    assert Contact.objects.get().due_at is None


def test_only_practice_lines_are_called_by_supervisors_and_trainers_and_only_where_there_is_a_simulator(
    page, line, sign_in, person, liberia, haiti, settings
):
    url = reverse("hotline:rehearsals")
    assert page.post(url, given(line, callers="11")).status_code == 200
    Line.objects.update(is_practice=False)
    assert "no practice line" in page.get(url).content.decode()
    assert page.post(url, given(line)).status_code == 200
    assert not Rehearsal.objects.exists()

    Line.objects.update(is_practice=True)
    for user, status in (
        (person("operator", country=liberia), 404), (person("manager", country=liberia), 404),
        (person("supervisor", country=liberia), 200), (person("supervisor", country=haiti), 200),
    ):  # fmt: skip
        answer = sign_in(user).get(url)
        assert answer.status_code == status, user
    assert "no practice line" in answer.content.decode()
    settings.SIMULATOR = False
    assert sign_in(person("supervisor", country=liberia)).get(url).status_code == 404
