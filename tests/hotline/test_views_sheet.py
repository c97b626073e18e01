"""The triage sheet on the console: answers with versions, the note, safety, opening a case, wrapping up."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts import actions as accounts
from accounts.models import AuditEntry, Country
from hotline import triage
from hotline.actions import follow_up, sheets
from hotline.models import Contact, OperatorState, Sheet
from hotline.queries.sheets import newest_sheet
from languages.queries import in_language
from referral.models import Area, Case, Pathway, PathwayVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(line, at):
    """A French call that is over and whose sheet is open."""
    return Contact.objects.create(
        line=line, country=line.country, language="fr", state="wrap_up", step="done", started_at=at, changed_at=at,
        ended_at=at,
    )  # fmt: skip


@pytest.fixture
def desk(sign_in, operator):
    return sign_in(operator)


def give(desk, contact, question, *answers, version=0, htmx=False):
    """Send one answer from the console."""
    headers = {"HX-Request": "true"} if htmx else {}
    return desk.post(
        reverse("hotline:answer", args=[contact.public_id]),
        {"question": question, "answer": list(answers), "version": version},
        headers=headers,
    )


def test_each_answer_is_a_version_and_opens_the_next_question(desk, contact):
    answer = give(desk, contact, "safe_now", "yes")

    assert newest_sheet(contact).answers == {"safe_now": "yes"}
    assert answer["Location"].endswith("&q=may_talk")


def test_an_answer_through_htmx_returns_the_sheet_the_facts_and_the_case_box(desk, contact):
    page = give(desk, contact, "safe_now", "yes", htmx=True).content.decode()

    assert "Can you talk freely for a few minutes?" in page
    assert 'id="facts" hx-swap-oob="true"' in page
    assert 'id="case-box" hx-swap-oob="true"' in page


@pytest.mark.parametrize("written", ["24", "٢٤", "۲۴", "২৪"])
def test_an_age_may_be_written_in_the_digits_of_the_keyboard(desk, contact, written):
    give(desk, contact, "age", written)

    assert newest_sheet(contact).answers == {"age": 24}


def test_a_refused_number_stays_in_its_field_beside_the_error(desk, contact):
    page = give(desk, contact, "age", "999", htmx=True).content.decode()

    assert "Write a whole number that can be right" in page
    assert 'value="999"' in page
    assert 'aria-describedby="answer-error"' in page


def test_the_signs_stand_among_the_facts_in_short(desk, contact):
    first = give(desk, contact, "sign_threats", "yes", htmx=True).content.decode()
    page = give(desk, contact, "sign_violence", "no", version=1, htmx=True).content.decode()

    assert "<dt>Signs</dt><dd>1 of 11 asked</dd>" in first
    assert "<dt>Signs</dt><dd>2 of 11 asked</dd>" in page
    assert "<dt>Signs answered yes</dt><dd>Threats</dd>" in page


def test_answers_to_two_questions_from_one_version_are_both_kept(desk, contact):
    give(desk, contact, "safe_now", "yes", version=0)
    give(desk, contact, "may_talk", "no", version=0)

    assert newest_sheet(contact).answers == {"safe_now": "yes", "may_talk": "no"}


def test_a_changed_answer_is_shown_beside_mine_and_not_overwritten(desk, contact, person, liberia, at):
    colleague = person("operator", country=liberia, name="Operator 2, Liberia")
    sheets.save_answer(contact=contact, key="safe_now", values=["yes"], version=0, by=colleague, at=at)

    page = give(desk, contact, "safe_now", "no", version=0, htmx=True).content.decode()

    assert "Operator 2, Liberia saved another answer meanwhile." in page
    assert newest_sheet(contact).answers == {"safe_now": "yes"}

    give(desk, contact, "safe_now", "no", version=newest_sheet(contact).version)

    assert newest_sheet(contact).answers == {"safe_now": "no"}


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


def test_not_known_is_not_no_and_not_asked_is_left_out():
    facts = triage.facts_of({"safe_now": "unknown", "age": 17, "needs": ["health"], "wants_police": "not_asked"})

    assert facts == {"immediate_danger": None, "age": 17, "needs": ["health"]}


def test_safe_now_no_is_the_fact_immediate_danger():
    assert triage.facts_of({"safe_now": "no"}) == {"immediate_danger": True}


def test_an_unknown_age_is_treated_as_a_child():
    assert triage.is_treated_as_child({})
    assert triage.is_treated_as_child({"age": "unknown"})
    assert triage.is_treated_as_child({"age": 17})
    assert not triage.is_treated_as_child({"age": 18})


def test_the_eleven_signs_are_asked():
    assert len(triage.SIGN_KEYS) == 11


def test_words_that_do_not_exist_in_a_language_say_in_which_they_are():
    shown = in_language("No catalogue holds this sentence.", "ht")

    assert (shown.language, shown.is_fallback, shown.direction) == ("en", True, "ltr")


def test_an_area_of_another_country_is_no_answer(desk, contact, liberia):

    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr", time_zone="UTC")
    foreign = Area.objects.create(country=haiti, name="Ouest")
    own = Area.objects.create(country=liberia, name="Montserrado")

    refused = give(desk, contact, "area", str(foreign.pk), htmx=True)
    give(desk, contact, "area", str(own.pk))

    assert refused.status_code == 200
    assert newest_sheet(contact).answers == {"area": str(own.pk)}


def test_the_note_is_sealed_and_read_back_with_a_trace(desk, contact, operator):
    desk.post(reverse("hotline:note", args=[contact.public_id]), {"note": "Left this morning.", "version": 0})
    sheet = Sheet.objects.get(contact=contact)

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}").content.decode()

    assert str(sheet.note) == "sealed"
    assert "Left this morning." in page
    assert AuditEntry.objects.filter(verb="sealed.revealed", thing=accounts.thing_id(sheet)).exists()


@pytest.mark.parametrize("note", ['He said "run"', "«fuis»", "x" * 301, "hidden\u202e", "nul\x00"])
def test_a_note_with_quotations_or_odd_signs_or_too_long_is_refused(desk, contact, note):
    answer = desk.post(
        reverse("hotline:note", args=[contact.public_id]), {"note": note, "version": 0}, headers={"HX-Request": "true"}
    )

    assert 'class="error-text"' in answer.content.decode()
    assert Sheet.objects.count() == 0


def test_a_note_written_by_somebody_else_meanwhile_is_not_overwritten(desk, contact, person, liberia, at):
    colleague = person("operator", country=liberia, name="Operator 2, Liberia")
    sheets.save_note(contact=contact, text="Theirs.", version=0, by=colleague, at=at)

    page = desk.post(
        reverse("hotline:note", args=[contact.public_id]), {"note": "Mine.", "version": 0},
        headers={"HX-Request": "true"},
    ).content.decode()  # fmt: skip

    assert "Operator 2, Liberia wrote the note meanwhile." in page
    assert Sheet.objects.filter(contact=contact).count() == 1


SAFE = {"may_call": "yes", "may_text": "no", "may_voicemail": "unknown", "shared_phone": "yes", "who_may_answer": "only_me",
        "safe_from": "22:00", "safe_until": "02:00", "cover": "survey", "code_word": "mango"}  # fmt: skip


def test_the_safety_state_is_kept_and_the_code_word_sealed(desk, contact):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE)
    contact.refresh_from_db()

    assert answer.status_code == 302
    assert (contact.may_call, contact.may_text, contact.safe_from, contact.safe_until) == (
        "yes",
        "no",
        time(22),
        time(2),
    )
    assert str(contact.code_word) == "sealed"
    page = desk.get(reverse("hotline:safety", args=[contact.public_id])).content.decode()
    assert "mango" not in page


def test_a_code_word_stays_when_left_empty_and_goes_when_told(desk, contact):
    url = reverse("hotline:safety", args=[contact.public_id])
    desk.post(url, SAFE)
    desk.post(url, SAFE | {"code_word": ""})
    contact.refresh_from_db()
    kept = contact.code_word
    desk.post(url, SAFE | {"code_word": "", "forget_code_word": "on"})
    contact.refresh_from_db()

    assert kept
    assert contact.code_word is None


@pytest.mark.parametrize("window", [{"safe_until": "22:00"}, {"safe_until": ""}, {"safe_from": "25:00"}])
def test_an_empty_or_half_window_is_refused(desk, contact, window):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE | window)

    assert answer.status_code == 200
    assert Contact.objects.get(pk=contact.pk).safe_from is None


def test_a_case_needs_an_answer_on_consent_or_a_written_basis(desk, contact):
    answer = desk.post(reverse("hotline:open_case", args=[contact.public_id]), follow=True)

    assert "Ask for consent first, or write down the basis without consent." in answer.content.decode()
    assert not triage.may_open_case({"consent_case": "not_asked"})
    assert triage.may_open_case({"consent_case": "no"})
    assert triage.may_open_case({"basis": "life"})
    assert not triage.may_open_case({"basis": "unknown"})


def test_the_facts_say_that_the_case_holds_what_was_corrected_since(desk, contact, liberia, at):
    give(desk, contact, "age", "24")
    alone = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    pathway = Pathway.objects.create(key="p", country=liberia, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="d", shape_digest="s", published_at=at
    )
    case = Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=at,
        changed_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(case=case)

    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    console = desk.get(reverse("hotline:console"), {"contact": contact.public_id}).content.decode()

    words = "What was corrected since stands in the case."
    assert [words in shown for shown in (alone, page, console)] == [False, True, True]


def test_a_country_without_a_pathway_says_so(desk, contact):
    give(desk, contact, "consent_case", "yes")

    page = desk.post(reverse("hotline:open_case", args=[contact.public_id]), follow=True).content.decode()

    assert "This country has no published pathway yet." in page
    assert Contact.objects.get(pk=contact.pk).case_id is None


def test_wrapping_up_frees_the_operator_and_counts_the_contact(desk, contact, operator):
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=contact)

    desk.post(reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "hoax"})
    contact.refresh_from_db()

    assert (contact.state, contact.topic) == ("done", "hoax")
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_a_live_call_cannot_be_wrapped_up(desk, contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(state="connected", ended_at=None)

    page = desk.post(
        reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "hoax"}, follow=True
    ).content.decode()

    assert "The caller is still on the line. End the call first." in page
    with pytest.raises(follow_up.StillOnTheLine):
        follow_up.wrap_up(contact=Contact.objects.get(pk=contact.pk), topic="hoax", by=operator, at=at)


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


def test_the_language_of_the_caller_can_be_changed(desk, contact):
    url = reverse("hotline:set_language", args=[contact.public_id])

    desk.post(url, {"language": "ht", "q": "age"})
    refused = desk.post(url, {"language": "xx", "q": "age"}, follow=True).content.decode()

    contact.refresh_from_db()
    assert contact.language == "ht"
    assert "Choose one of the languages shown." in refused
