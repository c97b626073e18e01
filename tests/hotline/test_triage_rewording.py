"""English words of a question that are changed: its other languages are kept as said for the earlier ones, never shown as theirs."""

import pytest
from django.urls import reverse

from hotline import triage
from hotline.models import Contact, SheetForm
from tests.hotline.test_views_triage_forms import add_own, edit, keeper, page, post, publish, seen, sent, url

pytestmark = [pytest.mark.django_db]
__all__ = ["keeper"]  # the fixture of the pages under /admin/triage/

CATALOGUE = {("Old", "sw"): "Zamani"}


def house(source, code):
    return CATALOGUE.get((source, code), "")


def question(**ask):
    return {"key": "own_1", "label": {"en": "Own"}, "ask": ask, "why": {}}


def changed(before, **ask):
    return triage.reworded(before, before | {"ask": ask}, ["en", "fr", "sw"], house)


def test_words_of_other_languages_are_set_aside_with_the_english_for_which_they_were_said():
    after = changed(question(en="Old", fr="Ancien"), en="New", fr="Ancien")

    assert after["ask"] == {"en": "New"}
    assert after["earlier"] == {"ask": {"fr": {"en": "Old", "said": "Ancien"}, "sw": {"en": "Old", "said": "Zamani"}}}
    assert changed(after, en="Newer")["earlier"] == after["earlier"]


def test_words_that_are_written_anew_stand_and_the_earlier_ones_go():
    at_once = changed(question(en="Old", fr="Ancien"), en="New", fr="Nouveau")
    later = changed(changed(question(en="Old", fr="Ancien"), en="New", fr="Ancien"), en="New", fr="Nouveau", sw="Mpya")

    assert (at_once["ask"]["fr"], list(at_once["earlier"]["ask"])) == ("Nouveau", ["sw"])
    assert (later["ask"], "earlier" in later) == ({"en": "New", "fr": "Nouveau", "sw": "Mpya"}, False)


def test_english_that_is_taken_back_has_its_words_again():
    before = question(en="Old", fr="Ancien")
    after = changed(changed(before, en="New", fr="Ancien"), en="Old")

    assert after == before


def test_another_language_alone_sets_nothing_aside():
    assert "earlier" not in changed(question(en="Old", fr="Ancien"), en="Old", fr="Autre")
    assert "earlier" not in changed(question(en="", fr="Ancien"), en="New", fr="Ancien")


@pytest.mark.parametrize(
    "lines", [["Radio or television", "A friend"], ["A friend", "Radio or television", "A poster"]]
)
def test_an_answer_in_other_english_words_has_its_translations_as_earlier_ones_only(lines):
    old = [
        {"code": "c1", "label": {"en": "Radio", "fr": "La radio"}},
        {"code": "c2", "label": {"en": "A friend", "fr": "Un ami"}},
    ]
    rows = {row["label"]["en"]: row for row in triage.with_choices(old, {"en": lines, "fr": ["La radio", "Un ami"]}, ["en", "fr"], house)}  # fmt: skip

    assert rows["A friend"] == old[1]
    assert rows["Radio or television"]["label"] == {"en": "Radio or television"}
    assert rows["Radio or television"]["earlier"] == {"fr": {"en": "Radio", "said": "La radio"}}


def test_saving_other_english_names_the_languages_that_await_words_and_shows_what_was_said(keeper):
    key = add_own(keeper, ask_fr="Qui vous a parlé de ce numéro ?", choices_fr="La radio\nUn ami")
    told = edit(keeper, key, ask_en="Who gave you this number?").content.decode()
    form = keeper.get(url("question", key)).context["form"]

    assert "These languages await words for the new English: français." in told
    assert form["ask_fr"].value() == ""
    assert "“\u2068Qui vous a parlé de ce numéro ?\u2069” was said for" in form["ask_fr"].help_text
    assert "These languages await" not in edit(keeper, key, ask_fr="Qui vous a donné ce numéro ?").content.decode()
    assert "earlier" not in triage.entry_of(SheetForm.objects.get().body, key)


def test_an_answer_that_is_said_in_other_words_names_its_languages_too(keeper):
    key = add_own(keeper, ask_fr="Qui ?", choices_fr="La radio\nUn ami")
    told = edit(keeper, key, choices_en="Radio or television\nA friend").content.decode()

    assert "These languages await words for the new English: français." in told
    assert (
        "“\u2068La radio\u2069” was said for"
        in keeper.get(url("question", key)).context["form"]["choices_fr"].help_text
    )
    publish(keeper)
    entry = triage.entry_of(SheetForm.objects.get(state="live").body, key)
    assert [one["label"] for one in entry["choices"]] == [{"en": "Radio or television"}, {"en": "A friend", "fr": "Un ami"}]  # fmt: skip


def test_no_language_awaits_words_of_an_english_that_was_emptied(keeper):
    key = add_own(keeper, ask_fr="Qui ?", why_en="For the figures.", why_fr="Pour les chiffres.")
    publish(keeper)
    told = edit(keeper, key, why_en="", ask_en="").content.decode()

    assert "The draft is saved." in told
    assert "These languages await" not in told
    assert "Languages that await words" not in page(keeper)
    assert (
        "These languages await words for the new English: français."
        in edit(keeper, key, ask_en="Who was it?").content.decode()
    )


def test_publishing_asks_once_more_with_questions_and_languages_and_loses_nothing(keeper):
    edit(keeper, "may_talk", ask_en="Is it safe to talk now?")
    listed = page(keeper)
    answer = post(keeper, "publish", live="0")
    asked = answer.content.decode()

    assert "Languages that await words" in listed
    assert (answer.status_code, SheetForm.objects.filter(state="live").exists()) == (409, False)
    for words in ("Can talk freely", "français", "العربيّة", "Publish without these words"):
        assert words in asked, words
    assert f'name="sure" value="{seen()}"' in asked
    before = seen()
    edit(keeper, "may_talk", ask_en="Is it safe to talk to me now?")
    assert "Publish without these words" in post(keeper, "publish", live="0", sure=before).content.decode()
    assert "Version 1 is published." in publish(keeper)
    assert triage.entry_of(SheetForm.objects.get().body, "may_talk")["earlier"]["ask"]["fr"]["en"] == "Can you talk freely for a few minutes?"  # fmt: skip


def test_publishing_asks_nothing_where_every_language_is_said_or_was_missing_before(keeper, line):
    line.language_keys = "1:en 2:fr"
    line.save()
    post(keeper, "off", key="threats_how")
    assert "Version 1 is published." in publish(keeper, sure=False)
    key = add_own(keeper, ask_fr="Qui ?")
    assert "français" in publish(keeper, sure=False)
    edit(keeper, key, choices_fr="La radio\nUn ami")
    assert "Version 2 is published." in publish(keeper, sure=False)
    post(keeper, "up", key=key)
    assert "Version 3 is published." in publish(keeper, sure=False)


def test_an_operator_sees_earlier_words_only_beside_the_new_english_and_marked(keeper, desk, contact):
    edit(keeper, "may_talk", ask_en="Is it safe to talk now?")
    publish(keeper)
    Contact.objects.filter(pk=contact.pk).update(language="fr", started_at=SheetForm.objects.get().published_at)
    console = reverse("hotline:console") + f"?contact={contact.public_id}&q="

    shown = desk.get(console + "may_talk").content.decode()
    other = desk.get(console + "age").content.decode()

    assert '<p class="line">Is it safe to talk now?</p>' in shown
    assert "no words in français yet" in shown
    at = shown.index("Out of date")
    assert "was said for the earlier words" in shown[at:]
    assert "Can you talk freely for a few minutes?" in shown[at:]
    assert "Out of date" not in other
    edit(keeper, "may_talk", ask_fr="Pouvez-vous parler sans danger ?")
    assert sent(keeper, "may_talk")["ask_fr"] == "Pouvez-vous parler sans danger ?"
    publish(keeper)
    Contact.objects.filter(pk=contact.pk).update(started_at=SheetForm.objects.get(number=2).published_at)
    assert "Out of date" not in desk.get(console + "may_talk").content.decode()
