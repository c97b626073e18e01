"""The editor of the translation desk in the browser's stead: what is shown, what each button does."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from accounts.models import AuditEntry
from languages import actions, queries
from languages.models import Language, Unit, UnitChange
from tests.cms.translating import decide, do_all, unit_of
from tests.languages.conftest import BY
from tests.languages.test_publishing import edit
from tests.sample.models import Leaflet

pytestmark = [pytest.mark.usefixtures("no_memory"), pytest.mark.either]


def test_the_editor_shows_what_changed_and_what_readers_see(desk, french, segment, address):
    edit(french, "material", heading_en="Before you leave")

    html = desk.get(address() + f"?unit={segment('heading').pk}").content.decode()

    assert "<del>go</del><ins>leave</ins>" in html
    assert "Law, procedure, a right answer or a number changed in the source." in html
    assert "Older text, marked" in html
    assert re.search(r'<textarea[^>]*lang="fr" dir="ltr"[^>]*>\s*Avant de partir</textarea>', html)


def test_an_edit_of_which_nobody_said_the_kind_is_called_no_better_than_it_is(desk, french, segment, address):
    edit(french, heading_en="Before you leave")

    html = desk.get(address() + f"?unit={segment('heading').pk}").content.decode()

    assert ("The source was changed." in html, "better" in html) == (True, False)


def test_saving_keeps_a_draft_records_it_and_goes_on(desk, leaflet, segment, address, translator):
    line = segment("heading")

    answer = desk.post(address(tail=f"{line.pk}/"), {"text": "Avant", "version": 0, "then": "next"})

    assert answer.url == address() + f"?unit={segment('summary').pk}#open"
    assert (unit_of().draft, unit_of().state) == ("Avant", "draft")
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.actor) == ("translation.saved", str(translator.public_id))


@pytest.mark.parametrize(
    ("then", "words"), [("stay", "1 text is kept as draft."), ("review", "1 text waits for review.")]
)
def test_saving_says_once_beside_the_button_that_the_text_is_kept(desk, segment, address, then, words):
    line = segment("heading")

    saved = desk.post(
        address(tail=f"{line.pk}/"), {"text": "Avant", "version": 0, "then": then}, follow=True
    ).content.decode()
    again = desk.get(address() + f"?unit={line.pk}").content.decode()

    assert f'aria-live="polite">{words}<' in saved
    assert words not in again
    assert 'id="kept" aria-live="polite"><' in again


def test_the_editor_says_in_the_reader_s_language_which_part_a_text_is_and_what_was_asked(desk, segment, address):
    html = desk.get(
        address().replace("/en/", "/fr/") + f"?unit={segment('body.c1.choices.i1.text').pk}"
    ).content.decode()

    part = BeautifulSoup(html, "html.parser").select_one("#open .source").find_next_sibling("p")
    assert " ".join(part.text.split()) == "Texte : Who keeps the passport?"
    assert part.select_one("span")["lang"] == "en"


def test_what_is_refused_is_checked_as_it_was_written(desk, segment, address):
    line = segment("heading")
    desk.post(address(tail=f"{line.pk}/"), {"text": "Avant", "version": 0, "then": "stay"})

    stands = desk.get(address() + f"?unit={line.pk}")
    refused = desk.post(address(tail=f"{line.pk}/"), {"text": "Avant\nApres", "version": 1, "then": "stay"})

    fits = [
        BeautifulSoup(page.content, "html.parser").select_one(".checks").find_all("li")[-1].text
        for page in (stands, refused)
    ]
    assert fits == ["holdsLength fits", "does not holdLength fits"]


@pytest.mark.parametrize("then", ["next", "stay", "review"])
@pytest.mark.parametrize("typed", ["", " \n"])
def test_an_empty_text_does_not_replace_one_that_stands(desk, segment, address, at, then, typed):
    line = segment("heading")
    unit = actions.save_target(segment=line, language="fr", text="Avant", version=0, by=BY, at=at, origin="machine")
    actions.submit(unit=unit, by=BY, at=at)
    version = unit_of().version

    answer = desk.post(address(tail=f"{line.pk}/"), {"text": typed, "version": version, "then": then})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Write something first. Nothing was changed." in html
    assert "Avant</textarea>" in html
    assert "Still right" in html
    assert (unit_of().draft, unit_of().state, unit_of().version) == ("Avant", "in_review", version)


def test_a_broken_text_comes_back_with_what_to_mend(desk, segment, address):
    answer = desk.post(
        address(tail=f"{segment('body.w1').pk}/"), {"text": "<1>Appelez {x}</1>", "version": 0, "then": "next"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The link &lt;2&gt; is missing." in html
    assert "{x} is not in the source." in html
    assert "&lt;1&gt;Appelez {x}&lt;/1&gt;</textarea>" in html
    assert not Unit.objects.exists()


@pytest.mark.parametrize("sign", ["\u202e", "\ufeff", "\u2028", "\U000e0041"])
def test_hidden_signs_are_refused(desk, segment, address, sign):
    answer = desk.post(address(tail=f"{segment('heading').pk}/"), {"text": f"a{sign}b", "version": 0})

    assert answer.status_code == 422
    assert "hidden signs" in answer.content.decode()


def test_two_writers_see_both_texts(desk, segment, address, at):
    actions.save_target(segment=segment("heading"), language="fr", text="Le leur", version=0, by=BY, at=at)

    answer = desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Le mien", "version": 0})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Le leur" in html
    assert "Le mien</textarea>" in html
    assert desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Le mien", "version": 1}).status_code == 302
    assert unit_of().draft == "Le mien"


def test_from_writing_to_readers(desk, leaflet, segment, address):
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})
    assert "Avant" in desk.get("/en/desk/review/fr/").content.decode()

    decide(desk, unit_of(), "approve", back="review")
    do_all(desk, address(), "publish")
    do_all(desk, address(), "read")

    assert (unit_of().state, unit_of().native_read_at is not None) == ("published", True)
    with translation.override("fr"):
        assert Leaflet.objects.get().heading == "Avant"
    assert list(AuditEntry.objects.filter(verb__startswith="translation.").order_by("seq").values_list("verb", flat=True)) == [
        "translation.saved", "translation.submitted", "translation.approved", "translation.published",
        "translation.native_read",
    ]  # fmt: skip


def test_sending_back_needs_a_reason(desk, leaflet, segment, address):
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})

    decide(desk, unit_of(), "return", reason="")
    assert unit_of().state == "in_review"

    decide(desk, unit_of(), "return", reason="Too long")
    assert unit_of().state == "draft"
    assert "Too long" in desk.get(address()).content.decode()


def test_ones_own_text_waits_for_a_second_person(desk, leaflet, segment, address):
    Language.objects.create(code="fr", needs_second_person=True)
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "review"})

    answer = decide(desk, unit_of(), "approve")
    answer = desk.get(answer.url)

    assert "A second person approves texts in this language." in answer.content.decode()
    assert unit_of().state == "in_review"
    assert not AuditEntry.objects.filter(verb="translation.approved").exists()


def test_still_right(desk, french, address):
    edit(french, "material", heading_en="Before you leave")

    decide(desk, unit_of(), "confirm")
    decide(desk, unit_of(), "approve")
    do_all(desk, address(), "publish")

    assert queries.status_of(french, "fr").code == "published"


def test_taking_a_text_away(desk, french):
    decide(desk, unit_of(), "withdraw", reason="Wrong law")

    assert unit_of().live == ""
    assert not Leaflet.objects.get().heading_fr


@pytest.mark.parametrize(
    ("verb", "written"), [("read", "native_read"), ("withdraw", "withdrawn"), ("confirm", "confirmed")]
)
def test_the_same_decision_sent_again_is_written_down_once(desk, french, verb, written):
    edit(french, "material", heading_en="Before you leave")

    for _ in range(3):
        decide(desk, unit_of(), verb, reason="Wrong law")

    assert UnitChange.objects.filter(unit=unit_of(), verb=written).count() == 1
    assert AuditEntry.objects.filter(verb=f"translation.{written}").count() == 1


@pytest.mark.parametrize(("verb", "written"), [("read", "native_read"), ("submit", "submitted")])
def test_what_is_done_with_all_texts_is_written_down_once(desk, leaflet, segment, address, verb, written):
    desk.post(address(tail=f"{segment('heading').pk}/"), {"text": "Avant", "version": 0, "then": "stay"})

    for _ in range(3):
        do_all(desk, address(), verb)

    assert UnitChange.objects.filter(unit=unit_of(), verb=written).count() == 1
    assert AuditEntry.objects.filter(verb=f"translation.{written}").count() == 1
