"""That somebody listens to the caller stands wherever a further person is asked into the call, in the words of the sheet."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from hotline import actions
from hotline.models import Contact, KeyAnswer
from hotline.queries.notices import notice_mark
from hotline.queries.pulse import change_mark
from tests.hotline.console import give
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    conversation_with_an_operator,
    interpreter_on_duty,
    plain,
    who_moves_into_a_named_office,
)

pytestmark = [pytest.mark.django_db, pytest.mark.either]
LISTENED = "Cannot talk freely: ask only what yes or no can answer"
SILENT = "Someone is listening: say nothing"
WAYS = ["the sheet", "a key", "a key of who cannot speak"]


def words_of(way):
    """What to do with who is listened to: of one who cannot speak no question is asked aloud at all."""
    return SILENT if way == "a key of who cannot speak" else LISTENED


def tell(desk, contact, way, at, answer="yes"):
    """Let it be known by one of the ways whether somebody listens."""
    if way == "the sheet":
        give(desk, contact, "may_talk", "no" if answer == "yes" else "yes")
        return
    Contact.objects.filter(pk=contact.pk).update(cannot_speak=way == "a key of who cannot speak")
    KeyAnswer.objects.create(contact=contact, question="overheard", answer=answer, at=at)


def service_page(desk, contact):
    return plain(desk.get(reverse("hotline:bring_in", args=[contact.public_id])))


@pytest.fixture
def arabic(talk, interpret, now):
    """The call that the operator of English and French has in hand, in Arabic, an interpreter of it on duty."""
    interpret("Ada", "ar")
    Contact.objects.filter(pk=talk.pk).update(language="ar")
    return Contact.objects.get(pk=talk.pk)


def interpreters(desk):
    page = plain(desk.get(reverse("hotline:console")))
    return page[page.index('id="interpreters"') :].split("</form>")[0]


@pytest.mark.parametrize("way", WAYS)
def test_the_page_that_brings_a_service_in_says_that_somebody_listens(desk, talk, agency, clock, now, way):
    free = service_page(desk, talk)
    tell(desk, talk, way, clock.now)
    page = service_page(desk, talk)

    assert words_of(way) not in free
    assert [words in page for words in (LISTENED, SILENT)] == [words_of(way) == words for words in (LISTENED, SILENT)]
    hint = page[page.index('id="covert"') :]
    assert "say “A course office, wrong number” and end the call (E)" in hint
    assert page.index('id="covert"') < page.index("<form method")


@pytest.mark.parametrize("way", WAYS)
def test_at_the_key_for_an_interpreter_it_stands_that_somebody_listens(desk, arabic, clock, way):
    free = interpreters(desk)
    tell(desk, arabic, way, clock.now)
    asked = interpreters(desk)

    if words_of(way) == LISTENED:
        assert (LISTENED in free, LISTENED in asked) == (False, True)
        assert asked.index(LISTENED) < asked.index('id="act-interpreter"')
    assert ("button quiet slim" in free, "button quiet slim" in asked) == (False, True)

    desk.post(reverse("hotline:control", args=[arabic.public_id, "interpreter"]))
    assert (LISTENED in interpreters(desk)) is (words_of(way) == LISTENED)


def test_the_console_gives_one_instruction_alone_for_who_cannot_speak_and_is_listened_to(desk, arabic, agency, clock):
    tell(desk, arabic, WAYS[-1], clock.now)
    desk.post(reverse("hotline:control", args=[arabic.public_id, "interpreter"]))

    page = plain(desk.get(reverse("hotline:console")))

    assert LISTENED not in page
    assert page.count(SILENT) == 2  # in the bar, and above the sheet


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("question", "label", "script", "is_yes_or_no"),
    [
        ("age", "Age in years", "How old are you?", False),
        ("sex", "Woman, man or neither", "Are you a woman, a man, or neither?", False),
        ("needs_shelter", "Needs a safe place tonight", "Do you need a safe place to sleep tonight?", True),
    ],
)
def test_who_is_listened_to_is_read_no_question_that_yes_or_no_does_not_answer(
    desk, talk, clock, now, way, question, label, script, is_yes_or_no
):
    def sheet():
        page = desk.get(reverse("hotline:console") + f"?contact={talk.public_id}&q={question}").content
        return BeautifulSoup(page, "html.parser").find(id="sheet")

    free = sheet()
    tell(desk, talk, way, clock.now)
    told = sheet()

    is_read = is_yes_or_no and words_of(way) == LISTENED
    assert (script in free.text, script in told.text) == (True, is_read)
    heading = told.find("h2", string=label)
    assert (heading is None) is is_read
    if not is_read:
        assert words_of(way) in told.find(id="covert").text  # what to do instead stands above it
        assert heading in told.find(id="covert").find_all_next()


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_listens_nothing_is_said(desk, arabic, agency, clock, way):
    tell(desk, arabic, way, clock.now, answer="no")

    assert LISTENED not in service_page(desk, arabic)
    assert LISTENED not in interpreters(desk)


def test_what_the_person_said_on_the_sheet_takes_back_what_was_pressed(desk, arabic, agency, clock):
    tell(desk, arabic, "a key", clock.now)
    give(desk, arabic, "may_talk", "yes")

    assert LISTENED not in service_page(desk, arabic)
    assert LISTENED not in interpreters(desk)


def test_of_a_call_that_is_over_nothing_is_said(desk, talk, agency, network, clock, now):
    tell(desk, talk, "a key", clock.now)
    network.status("completed", "9")

    assert LISTENED not in service_page(desk, talk)


def part_of_hers(user):
    """Return what the console of who is asked into a call, or is in it, says of it."""
    page = browser_of(user).get(reverse("hotline:console"))
    return BeautifulSoup(page.content, "html.parser").find(id="asked-of-me")


@pytest.mark.parametrize("way", WAYS)
def test_a_colleague_reads_it_before_her_yes_and_in_the_call(desk, stage, operator, second, way):
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    free = part_of_hers(second)
    tell(desk, stage.contact, way, stage.at)
    words = SILENT if way == "a key of who cannot speak" else LISTENED

    asked = part_of_hers(second)
    html = str(asked)
    assert (words in free.text, words in asked.text, words in asked["data-said"]) == (False, True, True)
    assert html.rindex(words) < html.index('id="act-take-over"')

    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    assert words in part_of_hers(second).text
    stage.wait(6)
    there = part_of_hers(second).find(id="my-part")
    assert ("You are in the call of" in there.text, words in there.text) == (True, True)


def test_a_colleague_reads_that_who_cannot_speak_hears_her(stage, operator, second):
    Contact.objects.filter(pk=stage.contact.pk).update(cannot_speak=True)
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)

    asked = part_of_hers(second).find(id="my-part").text
    assert "This person cannot speak and answers by keys." in asked
    assert "She or he hears you: speak short and calm" in asked


@pytest.mark.parametrize("way", WAYS)
def test_the_page_that_hands_a_call_over_asks_for_no_introduction(desk, stage, way):
    address = reverse("hotline:hand_to", args=[stage.contact.public_id])
    free = plain(desk.get(address))
    tell(desk, stage.contact, way, stage.at)
    page = plain(desk.get(address))

    assert ("you introduce the caller" in free, "you introduce the caller" in page) == (True, False)
    assert "leave then without a word" in page
    assert page.index('id="speech"') < page.index('id="hand-to"')


@pytest.mark.parametrize("way", WAYS)
def test_a_supervisor_reads_it_before_she_asks_to_come_and_where_she_would_be_heard(
    desk, stage, operator, supervisor, way
):
    address = reverse("hotline:supervise", args=[stage.contact.public_id])
    hers = browser_of(supervisor)
    free = plain(hers.get(address))
    tell(desk, stage.contact, way, stage.at)
    words = SILENT if way == "a key of who cannot speak" else LISTENED
    page = plain(hers.get(address))

    assert ("and asks the caller." in free, "and asks the caller." in page) == (True, False)
    assert (words in free, words in page) == (False, True)

    hers.post(address, {"mode": "coach", "reason": "quality"})
    actions.let_in(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)
    for url in ("hotline:board", "hotline:console"):
        part = BeautifulSoup(hers.get(reverse(url)).content, "html.parser").find(id="my-part")
        assert str(part).index(words) < str(part).index('id="join-mode"')


@pytest.mark.parametrize("way", WAYS)
def test_who_lets_a_supervisor_in_is_not_told_to_ask_a_caller_who_is_listened_to(desk, stage, supervisor, way):
    actions.offer_join(contact=stage.contact, mode="open", reason="quality", by=supervisor, at=stage.at)

    def box():
        return BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser").find(id="supervising").text

    free = box()
    tell(desk, stage.contact, way, stage.at)
    told = box()
    assert ("Ask the caller first." in free, "Ask the caller first." in told) == (True, False)
    assert ("The caller agrees" in told, "Do not ask the caller aloud: you decide." in told) == (False, True)


@pytest.mark.parametrize("way", WAYS)
def test_who_is_called_to_help_reads_it_before_she_comes(desk, stage, operator, supervisor, way):
    actions.ask_help(contact=stage.contact, by=operator, at=stage.at)
    tell(desk, stage.contact, way, stage.at)
    words = SILENT if way == "a key of who cannot speak" else LISTENED

    assert words in part_of_hers(supervisor).find(id=f"help-{stage.contact.code}").text


def test_a_call_that_was_hidden_from_her_tells_nothing_of_its_caller(stage, operator, second, move):
    Contact.objects.filter(pk=stage.contact.pk).update(cannot_speak=True)
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(6)
    move(stage.contact, second)

    part = part_of_hers(second)
    assert ("cannot speak" in part.text, "cannot speak" in part["data-said"]) == (False, False)


def test_that_somebody_listens_reaches_an_open_console_with_its_next_poll(desk, stage, operator, second):
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    hers, live = browser_of(second), reverse("hotline:console_live")
    hers.get(live)
    seen = change_mark(second, at=timezone.now())
    assert hers.get(live, {"seen": seen, "notice": notice_mark()}).status_code == 204
    tell(desk, stage.contact, "the sheet", stage.at)

    assert hers.get(live, {"seen": seen, "notice": notice_mark()}).status_code == 200
