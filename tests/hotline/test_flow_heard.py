"""What a caller hears of each setting of a line's call flow, as documents of the line."""

import datetime as dt
from dataclasses import replace

import pytest

from hotline.actions import flows, lines, rosters
from hotline.models import Contact, Line, Prompt, PromptRecording
from hotline.queries.asking import asking
from hotline.queries.lines import line_by_id, memory, source_digest
from hotline.queries.plans import plan_faults
from hotline.queries.spoken import spoken_cell
from tests.hotline.test_flows import publish

pytestmark = pytest.mark.either

OTHER = "+231770007777"


@pytest.fixture
def by(person, liberia):
    """A manager of the line's country."""
    return person("manager", country=liberia)


@pytest.fixture
def plain(line):
    """The line with one language, so that each test says which menu it is at."""
    Line.objects.filter(pk=line.pk).update(language_keys="1:en")
    line.refresh_from_db()
    return line


@pytest.fixture
def verified(line, by, person, liberia, at):
    """A number that a second person has called."""
    row = flows.add_forward_number(line=line, number=OTHER, name="Night service", by=by, at=at)
    flows.confirm_forward_number(number=row, by=person("supervisor", country=liberia), at=at)
    return OTHER


def close(line, by, at):
    lines.set_hours(line=line, week={}, by=by, at=at)


def at_menu(network, **more):
    """A call that has chosen English: what it hears then."""
    network.call()
    return network.step("language", 1, Digits="1", **more)


def test_after_hours_the_line_forwards_to_its_verified_number_and_then_takes_a_message(
    network, plain, verified, by, at
):
    close(plain, by, at)
    publish(plain, by, at, after_hours="forward", after_hours_number=verified)

    reply = at_menu(network)
    assert reply.said() == "Stay on the line. We are connecting you."
    assert reply.document.find(".//Dial/Number").text == verified
    after = network.step("left", 2, DialCallStatus="no-answer")

    assert "To leave a message, press 1." in after.said()
    kinds = list(Contact.objects.get().events.values_list("kind", flat=True))
    assert {"forwarded", "forward_unanswered", "closed_heard"} <= set(kinds)


def test_danger_after_hours_rings_the_duty_phone_and_nobody_else(network, plain, verified, by, at):
    close(plain, by, at)
    publish(plain, by, at, after_hours="forward", after_hours_number=verified)
    network.call()

    assert network.step("language", 1, Digits="9").document.find(".//Dial/Number").text == plain.duty_phone


def test_no_menu_offers_a_message_on_a_line_that_takes_none(network, plain, by, at):
    close(plain, by, at)
    publish(plain, by, at, takes_messages=False)

    menu = at_menu(network).said()
    after = network.step("closed", 2, Digits="1")

    assert "To be called back, press 2. If you are in danger now, press 9." in menu
    assert "message" not in menu
    assert after.said().startswith("That key is not a choice.")


def test_no_menu_offers_a_call_back_on_a_line_that_calls_nobody_back(network, plain, operator, by, at):
    publish(plain, by, at, calls_back=False)
    at_menu(network)
    network.step("queue", 2)

    choices = network.step("left", 3, DialCallStatus="answered")
    said = choices.said()

    assert said == "To keep your place, press 1. To leave a message, press 3. If you are in danger now, press 9."
    assert network.step("choices", 4, Digits="2").said().startswith("That key is not a choice.")


def test_a_hidden_number_is_offered_no_message_where_none_is_taken(network, plain, by, at):
    close(plain, by, at)
    publish(plain, by, at, takes_messages=False)
    network.call(From="anonymous")
    network.step("language", 1, Digits="1", From="anonymous")

    assert network.step("closed", 2, Digits="2", From="anonymous").said() == "To give a number, press 2."


@pytest.mark.parametrize("menu", ["choices", "closed"])
def test_the_key_of_who_cannot_speak_counts_in_the_menus_after_the_language(network, plain, operator, by, at, menu):
    if menu == "closed":
        close(plain, by, at)
    at_menu(network)
    if menu == "choices":
        network.step("queue", network.contact.turn, Digits="*")
    assert network.contact.step == menu

    heard = network.step(menu, network.contact.turn, Digits="5")

    assert heard.said().startswith("You do not have to speak. Press 1 for no. Press 2 for yes.")
    contact = network.contact
    assert (contact.step, contact.cannot_speak, contact.priority, contact.language) == ("silent", True, 1, "en")
    assert contact.events.filter(kind="cannot_speak").count() == 1
    again = network.step("silent", contact.turn, Digits="5").said()
    assert "Are you in danger now?" in again  # in the questions it is no answer


def test_without_keys_for_who_cannot_speak_five_is_no_choice_and_nobody_is_told_of_it(network, line, by, at):
    publish(line, by, at, silent_key="")
    network.call()

    assert "If you cannot speak" not in network.step("language", 1).said()
    assert "That key is not a choice." in network.step("language", 2, Digits="5").said()
    assert not Contact.objects.get().cannot_speak


@pytest.mark.parametrize(("caller", "follows"), [("anonymous", False), ("+231770000001", True)])
def test_whether_we_may_text_is_asked_of_nobody_whose_number_is_withheld(network, plain, by, at, caller, follows):
    publish(plain, by, at, questions=["danger", "may_text"])
    network.call(From=caller)
    network.step("language", 1, Digits="5", From=caller)
    heard = network.step("silent", 2, Digits="1", From=caller).said()

    assert ("text message" in heard) is follows
    contact = network.contact
    Contact.objects.filter(pk=contact.pk).update(state="connected", connected_at=at)
    contact.refresh_from_db()
    assert ("may_text" in [one.key for one in asking(contact, at).questions]) is follows


def test_who_cannot_speak_is_asked_the_questions_that_the_manager_chose(network, plain, by, at):
    publish(plain, by, at, questions=("hurt", "danger"))
    network.call()

    assert "Are you hurt?" in network.step("language", 1, Digits="5").said()
    assert "Are you in danger now?" in network.step("silent", 2, Digits="1").said()
    assert network.step("silent", 3, Digits="1").document.find(".//Dial/Number").text == plain.duty_phone


def test_another_danger_key_is_said_and_means_danger_and_nine_does_not(network, line, by, at):
    publish(line, by, at, danger_key="8", silent_key="9")

    said = network.call().said()
    assert "In danger, press 8." in said
    assert "9" not in said
    assert "If you cannot speak, press 9." in network.step("language", 1).said()
    assert not Contact.objects.get().is_danger
    network.step("language", 2, Digits="8")
    assert Contact.objects.get().is_danger


def test_a_recording_that_names_another_key_is_not_played_and_keeps_a_plan_from_going_live(line, by, at):
    words = line_words("danger_offer", "fr")
    record("danger_offer", "fr", words, at)
    plan = replace(line_by_id(line.pk).plan, danger_key="8")
    assert spoken_cell("danger_offer", "fr", line_by_id(line.pk)).recording

    publish(line, by, at, danger_key="8")

    cell = spoken_cell("danger_offer", "fr", line_by_id(line.pk))
    assert (cell.recording, cell.text) == ("", words.replace("9", "8"))
    line.is_practice = False
    record("danger_key", "ht", "An danje, peze 9.", at)
    faults = plan_faults(line, replace(plan, languages=(("1", "ht"), ("2", "en"))))
    assert "danger_key" in faults[0].values["prompts"]


def line_words(key, code):
    return memory().words[key][code]


def record(key, code, words, at):
    prompt = Prompt.objects.get(key=key)
    setattr(prompt, f"text_{code}", words)
    prompt.save()
    PromptRecording.objects.create(
        prompt=prompt, language=code, content_hash="a" * 64, content_type="audio/wav", audio=b"1", seconds=1,
        source_digest=source_digest(words), recorded_by="A", recorded_at=at, heard_by="B", heard_at=at,
    )  # fmt: skip


def test_the_words_while_waiting_come_at_the_interval_that_was_set(network, plain, operator, by, at):
    publish(plain, by, at, wait_seconds=7, says_position=False)
    at_menu(network)
    network.step("queue", 2)

    reply = network.step("wait", 3001)

    assert reply.document.find("Pause").get("length") == "7"


@pytest.mark.parametrize(
    ("setting", "waits", "prompt"),
    [
        ("", (60, 60, 60), None),
        ("plain", (60, 60, 60), "We do not know how long it takes."),
        ("measured", (60, 60), "We do not know how long it takes."),
        ("measured", (60, 60, 1500), "Callers of the last hour waited less than two minutes."),
        ("measured", (300, 200, 600), "Callers of the last hour waited about five minutes."),
        ("measured", (600, 500, 900), "Callers of the last hour waited about ten minutes."),
        ("measured", (1500, 60, 1500), "Callers of the last hour waited longer than ten minutes."),
    ],
)
def test_a_waiting_caller_hears_once_what_to_expect(network, clock, plain, operator, by, at, setting, waits, prompt):
    publish(plain, by, at, expectation=setting, says_position=False)
    for seconds in waits:
        began = at - dt.timedelta(minutes=50)
        Contact.objects.create(
            line=plain, country=plain.country, started_at=began, queued_at=began, changed_at=at, state="ended",
            ended_at=began + dt.timedelta(seconds=seconds),
        )  # fmt: skip
    at_menu(network)
    network.step("queue", 2)

    said = [network.step("wait", 3000 + count).said() for count in (1, 2, 3)]

    heard = [bool(prompt and prompt in words) for words in said]
    assert heard == [False, prompt is not None, False]
    assert ("Callers of the last hour" in " ".join(said)) == bool(prompt and prompt.startswith("Callers"))


def test_nobody_there_leads_to_the_menu_at_once_where_the_line_is_set_so(network, plain, by, at):
    publish(plain, by, at, nobody="menu")

    reply = at_menu(network)

    assert "Nobody can speak with you now." in reply.said()
    assert reply.document.find(".//Dial") is None


def test_danger_rings_the_duty_phone_also_where_the_menu_comes_at_once(network, plain, operator, by, at):
    publish(plain, by, at, nobody="menu")
    network.call()
    network.step("language", 1, Digits="9")
    Contact.objects.update(queued_at=at - dt.timedelta(hours=1))
    network.step("wait", 2)

    reply = network.step("left", 2, DialCallStatus="completed")

    assert reply.document.find(".//Dial/Number").text == plain.duty_phone


@pytest.mark.parametrize("digits", ["1", "9", "5"])
def test_a_queue_that_is_closed_lets_in_danger_and_who_cannot_speak_and_nobody_else(
    network, plain, operator, by, at, digits
):
    publish(plain, by, at, questions=("danger",))
    rosters.set_mode(line=plain, mode="no_queue", by=by, at=at)
    network.call()
    reply = network.step("language", 1, Digits=digits)
    if digits == "5":
        reply = network.step("silent", 2, Digits="1")

    assert Contact.objects.get().step == ("duty" if digits == "1" else "waiting")
    assert (digits == "1") == ("Nobody is free at the desk now." in reply.said())


def test_a_drill_changes_nothing_for_callers(network, plain, operator, by, at):
    rosters.set_mode(line=plain, mode="drill", by=by, at=at)

    at_menu(network)

    assert Contact.objects.get().step == "waiting"


def test_a_line_is_forwarded_to_a_number_that_was_verified_and_to_no_other(network, plain, operator, verified, by, at):
    with pytest.raises(rosters.NumberNotVerified):
        rosters.set_mode(line=plain, mode="forward", number="+231770006666", by=by, at=at)
    rosters.set_mode(line=plain, mode="forward", number=verified, by=by, at=at)

    heard = at_menu(network)
    assert (heard.said(), heard.verbs()[-1]) == ("Stay on the line. We are connecting you.", "Dial")
    assert heard.document.find(".//Dial/Number").text == verified
    after = network.step("left", 2, DialCallStatus="busy")
    assert "Nobody can speak with you now." in after.said()
    rosters.set_mode(line=plain, mode="normal", by=by, at=at)
    plain.refresh_from_db()
    assert plain.mode_number == ""


def test_who_added_a_number_does_not_confirm_it_and_one_in_use_stays(line, plain, verified, by, person, liberia, at):
    row = flows.add_forward_number(line=line, number="+231770006666", name="Other", by=by, at=at)
    with pytest.raises(flows.NumberRefused, match="same_person"):
        flows.confirm_forward_number(number=row, by=by, at=at)
    with pytest.raises(flows.NumberRefused, match="there"):
        flows.add_forward_number(line=line, number=OTHER, name="Again", by=by, at=at)
    with pytest.raises(flows.NumberRefused, match="own"):
        flows.add_forward_number(line=line, number="2883", name="Itself", by=by, at=at)
    publish(line, by, at, after_hours="forward", after_hours_number=OTHER)
    used = line.forward_numbers.get(number=OTHER)
    with pytest.raises(flows.NumberRefused, match="in_use"):
        flows.remove_forward_number(number=used, by=by, at=at)
    publish(line, by, at, after_hours="menu")

    flows.remove_forward_number(number=used, by=by, at=at)

    with pytest.raises(flows.NumberRefused, match="gone"):
        flows.confirm_forward_number(number=used, by=person("manager", country=liberia), at=at)


def test_a_voice_of_the_same_language_may_be_chosen(line, by, at):
    publish(line, by, at, voices=(("en", "Polly.Brian"),))

    assert spoken_cell("goodbye", "en", line_by_id(line.pk)).voice == "Polly.Brian"
    assert spoken_cell("goodbye", "fr", line_by_id(line.pk)).voice == "Polly.Celine"
