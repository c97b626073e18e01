"""What a caller hears of the keys: what is said is what the keys do, and it is said in each caller's own words."""

from dataclasses import replace

import pytest
from django.urls import reverse

from hotline import actions, ivr
from hotline.actions.prompts import FOLDER
from hotline.ivr.table import KEYED, STEPS
from hotline.queries.lines import line_by_id
from hotline.queries.spoken import caller_language
from hotline.queries.waiting import queue_of
from hotline.telephony.simulated.parts import PACE
from languages import table
from languages.exchange import texts_of
from tests.hotline.said import words

MOST_LANGUAGES = 7
SECONDS_A_LANGUAGE, SECONDS_A_MENU = 5, 30
CODES = [code for code in table.CODES if code != table.SOURCE]


def line(*codes):
    keys = zip("1234678", codes, strict=False)
    return ivr.Line(languages=tuple(keys), is_open=True, target=lambda _language: "speaker")


def said(turn):
    gathers = [item for item in turn.heard if isinstance(item, ivr.Gather)]
    says = [say for gather in gathers for say in gather.says] or [s for s in turn.heard if isinstance(s, ivr.Say)]
    return [(say.prompt, say.language) for say in says]


def words_of(code):
    path = FOLDER / f"{table.BY_CODE[code].folder}.po"
    return {context.removeprefix("prompt "): pair[1] for context, pair in texts_of(path.read_text("utf-8")).items()}


def seconds(code, *keys):
    texts = words_of(code)
    return sum(len(texts[key]) for key in keys) * PACE


def test_each_language_of_the_menu_says_the_danger_key_right_after_its_own():
    heard = said(ivr.start(ivr.Call(step="greeting"), line("en", "fr", "ar")))

    assert heard == [
        ("greeting", "en"), ("language_name", "en"), ("danger_key", "en"), ("language_name", "fr"),
        ("danger_key", "fr"), ("language_name", "ar"), ("danger_key", "ar"),
    ]  # fmt: skip


def test_a_line_of_one_language_says_the_danger_key_once():
    assert said(ivr.start(ivr.Call(step="greeting"), line("en"))) == [("greeting", "en"), ("danger_offer", "en")]


STATES = {
    "open": {}, "nobody there": {"target": lambda _language: "nobody"}, "closed": {"is_open": False},
    "telephones": {"can_ring": lambda: False, "phones": lambda _language: 1}, "messages": {"mode": "message"},
    "forwarded": {"mode": "forward", "forward_number": "116"}, "off": {"is_off": True},
}  # fmt: skip
KEYS_COUNT = [("asked", "asked"), *((name, step) for name in sorted(KEYED) for step in sorted(STEPS[name][0]))]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("police", "other"), [("17", "112"), ("17", ""), ("", "112")])
@pytest.mark.parametrize("language", ["fr", ""])
def test_the_danger_key_names_a_number_in_the_callers_language_wherever_keys_count(state, police, other, language):
    where = replace(line("en", "fr"), police_number=police, other_number=other, **STATES[state])
    number = ("police_number", police) if police else ("other_number", other)
    words = [("danger", language or "en", ()), (number[0], language or "en", (("number", number[1]),))]

    for address, step in KEYS_COUNT:
        for is_with in (False, True):
            call = ivr.Call(step=step, language=language, digits="9", question="danger", was_answered=is_with)
            heard = ivr.advance(address, call, where).heard
            says = [(one.prompt, one.language, one.values) for one in heard if isinstance(one, ivr.Say)]
            is_there = is_with and address == "asked"  # the operator waits in the room: nobody is sought
            assert (says if is_there else says[:2]) == words[is_there:], (address, step, is_with)


def test_after_silence_each_language_says_how_to_answer_without_speaking():
    heard = said(ivr.advance("language", ivr.Call(step="greeting"), line("en", "fr")))

    assert heard == [
        ("nothing_heard", "en"), ("language_name", "en"), ("danger_key", "en"), ("cannot_speak_offer", "en"),
        ("language_name", "fr"), ("danger_key", "fr"), ("cannot_speak_offer", "fr"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_heard_to_its_end_in_five_seconds(code):
    assert seconds(code, "language_name", "danger_key") <= SECONDS_A_LANGUAGE


def test_the_longest_menu_is_heard_to_its_end_in_half_a_minute():
    each = sorted(seconds(code, "language_name", "danger_key") for code in CODES)

    assert sum(each[-MOST_LANGUAGES:]) <= SECONDS_A_MENU


def test_star_and_nine_are_danger_and_nothing_is_said_before_the_room_that_reads_the_star():
    where = line("en", "fr")
    waits = ivr.advance("language", ivr.Call(step="greeting", digits="2"), where)

    after_star = ivr.advance("left", ivr.Call(step="waiting", language="fr"), where)
    after_nine = ivr.advance("choices", ivr.Call(step=after_star.step, language="fr", digits="9"), where)

    assert [type(item) for item in waits.heard] == [ivr.Queue]
    assert (after_nine.step, after_nine.changes["is_danger"]) == ("waiting", True)


ALL = ("en", "fr", "ar")
DANGER = [(prompt, code) for code in ALL for prompt in ("danger", "police_number")]


def told(where, **call):
    turn = ivr.advance("language", ivr.Call(step="greeting", digits="9", **call), where)
    return [(one.prompt, one.language) for one in turn.heard if isinstance(one, ivr.Say)], turn


@pytest.mark.parametrize("change", [{"is_open": False}, {"can_ring": lambda: False, "phones": lambda _language: 2}])
def test_danger_before_a_language_is_said_in_one_before_a_telephone_rings_and_in_the_others_after(change):
    where = replace(line(*ALL), languages=(("1", "en"), ("01", "fr"), ("02", "ar")), police_number="911", **change)
    heard, turn = told(where)

    assert (heard, turn.changes["language"]) == (DANGER[:2], "")
    assert isinstance(turn.heard[-1], ivr.Dial)
    assert told(where, question="page_two")[0] == DANGER[2:4]

    call = ivr.Call(step="duty", question="danger", is_danger=True, dial_status="no-answer")
    menu = said(ivr.advance("duty", call, where))
    assert (menu[0], menu[-2:]) == (("nobody_menu", "en"), [("police_number", "fr"), ("police_number", "ar")])
    assert said(ivr.advance("duty", replace(call, language="fr"), where)) == [("nobody_menu", "fr")]


def test_danger_on_a_line_without_a_number_of_the_police_names_the_other_one_in_each_language():
    where = replace(line(*ALL), police_number="", other_number="116", is_open=False)
    call = ivr.Call(step="duty", question="danger", is_danger=True, dial_status="no-answer")

    heard, turn = told(where)
    assert heard == [("danger", "en"), ("other_number", "en")]
    assert turn.heard[1].values == (("number", "116"),)
    assert said(ivr.advance("duty", call, where))[-2:] == [("other_number", "fr"), ("other_number", "ar")]
    heard, turn = told(replace(where, other_number=""))
    assert (heard, type(turn.heard[-1])) == ([("danger", "en")], ivr.Dial)


def test_danger_in_a_chosen_language_or_on_a_line_of_one_is_said_once():
    where = replace(line(*ALL), police_number="911", is_open=False)

    assert told(where, language="fr")[0] == [("danger", "fr"), ("police_number", "fr")]
    heard, turn = told(replace(where, languages=(("1", "fr"),)))
    assert (heard, turn.changes["language"]) == ([("danger", "fr"), ("police_number", "fr")], "fr")


@pytest.mark.django_db
def test_danger_before_a_language_is_told_in_the_others_in_the_room_and_the_language_stays_unknown(network, operator):
    texts = {code: {key: text[code] for key, text in words()} for code in ALL}
    network.call()
    before = network.step("language", 1, Digits="9")
    first, later = network.step("wait", 2001), network.step("wait", 2002)

    assert before.verbs()[-1] == "Dial"
    said = [say.text for reply in (before, first) for say in reply.document.iter("Say")]
    assert said == [
        *(texts[code][key].replace("{number}", "9 1 1") for key, code in DANGER),
        *(texts[code]["wait"] for code in ALL),
    ]  # fmt: skip
    assert all(texts[code]["still_waiting"] in later.said() for code in ALL)
    assert (network.contact.language, network.contact.state) == ("", "waiting")


@pytest.mark.django_db
def test_staff_see_that_a_caller_in_danger_chose_no_language(network, operator, desk, at):
    network.call()
    network.step("language", 1, Digits="9")

    (row,) = queue_of(operator, [network.contact.line], at, state=None).rows
    assert (row.language, str(row.hint)) == (None, "Language not chosen yet")
    assert ">not chosen</td>" in desk.get(reverse("hotline:call_log")).content.decode()
    actions.take_call(contact=network.contact, by=operator, at=at)
    sheet = desk.get(reverse("hotline:console"), {"contact": str(network.contact.public_id)}).content.decode()
    assert '<option value="" selected>not chosen</option>' in sheet
    assert caller_language("", line_by_id(network.contact.line_id), "fr") == "anglais, français, arabe"


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "state"), [("", "waiting"), ("5", "silent")])
def test_staff_see_that_a_caller_heard_the_first_language_and_chose_none(network, operator, desk, first, state):
    network.call()
    for turn, key in enumerate((first, "", ""), 1):
        last = network.step("language", turn, Digits=key)
    if state == "waiting":
        last = network.step("wait", 3001)

    assert {say.get("language") for say in last.document.iter("Say")} == {"en-GB"}
    assert (network.contact.language, network.contact.state) == ("", state)
    log = reverse("hotline:call_log")
    assert ">not chosen</td>" in desk.get(log, {"language": "none"}).content.decode()
    assert "No contact fits this filter." in desk.get(log, {"language": "en"}).content.decode()


@pytest.mark.django_db
def test_the_room_says_at_once_and_again_how_to_tell_of_danger(network, operator):
    network.queued()

    first, calm = network.step("wait", 2001).said(), network.step("wait", 2002).said()
    network.step("left", 2, DialCallStatus="answered")
    network.step("choices", 3, Digits="9")
    in_danger = network.step("wait", 4001).said() + network.step("wait", 4002).said()

    danger = "If you are in danger, press star, then 9."
    assert "A person will speak with you." in first
    assert "You are still in line." in calm
    assert (danger in first, danger in calm) == (True, True)
    assert "You are still in line." in in_danger
    assert danger not in in_danger
