"""The practice network's process: it carries the acts out through the real webhooks, once, whatever falls out."""

import datetime as dt

import pytest
from django.urls import reverse

from cms.logs import PlainFormatter
from hotline.actions import simulation
from hotline.models import Contact, Prompt, SimulatorAct, SimulatorPhone
from hotline.queries.lines import Memory
from hotline.simulator import Network, code_of, recorded
from hotline.telephony import simulated
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words, work  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def test_recording_is_shown_as_its_words_by_a_process_that_answered_no_call(line, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines._memory", Memory())

    text, language = recorded("http://localhost/hotline/audio/fr/silent-thanks/abc/")

    assert (text, language) == (Prompt.objects.get(key="silent_thanks").text_fr, "fr")


def test_an_act_that_fails_is_logged_as_facts(client, practice, phone, ticking, caplog):
    practice.step()
    caplog.clear()
    SimulatorPhone.objects.update(call_sid="CAnowhere")
    act(client, phone, "press", digits="1")
    failed = SimulatorAct.objects.latest("pk")

    practice.step()

    (record,) = [record for record in caplog.records if record.msg == "simulator_act_failed"]
    line = PlainFormatter().format(record)
    assert line.endswith(f"simulator_act_failed subject={failed.pk} kind=press exception={record.facts['exception']}")
    assert "%s" not in line


def test_keys_and_a_cut_line_reach_the_contact(client, practice, phone, ticking):
    practice.step()
    act(client, phone, "press", digits="1")
    practice.step()
    waiting = Contact.objects.get()
    act(client, phone, "cut")
    practice.step()
    cut = Contact.objects.get()

    assert (waiting.state, waiting.language) == ("waiting", "en")
    assert cut.ended_at is not None
    assert "The line was cut" in words(client, phone)
    assert SimulatorPhone.objects.get().state == "ended"


def test_a_withheld_number_stays_withheld(client, practice):
    client.post(reverse("hotline:phone"), {"caller": "", "to": "2883"})
    practice.step()

    assert Contact.objects.get().caller_class == "withheld"


def test_a_restart_in_a_call_ends_it_on_both_sides_without_a_crash(client, practice, phone, post, ticking):
    practice.step()
    act(client, phone, "press", digits="1")
    practice.step()
    restarted = Network(post=post, clock=ticking)

    restarted.start_anew()
    act(client, phone, "press", digits="2")
    restarted.step()

    assert SimulatorPhone.objects.get().state == "ended"
    assert Contact.objects.get().ended_at is not None
    assert "The practice network was started anew; this call was cut." in words(client, phone)


def test_what_waited_too_long_for_the_network_is_dropped(client, phone, practice, ticking):
    SimulatorAct.objects.update(made_at=ticking.now - dt.timedelta(minutes=5))

    practice.start_anew()
    practice.step()

    assert Contact.objects.count() == 0
    assert SimulatorPhone.objects.get().state == "ended"


def test_a_web_process_that_is_away_leaves_the_network_running(client, line, operator, phone, ticking):
    def away(*_request):
        raise simulated.NetworkDown

    network = Network(post=away, clock=ticking)

    network.step()
    network.step()

    assert "The line did not answer" in words(client, phone)
    assert SimulatorPhone.objects.get().state == "ended"


def test_two_networks_at_once_carry_an_act_out_once(client, practice, phone, post, ticking):
    act = SimulatorAct.objects.get()

    taken = [
        simulation.claim_act(act=act, at=ticking.now) for _network in (practice, Network(post=post, clock=ticking))
    ]
    practice.step()

    assert taken == [True, False]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("locale", "code"),
    [("en-GB", "en"), ("arb", "ar"), ("pt-BR", "pt-br"), ("pt-PT", "pt"), ("ht", "ht"), ("xx-XX", "")],
)
def test_a_voices_locale_is_told_as_one_of_our_languages(locale, code):
    assert code_of(locale) == code
