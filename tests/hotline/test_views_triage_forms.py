"""The triage form of a country under /admin/: drafted question by question, published, and what sheets keep of it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import triage
from hotline.models import Contact, Sheet, SheetForm
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import newest_sheet
from tests.hotline.console import give, waiting
from tests.referral.pathways.forms import may_enter

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def browser_of(user):
    """Return a browser of its own, signed in with the second factor."""
    browser = Client()
    browser.force_login(user, backend="accounts.sessions.AuthenticationBackend")
    session = browser.session
    session["demo_second_factor"] = True
    session.save()
    return browser


@pytest.fixture
def keeper(person, liberia, line):
    """The browser of a manager of the line's country."""
    return browser_of(may_enter(person("manager", country=liberia, name="First manager", is_staff=True)))


def url(name, *args):
    return reverse(f"triage_forms:{name}", args=["LR", *args])


def page(keeper):
    return keeper.get(url("form")).content.decode()


def seen():
    row = SheetForm.objects.filter(state="draft").first()
    return row.digest if row else ""


def post(keeper, act, **told):
    return keeper.post(url(act), {"seen": seen()} | told, follow=True)


def sent(keeper, key, **changes):
    """What the form of a question sends as it stands, with changes."""
    form = keeper.get(url("question", key)).context["form"]
    told = {field.html_name: field.value() for field in form}
    return {name: value for name, value in (told | changes).items() if value is not None}


def edit(keeper, key, **changes):
    return keeper.post(url("question", key), sent(keeper, key, **changes), follow=True)


def publish(keeper, sure=True):
    """Publish as who was shown in which languages words are missing, or, not `sure`, as who was not."""
    live = SheetForm.objects.filter(state="live").first()
    told = {"live": str(live.number if live else 0)} | ({"sure": seen()} if sure else {})
    return post(keeper, "publish", **told).content.decode()


def add_own(keeper, **words):
    answer = post(keeper, "add", step="need", kind="one")
    key = answer.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    told = {"label_en": "Who told you", "ask_en": "Who told you of this number?", "choices_en": "Radio\nA friend"}
    edit(keeper, key, **told | words)
    return key


@pytest.mark.both
def test_what_is_said_where_a_field_is_left_empty_bears_the_mark_of_a_draft(keeper):
    fields = keeper.get(url("question", "may_talk")).context["form"].fields
    hints = {code: str(fields[f"ask_{code}"].help_text) for code in ("fr", "en")}

    assert hints["fr"].startswith("Left empty:")
    assert hints["fr"].endswith(" · Machine draft, awaiting a native reader")
    assert hints["en"] == ""


def test_a_question_is_added_worded_published_and_asked_in_the_callers_language(keeper, desk, contact):
    assert "The form of the house" in keeper.get(reverse("triage_forms:index")).content.decode()
    key = add_own(keeper, ask_fr="Qui vous a parlé de ce numéro ?", choices_fr="La radio\nUn ami")
    shown = page(keeper)

    assert '<th scope="row"><bdi>Who told you</bdi></th><td data-label="What changes">Added</td>' in shown
    assert give(desk, contact, key, "c1", htmx=True).content.decode().count("no longer on the sheet") == 1

    assert "Version 1 is published." in publish(keeper)
    Contact.objects.filter(pk=contact.pk).update(language="fr", started_at=SheetForm.objects.get().published_at)
    contact.refresh_from_db()
    console = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}&q={key}").content.decode()
    give(desk, contact, key, "c2")

    assert "Qui vous a parlé de ce numéro ?" in console
    assert "Who told you of this number?" in console
    assert "A friend <kbd" in console
    assert "Form of this country, version 1" in console
    assert newest_sheet(contact).answers == {key: "c2"}
    assert "<dt>Who told you</dt><dd>A friend</dd>" in desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()  # fmt: skip
    assert list(AuditEntry.objects.filter(verb__startswith="hotline.sheet").values_list("verb", flat=True)) == [*["hotline.sheet_drafted"] * 2, "hotline.sheet_published"]  # fmt: skip


def test_a_new_answer_keeps_the_words_of_the_others_in_each_language_and_other_lines_are_refused(keeper):
    key = add_own(keeper, choices_fr="La radio\nUn ami")
    edit(keeper, key, choices_en="A friend\nRadio\nA poster")

    assert sent(keeper, key)["choices_fr"].splitlines() == ["Un ami", "La radio"]
    refused = edit(keeper, key, choices_fr="Un ami\nLa radio\nUne affiche\nAutre")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["choices_fr"])
    edit(keeper, key, choices_fr="Un ami\nLa radio\nUne affiche")
    assert sent(keeper, key)["choices_fr"].splitlines() == ["Un ami", "La radio", "Une affiche"]


@pytest.mark.both
def test_a_sheet_that_was_begun_stays_with_its_version_and_is_finished_with_it(keeper, desk, contact, line, at):
    give(desk, contact, "safe_now", "yes")
    key = add_own(keeper)
    publish(keeper)
    published = SheetForm.objects.get().published_at
    other = waiting(line, published, claimed_by=contact.claimed_by, state="wrap_up")
    give(desk, other, "safe_now", "yes")
    post(keeper, "off", key=key)
    publish(keeper)
    give(desk, contact, "sex", "female", version=1)
    give(desk, other, key, "c1", version=1)

    assert key not in form_of(newest_sheet(contact)).by_key
    assert newest_sheet(other).answers == {"safe_now": "yes", key: "c1"}
    assert newest_sheet(other).form.number == 1
    assert key not in form_of(newest_sheet(waiting(line, at))).by_key
    assert Sheet.objects.filter(contact=contact).values_list("form", "house").distinct().get() == (None, triage.NEWEST)
    old = Sheet.objects.filter(contact=contact).latest("version")
    old.house = 1
    assert form_of(old) == triage.FORMS[1]


def test_a_call_that_began_before_publishing_is_asked_by_the_version_of_then_though_nothing_is_saved(keeper, line, at):
    first = add_own(keeper)
    publish(keeper)
    begun = SheetForm.objects.get().published_at
    second = add_own(keeper)
    publish(keeper)
    SheetForm.objects.filter(number=2).update(published_at=begun + dt.timedelta(minutes=10))
    forms = [
        form_of(newest_sheet(waiting(line, begun + dt.timedelta(minutes=minutes)))).by_key for minutes in (-1, 1, 11)
    ]

    assert [(first in form, second in form) for form in forms] == [(False, False), (True, False), (True, True)]


def test_a_call_that_is_over_for_a_day_with_nothing_saved_is_asked_what_is_asked_now(keeper, line, at, now):
    own = add_own(keeper)
    publish(keeper)
    begun = SheetForm.objects.get().published_at
    before, day = waiting(line, begun - dt.timedelta(minutes=1)), dt.timedelta(days=1)
    Contact.objects.filter(pk=before.pk).update(state="ended", ended_at=begun)
    before.refresh_from_db()

    asked = []
    for after in (day - dt.timedelta(minutes=1), day + dt.timedelta(minutes=1)):
        now.move_to(begun + after, tick=False)
        asked.append(own in form_of(newest_sheet(before)).by_key)

    assert asked == [False, True]


def test_what_is_wrong_is_told_and_nothing_is_published(keeper, desk, contact):
    post(keeper, "add", step="need", kind="many")
    edit(keeper, "own_1", label_en="Own", ask_en="", choices_en="One")
    shown = page(keeper)

    assert "“Own” has no words to say in English." in shown
    assert "“Own” needs 2 to 9 answers." in shown
    assert 'href="#q-own_1"' in shown
    assert "It was not published." in publish(keeper)
    assert not SheetForm.objects.filter(state="live").exists()
    give(desk, contact, "safe_now", "yes")
    assert newest_sheet(contact).form is None


def test_what_the_code_needs_cannot_be_taken_off_and_what_was_taken_off_comes_back(keeper):
    assert "Always on the form" in page(keeper)
    post(keeper, "off", key="safe_now")
    assert SheetForm.objects.count() == 1
    assert triage.entry_of(SheetForm.objects.get().body, "safe_now")

    post(keeper, "off", key="threats_how")
    assert "Put back" in page(keeper)
    post(keeper, "back", key="threats_how")
    assert triage.entry_of(SheetForm.objects.get().body, "threats_how")["when"] == {"key": "sign_threats", "answers": ["yes"]}  # fmt: skip
    assert triage.faults_of(SheetForm.objects.get().body) == []


def test_a_question_of_its_own_whose_words_no_version_has_is_taken_off_only_after_they_were_shown(keeper):
    key = add_own(keeper, ask_fr="Qui vous a parlé de ce numéro ?", choices_fr="La radio\nUn ami")
    asked = post(keeper, "off", key=key)

    shown = asked.content.decode()
    assert (asked.status_code, "nothing brings them back" in shown) == (409, True)
    for words in ("Who told you", "Qui vous a parlé de ce numéro ?", "La radio", "Radio", "français"):
        assert words in shown, words
    assert triage.entry_of(SheetForm.objects.get().body, key)
    sure = asked.context["sure"]
    edit(keeper, key, ask_fr="Comment nous avez-vous trouvés ?")
    assert post(keeper, "off", key=key, sure=sure).status_code == 409  # other words were shown
    assert (
        "Somebody else changed"
        in post(keeper, "off", key=key, sure=asked_again(keeper, key), seen=sure).content.decode()
    )
    post(keeper, "off", key=key, sure=asked_again(keeper, key))
    assert triage.entry_of(SheetForm.objects.get().body, key) is None


def asked_again(keeper, key):
    return post(keeper, "off", key=key).context["sure"]


def test_what_a_version_has_is_taken_off_at_once_and_put_back_with_its_words_in_all_languages(keeper):
    key = add_own(keeper, ask_fr="Qui vous a parlé de ce numéro ?", choices_fr="La radio\nUn ami")
    edit(keeper, "threats_how", ask_en="Our own words?")
    publish(keeper)
    for one in (key, "threats_how"):
        before = triage.entry_of(SheetForm.objects.latest("number").body, one)
        assert post(keeper, "off", key=one).status_code == 200
        assert triage.entry_of(SheetForm.objects.get(state="draft").body, one) is None
        assert "Put back" in page(keeper)
        post(keeper, "back", key=one)
        assert triage.entry_of(SheetForm.objects.latest("number").body, one) == before
    edit(keeper, key, ask_fr="Comment nous avez-vous trouvés ?")
    asked = post(keeper, "off", key=key)
    assert [(one.language, one.words) for one in asked.context["lost"]] == [
        ("fr", ["Comment nous avez-vous trouvés ?"])
    ]
    post(keeper, "back", key="no_such")
    assert triage.entry_of(SheetForm.objects.get(state="draft").body, "no_such") is None


def test_the_languages_in_which_answers_have_no_words_are_named(keeper, line):
    line.language_keys = "1:en 2:fr 3:ht"
    line.save()
    key = add_own(keeper, choices_en="Radio\nA friend", choices_fr="Radio\nUn ami")

    shown = page(keeper)
    at = shown.index("Answers without words")
    row = shown[at : shown.index("</p>", at)]
    assert ("Kreyòl" in row, "français" in row) == (True, False)
    hints = {code: keeper.get(url("question", key)).context["form"].fields[f"choices_{code}"].help_text for code in ("fr", "ht")}  # fmt: skip
    assert ("English stands" in hints["ht"], "English stands" in hints["fr"]) == (True, False)


def test_a_language_without_words_is_named_with_the_one_that_is_spoken_instead(keeper, line):
    line.language_keys = "1:en 2:ht"
    line.save()
    edit(keeper, "may_talk", ask_en="Is it safe to talk?", ask_fr="Pouvez-vous parler sans danger ?")

    assert "no words, said in français" in page(keeper)
    assert "said in français" in keeper.get(url("question", "may_talk")).content.decode()


@pytest.mark.both
def test_a_colleagues_change_of_the_same_question_is_shown_first_and_one_of_another_question_is_no_matter(keeper):
    mine, other = sent(keeper, "age", why_en="Mine"), sent(keeper, "sex", why_en="Other")
    edit(keeper, "age", why_en="Theirs")

    answer = keeper.post(url("question", "age"), mine)
    again = {field.html_name: field.value() for field in answer.context["form"]}
    keeper.post(url("question", "sex"), other)

    assert (answer.status_code, again["why_en"]) == (409, "Mine")
    assert triage.entry_of(SheetForm.objects.get().body, "age")["why"]["en"] == "Theirs"
    assert triage.entry_of(SheetForm.objects.get().body, "sex")["why"]["en"] == "Other"
    keeper.post(url("question", "age"), {name: value for name, value in again.items() if value is not None})
    assert triage.entry_of(SheetForm.objects.get().body, "age")["why"]["en"] == "Mine"
    assert "Somebody else changed" in post(keeper, "publish", seen="0" * 64, live="0").content.decode()
    assert "Somebody else changed" in post(keeper, "up", seen="", key="sex").content.decode()


@pytest.mark.both
def test_an_earlier_version_is_shown_and_can_be_begun_from_and_a_draft_let_go(keeper):
    edit(keeper, "age", why_en="First")
    publish(keeper)
    edit(keeper, "age", why_en="Second")
    assert "<del><bdi>First</bdi></del>" in page(keeper)
    publish(keeper)
    shown = keeper.get(url("version", 1)).content.decode()
    post(keeper, "again", version="1")

    assert "<ins><bdi>First</bdi></ins>" in shown
    assert triage.entry_of(SheetForm.objects.get(state="draft").body, "age")["why"]["en"] == "First"
    for told in ({}, {"version": "2"}):
        asked = post(keeper, "again", **told)
        words = asked.content.decode()
        assert (asked.status_code, "If you go on, the draft loses" in words) == (409, True)
        assert "<del><bdi>First</bdi></del>" in words
        assert SheetForm.objects.filter(state="draft").exists()
    post(keeper, "again", sure=seen())
    assert not SheetForm.objects.filter(state="draft").exists()
    assert keeper.get(url("version", 9), follow=True).status_code == 404


def test_only_who_sets_up_lines_keeps_the_form_and_only_of_the_own_country(keeper, person, haiti, liberia):
    elsewhere = browser_of(may_enter(person("manager", country=haiti, is_staff=True)))
    operator = browser_of(may_enter(person("operator", country=liberia, is_staff=True)))

    for browser in (elsewhere, operator):
        # Whoever may not is led out of the editor, or finds nothing.
        assert browser.get(url("form"), follow=True).status_code in (403, 404)
        assert browser.post(url("add"), {"seen": "", "step": "need", "kind": "one"}, follow=True).status_code in (
            403,
            404,
        )
    assert keeper.post(url("add"), {"step": "nowhere", "kind": "file"}, follow=True).status_code == 200
    assert keeper.get(url("question", "no_such"), follow=True).status_code == 404
    assert SheetForm.objects.count() == 0


def test_odd_words_are_refused_with_a_sentence(keeper):
    answer = edit(keeper, "age", why_en="a\x00b", ask_fr="x" * 301)

    assert answer.status_code == 422
    assert SheetForm.objects.count() == 0


def test_a_form_that_cannot_be_read_never_holds_up_a_call(desk, contact, liberia, at):
    SheetForm.objects.create(country=liberia, number=1, body={"questions": 3}, digest="x", state="live", made_by="x", made_at=at, published_by="x", published_at=at)  # fmt: skip

    give(desk, contact, "safe_now", "no")

    assert newest_sheet(contact).answers == {"safe_now": "no"}
