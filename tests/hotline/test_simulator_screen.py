"""The on-screen phone: what is done on it is written down, what it shows is what was heard."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country
from hotline import actions, queries
from hotline.actions import simulation
from hotline.models import Contact, Leg, Line, SimulatorAct, SimulatorLine, SimulatorPhone
from hotline.queries.simulation import phone_picture
from hotline.simulator import Network
from tests.hotline.console import waiting
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words, work  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.both
def test_the_web_process_only_writes_the_act_down(client, phone):
    assert SimulatorAct.objects.get().kind == "dial"
    assert phone.state == "dialling"
    assert Contact.objects.count() == 0


def test_dialling_lets_the_phone_hear_the_lines_own_words_in_their_languages(client, practice, phone, ticking):
    practice.step()
    ticking.move(20)
    practice.step()

    page = words(client, phone)

    assert "You dialled 2883" in page
    assert "Call to 2883" in page
    assert 'lang="ar" dir="rtl"' in page
    assert SimulatorLine.objects.filter(kind="said", language="en").exists()
    assert Contact.objects.get().state == "greeting"


def test_the_field_for_words_stands_from_the_prompt_on_and_is_sent_only_after_the_signal(
    client, practice, phone, ticking
):
    def let_pass(seconds):
        for _second in range(seconds):
            practice.step()
            ticking.move(1)

    practice.step()
    for key, seconds in (("1", 2), ("*", 2), ("3", 2)):
        act(client, phone, "press", digits=key)
        let_pass(seconds)
    step, before = Contact.objects.get().step, words(client, phone)
    let_pass(14)
    during = words(client, phone)
    act(client, phone, "hang_up")
    practice.step()

    offered = "Say this into the message"
    assert (step, "The line records" in before, "The line records" in during) == ("voicemail", False, True)
    assert [_said(shown).find("button").has_attr("disabled") for shown in (before, during)] == [True, False]
    assert offered not in words(client, phone)


def test_danger_is_told_by_key_while_the_words_before_the_signal_are_said(client, practice, phone, ticking):
    practice.step()
    for key in ("1", "*", "3", "9"):
        act(client, phone, "press", digits=key)
        for _second in range(2):
            practice.step()
            ticking.move(1)

    contact = Contact.objects.get()
    assert (contact.is_danger, contact.priority, contact.step) == (True, 0, "waiting")


@pytest.mark.parametrize("said", ["", "They are at the door"])
@pytest.mark.parametrize(("key", "is_told"), [("9", True), ("#", False), ("5", False)])
def test_of_the_keys_in_a_recording_only_the_danger_key_tells_of_danger(
    client, practice, phone, ticking, said, key, is_told
):
    """Of the others # ends the recording, and the rest go into it; what was said before danger is kept."""

    def let_pass(seconds):
        for _second in range(seconds):
            practice.step()
            ticking.move(1)

    practice.step()
    for choice in ("1", "*", "3"):
        act(client, phone, "press", digits=choice)
        let_pass(2)
    let_pass(14)
    if said:
        act(client, phone, "speak", text=said)
        let_pass(1)
    before = Contact.objects.get()
    act(client, phone, "press", digits=key)
    let_pass(2)

    contact = Contact.objects.get()
    assert (before.step, contact.is_danger) == ("voicemail", is_told)
    after = "waiting" if is_told else "voicemail" if key == "5" else "goodbye"
    assert contact.step == after
    assert contact.recordings.count() == (bool(said) and key != "5")


def test_the_hash_key_before_a_word_asks_for_nothing_as_the_network_does(client, operator, phone, post, ticking):
    """A recording without a sound has no end that is told: the document goes on behind it."""
    asked = []

    def told(method, url, headers, body):
        asked.append((url, str(body)))
        return post(method, url, headers, body)

    practice = Network(post=told, clock=ticking)
    practice.step()
    for choice, seconds in (("1", 2), ("*", 2), ("3", 16), ("#", 2)):
        act(client, phone, "press", digits=choice)
        for _second in range(seconds):
            practice.step()
            ticking.move(1)

    (body,) = [body for url, body in asked if "/voicemail-done/" in url]
    assert "Digits" not in body
    assert Contact.objects.get().step == "goodbye"


def _said(shown):
    """Return the form of what is said into a message."""
    return BeautifulSoup(shown, "html.parser").find(id="phone-words")


def test_a_message_is_recorded_as_long_as_somebody_types_it_within_the_longest_that_the_line_records(
    client, practice, phone, ticking
):
    def let_pass(seconds, *, types=False):
        for second in range(seconds):
            if types and second % 2 == 0:
                act(client, phone, "typing")
            practice.step()
            ticking.move(1)

    practice.step()
    for key, seconds in (("1", 2), ("*", 2), ("3", 16)):
        act(client, phone, "press", digits=key)
        let_pass(seconds)
    let_pass(30, types=True)
    assert Contact.objects.get().step == "voicemail"
    act(client, phone, "speak", text="I am well")
    let_pass(3)
    assert Contact.objects.get().step == "voicemail"
    let_pass(10)
    assert Contact.objects.get().outcome == "voicemail"


def test_typing_holds_no_message_open_beyond_the_longest(client, practice, phone, ticking):
    practice.step()
    for key, seconds in (("1", 2), ("*", 2), ("3", 16)):
        act(client, phone, "press", digits=key)
        for _second in range(seconds):
            practice.step()
            ticking.move(1)
    for _second in range(0, 130, 2):
        act(client, phone, "typing")
        practice.step()
        ticking.move(2)

    assert Contact.objects.get().step == "goodbye"


def test_only_a_text_goes_to_the_number_that_was_typed(client, line):
    tunisia = Country.objects.create(code="TN", name="Tunisia", slug="tunisia", language_codes="ar", time_zone="Africa/Tunis",
                                     area_word="Governorate")  # fmt: skip
    Line.objects.create(country=tunisia, name="Practice line", number="7007", numbers="7007", account=line.account,
                        language_keys="1:ar", duty_phone=line.duty_phone,
                        other_number=line.other_number, is_practice=True)  # fmt: skip
    queries.forget_lines()
    fields = {"caller": "+21620000104", "to": "2883", "text": "1"}

    page = client.post(reverse("hotline:phone"), fields, follow=True)
    client.post(reverse("hotline:phone_act", args=[SimulatorPhone.objects.get().public_id, "text"]),
                {"to": page.context["text_form"]["to"].value(), "text": "help me"})  # fmt: skip

    sent = SimulatorAct.objects.get()
    assert (sent.kind, sent.payload) == ("text", {"to": "2883", "text": "help me"})
    assert page.context["dial_form"]["to"].value() == "2883"


def test_the_page_polls_with_204_until_something_is_heard(client, practice, phone):
    url = reverse("hotline:phone_live", args=[phone.public_id])
    mark = client.get(url).context["mark"]

    same = client.get(url, {"seen": mark})
    practice.step()
    changed = client.get(url, {"seen": mark})

    assert (same.status_code, changed.status_code) == (204, 200)


@pytest.mark.both
def test_a_text_reaches_the_line_and_the_answer_comes_back_to_the_phone(client, practice, phone, operator, line):
    act(client, phone, "text", to="2883", text="help me")
    practice.step()
    contact = Contact.objects.get(kind="message")
    simulated_answer = {
        "order": "message", "sid": "SM" + "a" * 32, "to": "+231770000101", "from_": "2883", "body": "You may call us.",
        "status_url": "http://127.0.0.1:8000/hotline/twilio/message-status/",
    }  # fmt: skip
    SimulatorAct.objects.create(kind="rest", payload=simulated_answer, made_at=timezone.now())
    practice.step()

    page = words(client, phone)

    assert contact.messages.filter(direction="in").count() == 1
    assert "You wrote: help me" in page
    assert "You may call us." in page


@pytest.mark.parametrize("prefix", ["", "whatsapp:"])
def test_an_answer_reaches_each_phone_of_its_number_and_those_put_on_a_screen_later(
    client, practice, phone, line, django_assert_num_queries, prefix
):
    def made(number):
        client.post(reverse("hotline:phone"), {"caller": number, "to": "2883", "wait": "1"})
        return SimulatorPhone.objects.latest("pk")

    def texts(of):
        return list(SimulatorLine.objects.filter(phone=of, kind="text").values_list("text", flat=True))

    def bring(body, to):
        order = {"order": "message", "sid": "SM" + "a" * 32, "to": to, "from_": "2883", "body": body,
                 "status_url": "http://127.0.0.1:8000/hotline/twilio/message-status/"}  # fmt: skip
        SimulatorAct.objects.create(kind="rest", payload=order, made_at=timezone.now())
        practice.step()

    second, withheld, other = made("+231770000101"), made(""), made("+50934000103")
    words(client, second)
    with CaptureQueriesContext(connection) as queries:
        words(client, second)
        before = len(queries)
    bring("First.", f"{prefix}+231770000101")
    bring("Second.", f"{prefix}+231770000101")
    later = made("+231770000101")

    assert texts(phone) == texts(second) == texts(later) == ["First.", "Second."]
    assert texts(withheld) == texts(other) == texts(made("")) == []
    page = words(client, later)
    assert page.index("First.") < page.index("Second.")
    for shown in (page, words(client, second)):
        tags = [tag.text for tag in BeautifulSoup(shown, "html.parser").select("[data-kind=text] .tag")]
        assert tags == ["WhatsApp" if prefix else "Text message"] * 2
    with django_assert_num_queries(before):
        words(client, second)


def test_a_phone_begins_with_the_last_ten_texts_of_two_days_and_none_that_was_not_brought(line):
    at = timezone.now()
    order = {"order": "message", "to": "+231770000101"}
    for number in range(13):
        fault = "LookupError: no" if number == 12 else ""
        SimulatorAct.objects.create(
            kind="rest", payload=order | {"body": f"{number}"}, made_at=at, done_at=at, fault=fault
        )
    SimulatorAct.objects.create(kind="rest", payload=order | {"body": "waits"}, made_at=at)
    old = at - dt.timedelta(days=3)
    SimulatorAct.objects.create(kind="rest", payload=order | {"body": "old"}, made_at=old, done_at=old)

    phone = simulation.new_phone(number="+231770000101", at=at)

    assert [line.text for line in phone.lines.all()] == [f"{number}" for number in range(2, 12)]


@pytest.mark.parametrize(
    ("what", "values"),
    [("press", {"digits": "x"}), ("press", {"digits": ""}), ("press", {"digits": "1" * 21}), ("text", {"to": "2883", "text": " "}),
     ("text", {"to": "x", "text": "hi"}), ("dial", {"to": "no number"}), ("speak", {"text": ""}), ("explode", {})],
)  # fmt: skip
def test_what_is_no_act_is_refused_and_nothing_written(client, line, what, values):
    phone = simulation.new_phone(number="", at=timezone.now())

    answer = act(client, phone, what, **values)

    assert answer.status_code == (422 if what == "dial" else 302)
    assert SimulatorAct.objects.count() == 0


def test_text_with_a_hidden_sign_stays_in_its_field_with_the_reason(client, line):
    phone = simulation.new_phone(number="+231770000101", at=timezone.now())

    answer = act(client, phone, "text", to="2883", text="help \u202eme now")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This text holds hidden signs that cannot be kept. Type it again instead of pasting it." in page
    assert "help \u202eme now</textarea>" in page
    assert 'name="to" value="2883"' in page
    assert "This could not be sent" not in page
    assert client.get(answer.request["PATH_INFO"]).url == reverse("hotline:phone_screen", args=[phone.public_id])
    assert SimulatorAct.objects.count() == 0


def test_keys_without_a_call_and_a_second_dial_are_explained(client, phone):
    again = client.post(reverse("hotline:phone_act", args=[phone.public_id, "dial"]), {"to": "2883"}, follow=True)
    SimulatorPhone.objects.update(state="ended")
    key = client.post(reverse("hotline:phone_act", args=[phone.public_id, "press"]), {"digits": "1"}, follow=True)

    assert "Hang up before you dial again." in again.content.decode()
    assert "No call goes on. Dial first." in key.content.decode()


def test_the_phone_exists_only_where_the_simulator_is_allowed(client, settings, phone):
    settings.SIMULATOR = False

    assert client.get(reverse("hotline:phone")).status_code == 404
    assert client.get(reverse("hotline:phone_screen", args=[phone.public_id])).status_code == 404
    assert act(client, phone, "cut").status_code == 404
    with pytest.raises(CommandError):
        call_command("simulator")


def test_the_operator_in_the_call_is_seen_on_the_phone_and_either_side_may_end_it(
    client, practice, phone, operator, ticking
):
    practice.step()
    act(client, phone, "press", digits="1")
    practice.step()
    ticking.move(12)
    practice.step()
    contact = Contact.objects.get()
    actions.take_call(contact=contact, by=operator, at=ticking.now)
    work(ticking)
    for _second in range(4):
        ticking.move(1)
        practice.step()
    in_call = words(client, phone)
    actions.end_call(contact=Contact.objects.get(), by=operator, at=ticking.now)
    work(ticking)
    for _second in range(30):
        ticking.move(1)
        practice.step()

    assert "An operator is in the call with you" in in_call
    assert Contact.objects.get().state == "wrap_up"
    assert SimulatorPhone.objects.get().state == "ended"


@pytest.mark.both
def test_old_phones_are_forgotten(line):
    now = timezone.now()
    simulation.new_phone(number="", at=now - dt.timedelta(days=3))

    simulation.new_phone(number="", at=now)

    assert SimulatorPhone.objects.count() == 1


def test_a_number_of_no_line_is_said_to_be_one_and_nothing_to_have_failed(client, practice, line, ticking):
    client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "9999"})
    practice.step()

    page = words(client, SimulatorPhone.objects.get())

    assert "This number belongs to no line: sent to the duty phone" in page
    assert "after a fault" not in page


def test_the_list_of_lines_has_the_commas_of_its_language(client, line):
    Line.objects.create(
        country=line.country,
        number="2884",
        numbers="2884",
        language_keys=line.language_keys,
        duty_phone="+231770009999",
        other_number="116",
    )

    page = client.get(reverse("hotline:phone").replace("/en/", "/ar/")).content.decode()

    listed = page[page.index('phone-lines">') :].partition("</p>")[0]
    assert "، " in listed
    assert ", " not in listed


def test_a_key_still_counts_on_a_phone_that_was_opened_before_somebody_signed_in_beside_it(phone):
    browser = Client(enforce_csrf_checks=True)  # the page's token is of before the sign-in

    answer = act(browser, phone, "press", digits="1", csrfmiddlewaretoken="x" * 64)

    assert answer.status_code == 302
    assert SimulatorAct.objects.get(kind="press").payload == {"digits": "1"}


@pytest.fixture
def dial(line):
    """A function that presses Call on a start page whose token is of before a sign-in, with the headers of its browser."""

    def press(**headers):
        browser = Client(enforce_csrf_checks=True, headers=headers)
        typed = {"caller": "+231770000101", "to": "2883", "csrfmiddlewaretoken": "x" * 64}
        return browser.post(reverse("hotline:phone"), typed)

    return press


def test_the_start_page_dials_whoever_signed_in_beside_it_since(dial):
    answer = dial(origin="http://testserver")

    assert answer.status_code == 302
    assert SimulatorAct.objects.get().kind == "dial"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://testserver.evil.example",
        "https://testserver",
        "http://testserver:81",
        "",
    ],
)
def test_no_other_site_dials_for_who_has_the_phone_open(dial, origin):
    answer = dial(**({"origin": origin} if origin else {}))

    assert answer.status_code == 403
    assert not SimulatorPhone.objects.exists()


@pytest.mark.parametrize("place", ["start", "screen"])
def test_the_pages_of_the_phone_ask_nobody_who_is_signed_in(client, operator, phone, place):
    client.force_login(operator)
    address = reverse("hotline:phone") if place == "start" else reverse("hotline:phone_screen", args=[phone.public_id])

    page = client.get(address).content.decode()

    assert "hotline/phone" in page
    assert "js/session" not in page
    assert 'id="signed-out"' not in page


def test_the_numbers_of_the_callers_keep_their_order_in_a_line_that_runs_from_the_right(client, line):
    page = client.get("/ar/demo/phone/").content.decode()

    assert "\u2068+231 77 000 0101\u2069)" in page
    assert page.count("\u2068+") == 6


@pytest.mark.parametrize("role", ["operator", "interpreter", "supervisor", "colleague"])
def test_the_phone_of_who_helps_is_in_the_call_only_once_it_joined(line, at, role):
    contact = waiting(line, at, state="connected", step="waiting")
    leg = Leg.objects.create(
        contact=contact, role=role, call_sid="CA77", status="in-progress", account="AC1", made_at=at
    )
    phone = SimulatorPhone.objects.create(
        number="+231770000077", state="live", call_sid="CA77", seen_at=at, made_at=at
    )
    where = []
    for joined, left in ((None, None), (at, None), (at, at)):
        leg.joined_at, leg.left_at = joined, left
        leg.save()
        where.append(str(phone_picture(phone, at=at).where))

    assert where == ["You picked up", "You are in the call.", "You picked up"]


def test_a_recording_that_the_network_reports_has_its_words_in_the_log(client, practice, phone, ticking):
    practice.step()
    for key, seconds in (("1", 2), ("*", 2), ("3", 16)):
        act(client, phone, "press", digits=key)
        for _second in range(seconds):
            practice.step()
            ticking.move(1)
    act(client, phone, "speak", text="I am well")
    for _second in range(15):
        practice.step()
        ticking.move(1)

    came = [line.came for line in phone_picture(phone, at=timezone.now()).asked]
    assert {"Report: recording began", "Report: recording is ready"} <= set(came)
    assert [one for one in came if one.rstrip().endswith(":")] == []


def test_of_a_report_whose_state_was_not_kept_the_log_says_only_that_one_came(phone, at):
    SimulatorLine.objects.create(phone=phone, kind="asked", at=at, detail={"kind": "status", "status": 204})

    assert [one.came for one in phone_picture(phone, at=at).asked] == ["Report of the network"]
