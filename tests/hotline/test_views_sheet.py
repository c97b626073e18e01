"""The triage sheet on the console: answers with versions, the note, the script, the language of the caller."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts import actions as accounts
from accounts.models import AuditEntry
from hotline import triage
from hotline.actions import sheets
from hotline.models import Contact, Sheet
from hotline.queries.sheets import newest_note, newest_sheet
from hotline.views.console import console_url
from languages.queries import in_language
from referral.models import Area
from tests.hotline.console import give

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.both
def test_each_answer_is_a_version_and_opens_the_next_question(desk, contact):
    answer = give(desk, contact, "safe_now", "yes")

    assert newest_sheet(contact).answers == {"safe_now": "yes"}
    assert answer["Location"].endswith("&q=may_talk")


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(("then", "opens"), [
    ("needs", "needs"), ("safe_now", "safe_now"), ("", "may_talk"), ("no_question", "may_talk"), ("needs&contact=1", "may_talk"), ("x" * 9000, "may_talk")])  # fmt: skip
def test_an_answer_opens_the_question_that_is_wanted_then(desk, contact, then, opens, htmx):
    fields = {"question": "safe_now", "answer": ["yes"], "version": 0, "then": then}
    headers = {"HX-Request": "true"} if htmx else {}
    answer = desk.post(reverse("hotline:answer", args=[contact.public_id]), fields, headers=headers)

    assert newest_sheet(contact).answers == {"safe_now": "yes"}
    if htmx:
        assert f'id="sheet-question" name="q" value="{opens}"' in answer.content.decode()
    else:
        assert answer["Location"].endswith(f"&q={opens}")


def test_an_answer_through_htmx_returns_the_sheet_the_facts_and_the_case_box(desk, contact):
    page = give(desk, contact, "safe_now", "yes", htmx=True).content.decode()

    assert "Can you talk freely for a few minutes?" in page
    assert 'id="facts" hx-swap-oob="true"' in page
    assert 'id="case-box" hx-swap-oob="true"' in page


@pytest.mark.parametrize("written", ["24", "٢٤", "۲۴", "২৪"])
def test_an_age_may_be_written_in_the_digits_of_the_keyboard(desk, contact, written):
    give(desk, contact, "age", written)

    assert newest_sheet(contact).answers == {"age": 24}


@pytest.mark.parametrize(("question", "typed", "most"), [
    ("age", "999", 99), ("age", "111", 99), ("age", "100", 99), ("age", "-1", 99), ("children_with", "31", 30), ("children_with", "2.5", 30)])  # fmt: skip
def test_a_refused_number_stays_in_its_field_beside_its_limits(desk, contact, question, typed, most):
    page = give(desk, contact, question, typed, htmx=True).content.decode()

    assert f"Write a whole number from 0 to {most}, or choose “Not known”." in page
    assert f'value="{typed}"' in page
    assert 'aria-describedby="answer-error"' in page


def test_the_signs_stand_among_the_facts_in_short(desk, contact):
    first = give(desk, contact, "sign_threats", "yes", htmx=True).content.decode()
    page = give(desk, contact, "sign_violence", "no", version=1, htmx=True).content.decode()

    assert "<dt>Signs</dt><dd>1 of 11 asked</dd>" in first
    assert "<dt>Signs</dt><dd>2 of 11 asked</dd>" in page
    assert "<dt>Signs answered yes</dt><dd>Threats</dd>" in page


@pytest.mark.both
def test_answers_to_two_questions_from_one_version_are_both_kept(desk, contact):
    give(desk, contact, "safe_now", "yes", version=0)
    give(desk, contact, "may_talk", "no", version=0)

    assert newest_sheet(contact).answers == {"safe_now": "yes", "may_talk": "no"}


@pytest.mark.both
def test_a_changed_answer_is_shown_beside_mine_and_not_overwritten(desk, contact, person, liberia, at):
    colleague = person("operator", country=liberia, name="Operator 2, Liberia")
    sheets.save_answer(contact=contact, key="safe_now", values=["yes"], version=0, by=colleague, at=at)

    page = give(desk, contact, "safe_now", "no", version=0, htmx=True).content.decode()

    assert "Operator 2, Liberia saved another answer meanwhile." in page
    assert newest_sheet(contact).answers == {"safe_now": "yes"}

    give(desk, contact, "safe_now", "no", version=newest_sheet(contact).version)

    assert newest_sheet(contact).answers == {"safe_now": "no"}


@pytest.mark.both
def test_the_same_answer_again_makes_no_version(desk, contact):
    give(desk, contact, "safe_now", "yes")
    give(desk, contact, "safe_now", "yes", version=1)

    assert Sheet.objects.filter(contact=contact).count() == 1


@pytest.mark.parametrize(
    ("question", "answers"),
    [("safe_now", ["maybe"]), ("age", ["-1"]), ("age", ["1e3"]), ("age", ["121"]), ("age", ["٣٠٠"]), ("sex", ["x"]),
     ("needs", ["health", "gold"]), ("no_such", ["yes"]), ("safe_now", ["yes", "no"]), ("children_with", ["31"])],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_a_sentence(desk, contact, question, answers):
    answer = give(desk, contact, question, *answers, htmx=True)

    assert answer.status_code == 200
    assert 'class="error-text"' in answer.content.decode()
    assert Sheet.objects.count() == 0


def test_words_that_do_not_exist_in_a_language_say_in_which_they_are():
    shown = in_language("No catalogue holds this sentence.", "ht")

    assert (shown.language, shown.is_fallback, shown.direction) == ("en", True, "ltr")


def test_a_script_that_no_native_reader_read_says_so_beside_the_words(desk, contact):
    contact.language = "fr"
    contact.save()
    page = desk.get(console_url(contact, "safe_now")).content.decode()

    assert in_language("Are you in a safe place at the moment?", "en").is_draft is False
    assert page.count("Machine draft, awaiting a native reader") == 1
    contact.language = "en"
    contact.save()
    assert "Machine draft" not in desk.get(console_url(contact, "safe_now")).content.decode()


@pytest.mark.parametrize(
    ("spoken", "read", "drafts"), [("en", "fr", 1), ("ht", "fr", 2), ("fr", "fr", 1), ("fr", "en", 1)]
)
def test_the_operator_s_own_words_say_too_that_no_native_reader_read_them(desk, contact, spoken, read, drafts):
    contact.language = spoken
    contact.save()
    with translation.override(read):
        page, words = desk.get(console_url(contact, "safe_now")), gettext("Machine draft, awaiting a native reader")

    assert page.content.decode().split("<footer")[0].count(words) == drafts  # the foot says it of the page


def test_an_area_of_another_country_is_no_answer(desk, contact, liberia, haiti):
    foreign = Area.objects.create(country=haiti, name="Ouest")
    own = Area.objects.create(country=liberia, name="Montserrado")

    refused = give(desk, contact, "area", str(foreign.pk), htmx=True)
    give(desk, contact, "area", str(own.pk))

    assert refused.status_code == 200
    assert newest_sheet(contact).answers == {"area": str(own.pk)}


@pytest.mark.both
def test_the_note_is_sealed_and_read_back_with_a_trace(desk, contact, operator):
    desk.post(reverse("hotline:note", args=[contact.public_id]), {"note": "Left this morning.", "version": 0})
    sheet = Sheet.objects.get(contact=contact)

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}").content.decode()

    assert str(sheet.note) == "sealed"
    assert "Left this morning." in page
    assert AuditEntry.objects.filter(verb="sealed.revealed", thing=accounts.thing_id(sheet)).exists()


@pytest.mark.both
@pytest.mark.parametrize(
    "note", ['He said "run"', "«fuis»", "x" * 301, "hidden\u202e", "nul\x00", "a" + "\u0301" * 50]
)
def test_a_note_with_quotations_or_odd_signs_or_too_long_is_refused(desk, contact, note):
    answer = desk.post(
        reverse("hotline:note", args=[contact.public_id]), {"note": note, "version": 0}, headers={"HX-Request": "true"}
    )

    assert 'class="error-text"' in answer.content.decode()
    assert " data-refused " in answer.content.decode()
    assert Sheet.objects.count() == 0


@pytest.mark.both
def test_a_note_written_by_somebody_else_meanwhile_is_not_overwritten(desk, contact, person, liberia, at):
    colleague = person("operator", country=liberia, name="Operator 2, Liberia")
    sheets.save_note(contact=contact, text="Theirs.", version=0, by=colleague, at=at)

    page = desk.post(
        reverse("hotline:note", args=[contact.public_id]), {"note": "Mine.", "version": 0},
        headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip

    assert "Operator 2, Liberia wrote the note meanwhile." in page
    assert ("Theirs." in page, "Mine.</textarea>" in page) == (True, True)
    assert " data-refused " in page
    assert Sheet.objects.filter(contact=contact).count() == 1


@pytest.mark.both
def test_without_javascript_both_notes_are_shown_too_and_the_next_saving_counts(
    desk, contact, operator, person, liberia, at
):
    colleague = person("operator", country=liberia, name="Operator 2, Liberia")
    sheets.save_note(contact=contact, text="Theirs.\nAll of it.", version=0, by=colleague, at=at)
    address = reverse("hotline:note", args=[contact.public_id])

    answer = desk.post(address, {"note": "Mine.", "version": 0})
    page = answer.content.decode()
    seen = answer.context["note_form"]["version"].value()
    saved = desk.post(address, {"note": "Mine, and theirs.", "version": seen})

    assert answer.status_code == 409
    assert "Operator 2, Liberia wrote the note meanwhile." in page
    assert ("Theirs.<br>All of it." in page, "Mine.</textarea>" in page) == (True, True)
    assert f'href="{reverse("hotline:console")}?contact={contact.public_id}"' in page
    assert (seen, saved.status_code, newest_note(contact).saved_by) == (1, 302, operator)


HTMX = {"HX-Request": "true"}


def opened(browser, contact):
    """Open the console of a contact; return what the form of its note sends beside the words."""
    form = browser.get(console_url(contact)).context["note_form"]
    return {name: form[name].value() for name in ("version", "page")}


def sent(browser, contact, words, page, **headers):
    """Save the note on an opened page, and let the page have what its form got back."""
    answer = browser.post(reverse("hotline:note", args=[contact.public_id]), {"note": words} | page, headers=headers)
    if answer.context and "note_form" in answer.context:
        page |= {name: answer.context["note_form"][name].value() for name in ("version", "page")}
    return answer


def note_of(contact, at):
    return accounts.reveal(newest_note(contact), "note", by="test", at=at, reason="test")


@pytest.mark.both
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_that_she_saved_in_another_window_is_not_overwritten_unseen(sign_in, operator, contact, at, headers):
    one, two = sign_in(operator), sign_in(operator)
    first, second = opened(one, contact), opened(two, contact)
    sent(two, contact, "A long, careful note.", second, **headers)

    answer = sent(one, contact, "Short.", first, **headers)

    page = answer.content.decode()
    assert (answer.status_code, note_of(contact, at)) == (200 if headers else 409, "A long, careful note.")
    assert "You saved another note meanwhile, in another window." in page
    assert "A long, careful note." in page.partition('role="alert"')[2].partition("<textarea")[0]
    assert "Short.</textarea>" in page
    sent(one, contact, "Short. And long.", first, **headers)
    assert note_of(contact, at) == "Short. And long."


def test_one_page_never_meets_its_own_note(desk, contact, at):
    page = opened(desk, contact)
    overtaken = dict(page)
    sent(desk, contact, "One.", page, **HTMX)
    give(desk, contact, "safe_now", "yes", version=0)

    late = [sent(desk, contact, words, dict(overtaken), **HTMX) for words in ("One, two.", "One, two.")]
    sent(desk, contact, "One, two, three.", page, **HTMX)
    again = sent(desk, contact, "One, two, three, four.", page, **HTMX)

    assert [one.context["note_other"] for one in (*late, again)] == [""] * 3
    assert note_of(contact, at) == "One, two, three, four."


@pytest.mark.both
def test_the_same_words_again_are_no_other_note(sign_in, operator, contact):
    one, two = sign_in(operator), sign_in(operator)
    first, second = opened(one, contact), opened(two, contact)
    sent(two, contact, "Left this morning.", second)

    assert sent(one, contact, "Left this morning.", first).status_code == 302
    assert contact.sheets.count() == 1


def test_without_javascript_a_refused_note_stands_in_its_field(desk, contact):
    answer = desk.post(reverse("hotline:note", args=[contact.public_id]), {"note": "He said «run».", "version": 0})

    assert answer.status_code == 422
    assert "He said «run».</textarea>" in answer.content.decode()
    assert 'class="error-text"' in answer.content.decode()
    assert Sheet.objects.count() == 0


@pytest.mark.both
def test_an_erased_contact_takes_no_more_words(operator, contact, at):
    Contact.objects.filter(pk=contact.pk).update(erased_at=at + timedelta(days=1))

    with pytest.raises(sheets.ContactIsErased):
        sheets.save_answer(contact=contact, key="safe_now", values=["yes"], version=0, by=operator, at=at)


def test_the_script_stands_in_the_callers_language_with_its_direction(desk, contact):
    Contact.objects.filter(pk=contact.pk).update(language="ar")
    with translation.override("ar"):
        is_translated = triage.question("age").ask != "How old are you?"

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}&q=age").content.decode()

    wanted = '<div class="say" lang="ar" dir="rtl">' if is_translated else '<div class="say" lang="en" dir="ltr">'
    assert wanted in page


@pytest.mark.parametrize(("language", "times"), [("en", 1), ("fr", 2)])
def test_a_sentence_that_both_read_in_one_language_stands_there_once(desk, contact, language, times):
    Contact.objects.filter(pk=contact.pk).update(language=language)

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}&q=sign_violence").content.decode()

    assert page.count('<p class="line">') == times
    assert page.count("sign 5 of 11") == 1


def test_the_language_of_the_caller_can_be_changed(desk, contact):
    url = reverse("hotline:set_language", args=[contact.public_id])

    desk.post(url, {"language": "ht", "q": "age"})
    refused = desk.post(url, {"language": "xx", "q": "age"}, follow=True).content.decode()

    contact.refresh_from_db()
    assert contact.language == "ht"
    assert "Choose one of the languages shown." in refused
