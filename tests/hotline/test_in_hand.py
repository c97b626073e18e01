"""A call that a colleague has: who left it to her is told so, reads its sheet, writes nothing on it and does not close it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline.actions import follow_up, sheets
from hotline.actions.in_hand import InHand
from hotline.actions.shielding import shield_contact
from hotline.models import CallBack, Contact, OperatorState
from hotline.queries.pulse import change_mark
from hotline.queries.sheets import newest_note, newest_sheet
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    leave_to,
    members,
)

pytestmark = pytest.mark.django_db
CONSOLE, LIVE = reverse("hotline:console"), reverse("hotline:console_live")
TAKEN = "Second, Liberia has taken this call."
REFUSED = f"{TAKEN} Nothing was written."
SAFETY = {
    "may_call": "yes", "may_text": "no", "may_voicemail": "unknown", "shared_phone": "yes", "who_may_answer": "only_me",
    "safe_from": "", "safe_until": "", "cover": "survey", "code_word": "", "version": "",
}  # fmt: skip
ACTS = {
    "answer": {"question": "safe_now", "answer": "no", "version": 0},
    "note": {"note": "She wants a clinic", "version": 0},
    "set_language": {"language": "fr"},
    "safety": SAFETY,
    "open_case": {},
    "wrap_up": {"topic": "silent"},
    "send_text": {"ready": "call_us", "text": "", "click": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
    "close_follow_up": {"closing": "reached", "on": "contact"},
    "reopen_follow_up": {},
    "give_owner": {"seen": "", "on": "contact"},
}
AFTER = {"close_follow_up", "reopen_follow_up", "give_owner"}  # of a call that was missed


@pytest.fixture
def left(stage, operator, second, now):
    """The operator has left her call to a colleague, whose console is open."""
    leave_to(stage, second, by=operator)
    stage.wait(4)
    goes_on(stage, second, now)
    assert members(stage) == {"caller", "col-1"}
    return stage


def goes_on(stage, second, now):
    """Let the clocks stand at the stage's, the colleague's console just seen."""
    now.move_to(stage.at, tick=False)
    OperatorState.objects.filter(user=second).update(seen_at=stage.at)


def hangs_up(stage, second, now):
    """Let the caller hang up: the colleague writes the sheet."""
    stage.play("hang up")
    stage.wait(4)
    goes_on(stage, second, now)
    assert (stage.contact.state, OperatorState.objects.get(user=second).state) == ("wrap_up", "wrap_up")


def opened(user, contact):
    return BeautifulSoup(browser_of(user).get(CONSOLE, {"contact": str(contact.public_id)}).content, "html.parser")


def plain(words):
    """Return words without the signs that keep a name's direction to itself."""
    return words.replace("\u2068", "").replace("\u2069", "")


def traces(contact):
    row = Contact.objects.get(pk=contact.pk)
    kept = (row.state, row.topic, row.language, row.cover, row.case_id, row.claimed_by_id, row.owner_id, row.closed_at)
    return kept, newest_sheet(row).version, newest_note(row), row.events.count(), row.messages.count()


@pytest.mark.parametrize("is_over", [False, True])
def test_who_left_a_call_reads_who_has_it_and_has_no_key_on_its_sheet(left, operator, second, now, is_over):
    if is_over:
        hangs_up(left, second, now)
    page = opened(operator, left.contact)

    told = page.find(id=f"in-hand-{left.contact.code}").text
    assert ("You have left the call." in told, "Second, Liberia" in told) == (True, True)
    for name in ("answer-1", "speaks", "safety-change", "open-case", "wrap-up"):
        assert page.find(id=name) is None
    assert TAKEN in plain(page.find(id="sheet-in-hand").text)
    assert page.find(id="sheet-question") is not None

    hers = opened(second, left.contact)
    assert hers.find(id="answer-1") is not None
    assert hers.find(id="sheet-in-hand") is None
    assert (hers.find(id="wrap-up") is not None) is is_over


def test_who_never_was_in_a_colleague_s_call_is_not_told_that_she_left_it(left, supervisor):
    told = opened(supervisor, left.contact).find(id=f"in-hand-{left.contact.code}").text
    assert ("You have left" in told, "Second, Liberia" in told) == (False, True)


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_who_left_a_call_writes_nothing_on_it(left, operator, second, now, act, is_over):
    sheets.save_answer(contact=left.contact, key="consent_case", values=["yes"], version=0, by=second, at=left.at)
    if is_over:
        hangs_up(left, second, now)
    Contact.objects.filter(pk=left.contact.pk).update(
        is_danger=act == "wrap_up", may_text="yes", is_missed=act in AFTER,
        closed_at=left.at if act == "reopen_follow_up" else None, closing="reached" if act == "reopen_follow_up" else "",
    )  # fmt: skip
    before, contact = traces(left.contact), left.contact
    sent = {"owner": str(operator.public_id)} if act == "give_owner" else {"seen": contact.closing_mark}

    answer = browser_of(operator).post(
        reverse(f"hotline:{act}", args=[contact.public_id]), ACTS[act] | sent, follow=True
    )

    words = plain(answer.content.decode())
    assert REFUSED in words
    assert traces(contact) == before
    if act == "note":
        assert ACTS["note"]["note"] in words
    assert OperatorState.objects.get(user=second).contact_id == contact.pk


def test_the_note_of_a_call_that_a_colleague_has_is_read_and_not_written(left, operator, second):
    contact, asked = left.contact, {"contact": str(left.contact.public_id)}
    mark = opened(second, contact).find(id="sheet-mark")["value"]
    polled = {operator: asked | {"sheet": mark}, second: asked | {"sheet": f"{contact.public_id.hex}.0.old"}}
    for user, is_held in ((operator, True), (second, False)):
        page = opened(user, contact)
        live = BeautifulSoup(browser_of(user).get(LIVE, polled[user]).content, "html.parser")

        note = page.find(id="note-form")
        assert (note.textarea.has_attr("readonly"), note.find(id="note-save").has_attr("disabled")) == (
            is_held,
            is_held,
        )
        for part in (page, live):
            told = part.find(id="note-hand")
            assert told.has_attr("data-held") == is_held
            assert (TAKEN in plain(told.text)) == is_held


def test_who_left_a_call_to_a_colleague_reads_its_safety_state_and_is_told_on_opening_who_writes_it(
    left, operator, second, now
):
    url = reverse("hotline:safety", args=[left.contact.public_id])

    def shown(user):
        page = BeautifulSoup(browser_of(user).get(url).content, "html.parser").find(id="main")
        return TAKEN in plain(page.text), page.form is not None, page.select_one(".safety dl dt") is not None

    assert (shown(operator), shown(second)) == ((True, False, True), (False, True, False))
    refused = BeautifulSoup(browser_of(operator).post(url, SAFETY).content, "html.parser").find(id="main")
    assert refused.form.find(checked=True, attrs={"name": "may_call"})["value"] == "yes"  # what she sent can be copied
    assert plain(refused.text).count(TAKEN) == 1
    assert "can write that more is safe" not in refused.text
    hangs_up(left, second, now)
    OperatorState.objects.filter(user=second).update(state="off", contact=None)
    assert shown(operator) == (False, True, False)


def test_no_text_is_offered_to_who_has_not_the_call(left, operator, second):
    Contact.objects.filter(pk=left.contact.pk).update(may_text="yes", safety_at=left.at)
    for user, is_held in ((operator, True), (second, False)):
        page = opened(user, left.contact)
        assert page.find(id="text-send").has_attr("disabled") == is_held
        assert page.find(id="text-answer").has_attr("hidden") == is_held


def test_a_note_that_came_too_late_can_be_copied_where_it_stands(left, operator):
    url = reverse("hotline:note", args=[left.contact.public_id])
    answer = browser_of(operator).post(url, ACTS["note"], headers={"HX-Request": "true"})
    part = BeautifulSoup(answer.content, "html.parser")
    assert part.textarea.text.strip() == ACTS["note"]["note"]
    assert part.textarea.has_attr("readonly")
    assert not part.find(id="note-copy").has_attr("hidden")


def test_an_answer_that_came_too_late_is_shown_in_words(left, operator):
    url = reverse("hotline:answer", args=[left.contact.public_id])
    answer = browser_of(operator).post(url, ACTS["answer"], headers={"HX-Request": "true"})
    assert BeautifulSoup(answer.content, "html.parser").find(id="answer-unkept").text == "Yours: No"


def test_the_sheet_in_the_open_page_says_why_an_answer_was_not_kept(left, operator):
    url = reverse("hotline:answer", args=[left.contact.public_id])
    answer = browser_of(operator).post(url, ACTS["answer"], headers={"HX-Request": "true"})
    part = BeautifulSoup(answer.content, "html.parser")
    assert part.find(id="answer-error").text.strip() == REFUSED
    assert part.find(id="answer-1") is None


def test_who_has_the_call_writes_on_it_and_closes_it(left, second, now):
    sheets.save_answer(contact=left.contact, key="safe_now", values=["yes"], version=0, by=second, at=left.at)
    hangs_up(left, second, now)
    follow_up.wrap_up(contact=left.contact, topic="concern", by=second, at=left.at)
    assert (left.contact.state, left.contact.topic) == ("done", "concern")


def test_the_supervisors_give_the_follow_up_of_a_call_that_somebody_still_writes_on(
    left, supervisor, operator, now, second
):
    hangs_up(left, second, now)
    Contact.objects.filter(pk=left.contact.pk).update(is_missed=True)
    follow_up.give_owner(contact=left.contact, owner=operator, by=supervisor, at=left.at)
    assert left.contact.owner == operator


@pytest.mark.parametrize(("minutes", "writes"), [(None, True), (59, True), (61, False)])
def test_who_talks_with_the_person_in_a_call_back_writes_down_what_she_says(
    left, operator, second, now, minutes, writes
):
    hangs_up(left, second, now)
    at = left.at
    ended = None if minutes is None else at - dt.timedelta(minutes=minutes)
    CallBack.objects.create(
        contact=left.contact, by=operator, state="reached" if ended else "talking", made_at=at, dialled_at=at,
        ended_at=ended,
    )  # fmt: skip

    if not writes:
        with pytest.raises(InHand):
            sheets.save_answer(contact=left.contact, key="safe_now", values=["no"], version=0, by=operator, at=at)
        return
    sheets.save_answer(contact=left.contact, key="safe_now", values=["no"], version=0, by=operator, at=at)
    with pytest.raises(sheets.AnswerChanged):
        sheets.save_answer(contact=left.contact, key="safe_now", values=["yes"], version=0, by=second, at=at)
    assert newest_sheet(left.contact).answers["safe_now"] == "no"


@pytest.mark.parametrize("how", ["closed console", "a day", "free"])
def test_a_sheet_that_its_operator_does_not_finish_is_finished_by_a_colleague_and_who_that_was_is_told(
    left, operator, second, now, how
):
    hangs_up(left, second, now)
    with pytest.raises(InHand):
        follow_up.wrap_up(contact=left.contact, topic="concern", by=operator, at=left.at)
    mine, at = OperatorState.objects.filter(user=second), left.at
    if how == "closed console":
        mine.update(seen_at=at - dt.timedelta(minutes=2))
    elif how == "a day":
        Contact.objects.filter(pk=left.contact.pk).update(ended_at=at - dt.timedelta(days=1))
    else:
        mine.update(state="off", contact=None)
    assert opened(operator, left.contact).find(id="wrap-up") is not None

    follow_up.wrap_up(contact=left.contact, topic="concern", by=operator, at=at)

    page = opened(second, left.contact)
    assert page.find(id=f"closed-by-{left.contact.code}").text == operator.get_full_name()
    assert opened(operator, left.contact).find(id=f"closed-by-{left.contact.code}") is None


def test_the_page_without_a_contact_in_its_address_goes_on_telling_of_the_sheet_on_it(left, operator, second, now):
    page = BeautifulSoup(browser_of(second).get(CONSOLE).content, "html.parser")
    mark = page.find(id="sheet-mark")["value"]
    hangs_up(left, second, now)
    OperatorState.objects.filter(user=second).update(seen_at=None)
    follow_up.wrap_up(contact=left.contact, topic="silent", by=operator, at=left.at)

    live = browser_of(second).get(LIVE, {"seen": "older", "sheet": mark}, headers={"HX-Request": "true"})

    part = BeautifulSoup(live.content, "html.parser")
    assert "No call" not in part.find(id="callbar").text
    assert part.find(id=f"closed-by-{left.contact.code}").text == operator.get_full_name()
    assert part.find(id="live-contact")["value"] == str(left.contact.public_id)
    seen = {"seen": part.find(id="live-mark")["value"], "contact": str(left.contact.public_id)}
    assert browser_of(second).get(LIVE, seen).status_code == 204


def test_a_sheet_on_the_page_that_names_her_meanwhile_is_told_nothing_of(left, operator, second, now):
    mark = opened(operator, left.contact).find(id="sheet-mark")["value"]
    shield_contact(contact=left.contact, by=second, at=left.at, user=operator)
    live = browser_of(operator).get(LIVE, {"seen": "older", "sheet": mark}, headers={"HX-Request": "true"})
    assert left.contact.code not in live.content.decode()


def test_the_sheet_on_the_page_is_only_read_from_the_moment_in_which_she_left(stage, operator, second, now):
    contact = stage.contact
    now.move_to(stage.at, tick=False)
    seen = opened(operator, contact).find(id="sheet-mark")["value"]
    Contact.objects.filter(pk=contact.pk).update(claimed_by=second)
    asked = {"contact": str(contact.public_id), "sheet": seen, "seen": "older"}

    part = BeautifulSoup(browser_of(operator).get(LIVE, asked, headers={"HX-Request": "true"}).content, "html.parser")

    assert part.find(id="sheet-in-hand") is not None
    assert part.find(id="answer-1") is None


@pytest.mark.parametrize("is_opened", [False, True])
def test_a_telephone_that_left_the_room_is_seen_at_the_next_look(stage, operator, second, at, is_opened):
    contact = stage.contact
    looks = (second if is_opened else operator, contact if is_opened else None)
    before = change_mark(looks[0], at=stage.at, contact=looks[1])
    contact.legs.filter(role="operator").update(left_at=stage.at)
    assert change_mark(looks[0], at=stage.at, contact=looks[1]) != before
    if is_opened:
        page = opened(second, contact)
        seen = {"seen": page.find(id="live-mark")["value"], "contact": str(contact.public_id)}
        assert browser_of(second).get(LIVE, seen).status_code == 204
