"""What is copied in the editor begins anew: nothing is stored over the original, no id is shared, no reader has it yet."""

import json
import secrets

import pytest
from bs4 import BeautifulSoup
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from languages.models import Unit
from languages.segments import extract
from tests.training.pressing import carried, press_again, save_entry
from tests.training.streamed import sent
from tests.training.test_wagtail_hooks import typed
from training import progress, queries
from training.models import CourseVersion, DoubledQuestion, Lesson, Module, Overlay, Question, Scenario


def address(kind, act, *things):
    return reverse(f"wagtailsnippets_training_{kind}:{act}", args=[one.pk for one in things])


def block_of(question):
    return question.body_en.get_prep_value()[0]


def ids_in(raw):
    """Every id of raw blocks, their parts too."""
    if isinstance(raw, list):
        return {one for block in raw for one in ids_in(block)}
    if not isinstance(raw, dict):
        return set()
    own = {raw["id"]} if raw.get("id") else set()
    return own | {one for value in raw.values() for one in ids_in(value)}


def told(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def errors(answer):
    return {name: " ".join(said) for name, said in answer.context["form"].errors.items()}


# Things of the school that are no pages


@pytest.fixture
def things(course, story_once, countries):
    """A question, a story and an entry of Haiti, by kind."""
    return {
        "question": Question.objects.filter(course=course, form=2, live=True).first(),
        "scenario": Scenario.objects.get(pk=story_once),
        "overlay": Overlay.objects.filter(country="HT").first(),
    }


@pytest.mark.parametrize("kind", ["question", "scenario", "overlay"])
def test_nothing_is_stored_over_what_is_copied(editor, things, kind):
    thing = things[kind]
    model, before = type(thing), type(thing).objects.filter(pk=thing.pk).values().get()
    url, count = address(kind, "copy", thing), model.objects.count()

    answer = editor.post(url, typed(editor.get(url)) | {"key": "taken", "change": "material", "action-publish": "1"})

    assert answer.status_code == 405
    assert model.objects.filter(pk=thing.pk).values().get() == before
    assert model.objects.count() == count


def test_the_form_of_a_copy_is_sent_to_add_and_asks_for_a_key(editor, things):
    question = things["question"]
    page = editor.get(address("question", "copy", question))

    form = BeautifulSoup(page.content, "html.parser").select_one("form[data-edit-form]")
    key = form.select_one("[name=key]")
    assert form["action"] == address("question", "add")
    assert (key.get("value", ""), key.has_attr("disabled")) == ("", False)
    assert typed(page)["course"] == str(question.course_id)
    assert not [one for one in ids_in([block_of(question)]) if one in page.content.decode()]


def test_a_copied_question_is_asked_beside_the_original_and_both_are_handed_in(editor, course, things, official, at):
    question = things["question"]
    copy = queries.copy_of(question)
    add = address("question", "add")
    fields = sent(editor.get(address("question", "copy", question)), block_of(copy))

    answer = press_again(editor, editor.post(add, fields | {"key": "second", "action-publish": "1"}))

    new = Question.objects.get(key="second")
    edition = CourseVersion.objects.filter(course=course, country="HT").order_by("-number").first()
    papers = [progress.draw(edition.body, secrets.token_hex(8), 2) for _turn in range(20)]
    assert answer.status_code == 302
    assert (new.live, block_of(new)["type"]) == (True, block_of(question)["type"])
    assert not ids_in([block_of(new)]) & ids_in([block_of(question)])
    assert all(len({one["id"] for one in paper["items"]}) == len(paper["items"]) for paper in papers)


def test_a_question_under_the_id_of_another_is_not_published(editor, things):
    question = things["question"]
    add = address("question", "add")
    fields = sent(editor.get(address("question", "copy", question)), block_of(question))

    refused = editor.post(add, fields | {"key": "second", "action-publish": "1"})
    kept = editor.post(add, fields | {"key": "second"})

    draft = Question.objects.get(key="second")
    assert f"“{question.key}”" in errors(refused)["body_en"]
    assert (kept.status_code, draft.live) == (302, False)
    with pytest.raises(DoubledQuestion, match=question.key):
        draft.latest_revision.publish()
    copy = queries.copy_of(draft)
    assert not ids_in([block_of(copy)]) & ids_in([block_of(question)])


def test_an_older_edition_that_holds_an_id_twice_asks_it_once(course):
    body = json.loads(CourseVersion.objects.filter(course=course, country="HT").order_by("-number").first().body)
    test = next(one for one in body["tests"] if one["form"] == 2)
    test["items"] += [one | {"key": f"{one['key']}-again"} for one in test["items"]]

    paper = progress.draw(progress.canonical(body), "seed", 2)

    ids = [one["id"] for one in paper["items"]]
    assert len(ids) == len(set(ids)) > 0
    assert not [one["key"] for one in paper["items"] if one["key"].endswith("-again")]


def test_a_copied_story_is_another_activity_with_ids_of_its_own(things):
    story = things["scenario"]

    copy = queries.copy_of(story)

    assert copy.activity != story.activity
    assert (copy.key, copy.pk, copy.live) == ("", None, False)
    assert [node.key for node in copy.graph.nodes] == [node.key for node in story.graph.nodes]
    assert not ids_in(copy.nodes_en.get_prep_value()) & ids_in(story.nodes_en.get_prep_value())


def test_a_recording_is_not_copied():
    with pytest.raises(NoReverseMatch):
        reverse("wagtailsnippets_training_clip:copy", args=[1])


# Country entries


@pytest.mark.parametrize("act", ["copy", "history", "history_results", "usage"])
def test_another_countrys_entry_opens_to_nobody_of_this_one(editor, countries, act):
    entries = [Overlay.objects.filter(country=code).first() for code in ("HT", "TN")]

    assert [editor.get(address("overlay", act, one)).status_code for one in entries] == [200, 302]


def test_no_list_to_choose_from_holds_every_countrys_entries():
    with pytest.raises(NoReverseMatch):
        reverse("wagtailsnippetchoosers_training_overlay:choose")


@pytest.fixture
def free(course):
    """A slot that lessons show and for which Haiti has no entry any more, with the entry that stood there."""
    entry = Overlay.objects.get(country="HT", slot="definition")
    Overlay.objects.filter(pk=entry.pk).delete()
    return entry


def written(editor, entry, **more):
    facts = {
        "country": entry.country_id,
        "curriculum": str(entry.curriculum_id or ""),
        "slot": entry.slot,
        "text_en": "A new law.",
        "source_kind": entry.source_kind,
        "source_en": "Act of 2026",
    }
    return typed(editor.get(address("overlay", "add"))) | facts | more


def test_a_new_entry_is_shown_before_readers_get_it(editor, course, free):
    before = CourseVersion.objects.count()

    shown = editor.post(address("overlay", "add"), written(editor, free, change="material"))
    stored = Overlay.objects.filter(country="HT", slot=free.slot).exists()
    seen = carried(shown)
    saved = editor.post(address("overlay", "add"), seen)

    assert "What publishing does" in told(shown)
    assert "A new law." in told(shown)
    assert (stored, CourseVersion.objects.count() > before) == (False, True)
    assert saved.status_code == 302
    assert Overlay.objects.get(country="HT", slot=free.slot).text_en == "A new law."


def test_who_goes_back_from_what_was_shown_finds_the_form_of_a_new_entry(editor, free):
    seen = carried(editor.post(address("overlay", "add"), written(editor, free)))

    back = editor.post(address("overlay", "add"), seen | {"back": "1"})

    assert typed(back)["text_en"] == "A new law."
    assert not Overlay.objects.filter(country="HT", slot=free.slot).exists()


def test_a_copied_entry_is_a_new_one_that_nobody_has_checked(editor, free):
    other = Overlay.objects.filter(country="HT").first()
    Overlay.objects.filter(pk=other.pk).update(confirmed=True, checked_at="2026-05-11", review_at="2027-05-11")
    form = typed(editor.get(address("overlay", "copy", other)))

    answer = save_entry(editor, address("overlay", "add"), form | {"slot": free.slot})

    new = Overlay.objects.get(country="HT", slot=free.slot)
    assert answer.status_code == 302
    assert (new.pk != other.pk, new.text_en) == (True, other.text_en)
    assert (new.confirmed, new.checked_at, new.review_at) == (False, None, None)


# Pages


@pytest.fixture
def copied(editor):
    """A function that copies a page as the editor's form does, asking for all that Wagtail once offered."""

    def copy(page, parent=None, **more):
        where = (parent or page.get_parent()).pk
        form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(where), "publish_copies": "on"} | more
        editor.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)
        return Page.objects.get(slug="copy").specific

    return copy


def test_the_form_that_copies_a_lesson_says_that_the_copy_is_a_draft(editor, lessons):
    page = editor.get(reverse("wagtailadmin_pages:copy", args=[lessons[0].pk]))

    assert "The copy is a draft" in told(page)
    assert not [name for name in ("publish_copies", "alias") if f'name="{name}"' in page.content.decode()]


@pytest.mark.parametrize("kind", ["lesson", "module"])
def test_copies_are_drafts_whatever_was_ticked(copied, course, lessons, kind):
    page = lessons[0] if kind == "lesson" else lessons[0].get_parent()
    editions = CourseVersion.objects.count()

    new = copied(page, copy_subpages="on")

    inside = Page.objects.descendant_of(new, inclusive=True)
    assert inside.count() == Page.objects.descendant_of(page, inclusive=True).count()
    assert set(inside.values_list("live", "first_published_at")) == {(False, None)}
    assert CourseVersion.objects.count() == editions


@pytest.mark.parametrize("kind", ["lesson", "module"])
def test_a_copied_lesson_shares_no_id_with_its_original(copied, lessons, kind):
    old = lessons[0]
    old.save_revision()
    new = copied(old if kind == "lesson" else old.get_parent(), copy_subpages="on")

    new = Lesson.objects.descendant_of(new, inclusive=True).order_by("path").first()
    drafted = new.get_latest_revision_as_object().body_en.get_prep_value()
    theirs, ours = ids_in(old.body_en.get_prep_value()), ids_in(new.body_en.get_prep_value())
    assert (new.translation_key != old.translation_key, len(ours)) == (True, len(theirs))
    assert not theirs & ours
    assert not theirs & ids_in(drafted)
    assert ids_in(drafted) == ours
    assert new.revisions.count() == 1


def test_a_copied_lesson_keeps_its_translations_under_the_new_ids(copied, lessons):
    old = lessons[0]

    new = copied(old)

    def units(page):
        rows = Unit.objects.filter(object_id=str(page.pk), content_type__model="lesson", segment__retired_at=None)
        return sorted(rows.values_list("language", "live"))

    paths = {line.path for line in extract(new)}
    held = set(
        Unit.objects.filter(object_id=str(new.pk), content_type__model="lesson").values_list(
            "segment__path", flat=True
        )
    )
    assert units(new) == units(old) != []
    assert held <= paths
    assert new.body_fr.get_prep_value()[0]["id"] == new.body_en.get_prep_value()[0]["id"]


def test_what_is_practised_in_a_lesson_is_not_practised_in_its_copy(copied, course, lessons):
    new = copied(lessons[0])
    revision = new.get_latest_revision_as_object()
    revision.save_revision().publish()
    edition = CourseVersion.objects.filter(course=course, country="HT").order_by("-number").first()

    entries = {one["id"]: one for module in progress.read(edition.body)["modules"] for one in module["lessons"]}
    old, copy = entries[str(lessons[0].translation_key)], entries[str(new.translation_key)]
    assert not set(old["screens"]) & set(copy["screens"])
    assert not {one["id"] for one in old["items"]} & {one["id"] for one in copy["items"]}


def test_the_copy_goes_live_as_a_new_lesson_does(copied, editor, lessons):
    new = copied(lessons[0])
    act = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    editor.post(f"{act}?id={new.pk}&next=/admin/pages/")

    assert not Lesson.objects.get(pk=new.pk).live


@pytest.mark.parametrize("act", ["copy", "publish", "unpublish", "move", "delete", "create_alias", "convert_alias"])
def test_the_interface_behind_the_editors_tree_does_nothing(editor, lessons, act):
    page, count = lessons[0], Page.objects.count()
    page.heading_en = "Another heading"
    page.save_revision()
    page.get_parent().add_sibling(instance=Module(title="Other", slug="other", heading_en="Other"))
    other = Module.objects.get(slug="other")
    body = {"keep_live": True, "slug": "copy", "destination_page_id": other.pk, "position": "last-child"}

    editor.post(f"/admin/api/main/pages/{page.pk}/action/{act}/", body, content_type="application/json")

    stands = Lesson.objects.get(pk=page.pk)
    assert (stands.live, stands.path, stands.heading_en) == (True, page.path, "Three elements")
    assert Page.objects.count() == count + 1


def test_the_editor_still_asks_that_interface_for_its_tree(editor, lessons):
    answer = editor.get(f"/admin/api/main/pages/{lessons[0].pk}/", HTTP_ACCEPT="application/json")

    assert answer.status_code == 200
    assert answer.json()["id"] == lessons[0].pk


def test_no_draft_of_old_is_left_from_which_the_originals_ids_could_come_back(copied, lessons):
    for _turn in range(3):
        lessons[0].save_revision()

    new = copied(lessons[0].get_parent(), copy_subpages="on")

    assert {one.revisions.count() for one in Page.objects.descendant_of(new, inclusive=True)} == {1}
