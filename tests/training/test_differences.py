"""What an edit changes, part by part: whatever changes in a block or a field has its row, whoever forgot to think of it."""

import copy
import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import models
from wagtail import blocks as wagtail_blocks
from wagtail.documents.models import Document
from wagtail.fields import StreamField
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from languages.columns import translated_columns, translated_fields
from tests.training.folders import small_course
from tests.training.recordings import CAPTIONS, mp3
from training import actions, changing
from training.blocks import AIDE, CHECKS, GLOSSARY, NODES, SCREENS
from training.models import Clip, Course, Curriculum, Lesson, Module, Question, Scenario
from training.queries.differences import ADDED, LAYOUT, MOVED, OTHER, REMOVED, changes
from training.queries.facts import UNTOLD, Fact, facts_changed
from training.queries.proposals import told_of

pytestmark = pytest.mark.either

STREAMS = {"body": (Lesson, SCREENS), "question": (Question, CHECKS), "nodes": (Scenario, NODES), "aide": (Course, AIDE),
           "glossary": (Course, GLOSSARY)}  # fmt: skip
BLOCKS = [(name, kind) for name, (_model, found) in STREAMS.items() for kind, _block in found]
PLACES = {"nodes": "scenes_moved", "aide": "lines_moved", "glossary": "lines_moved"}
COLUMN = {"question": "body_en"}


@pytest.fixture
def chosen(db, course):
    """Two of each thing that a block can show, by its kind."""
    made = {
        Image: [Image.objects.create(title=f"Drawing {n}", file=get_test_image_file(f"{n}.png")) for n in (1, 2)],
        Document: [Document.objects.create(title=f"Form {n}", file=ContentFile(b"%PDF", f"{n}.pdf")) for n in (1, 2)],
        Clip: [
            Clip.objects.create(title=f"Talk {n}", kind="audio", language=language, size=1, sha256=str(n),
                                file=ContentFile(mp3(), f"{n}.mp3"))
            for n, language in ((1, "en"), (2, "fr"))
        ],
        Scenario: [Scenario.objects.create(key=f"s{n}", course=course, heading_en=f"Story {n}") for n in (1, 2)],
    }  # fmt: skip
    return {model: [one.pk for one in rows] for model, rows in made.items()}


@pytest.fixture
def small(front, countries, tmp_path, at):
    """Another course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


def sample(block, chosen, which=0, name=""):
    """Return a value of a block as rows keep it: the first or the second of two that differ."""
    if isinstance(block, wagtail_blocks.BaseStructBlock):
        return {key: sample(child, chosen, which, key) for key, child in block.child_blocks.items()}
    if isinstance(block, wagtail_blocks.ListBlock):
        return [item(block.child_block, chosen, n) for n in (0, 1)]
    if isinstance(block, wagtail_blocks.ChooserBlock):
        return chosen[block.model_class][which]
    if isinstance(block, wagtail_blocks.BooleanBlock):
        return bool(which)
    if isinstance(block, wagtail_blocks.ChoiceBlock):
        return [value for value, _label in block.field.choices if value != ""][which]
    if isinstance(block, wagtail_blocks.DecimalBlock):
        return str(which + 3)
    if isinstance(block, wagtail_blocks.RichTextBlock):
        return f"<p>Rich {('apples', 'pears')[which]} in {name}.</p>"
    if isinstance(block, wagtail_blocks.StaticBlock):
        return None
    if name == "captions":
        return CAPTIONS.replace("papers", ("papers", "shoes")[which])
    return f"{('apples', 'pears')[which]}-{name}"


def item(block, chosen, which):
    return {"type": "item", "id": str(uuid.uuid4()), "value": sample(block, chosen, which)}


def block_of(name, kind, chosen, which=0):
    """Return a block of a kind as rows keep it."""
    block = dict(STREAMS[name][1])[kind]
    return {"type": kind, "id": str(uuid.uuid4()), "value": sample(block, chosen, which, kind)}


def thing(name, body):
    """Return a thing that holds blocks."""
    model = STREAMS[name][0]
    made = model(**{"id": 1} if issubclass(model, Page) else {})  # a page without its id asks the database what it is
    setattr(made, COLUMN.get(name, f"{name}_en"), copy.deepcopy(body))
    return made


def leaves(value, path=()):
    """Yield where each single value stands in the value of a block."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        if key not in ("id", "type"):
            yield from leaves(inner, (*path, key))
    if not isinstance(value, dict | list):
        yield path


def at(value, path):
    for key in path:
        value = value[key]
    return value


def put(block, path, value):
    """Return a block with another value at one place."""
    found = copy.deepcopy(block)
    at(found, path[:-1])[path[-1]] = value
    return found


def other_part(block, path):
    """Return what stands in the other part of a list, in the same place."""
    _value, name, place, *rest = path
    return at(block, ("value", name, 1 - place, *rest))


@pytest.mark.parametrize(("name", "kind"), BLOCKS)
def test_whatever_changes_in_a_block_has_a_row_and_a_reason_of_its_own(chosen, name, kind):
    block, other = block_of(name, kind, chosen), block_of(name, kind, chosen, 1)
    before, walked = thing(name, [block]), 0

    for path in leaves(block["value"], ("value",)) if block["value"] is not None else ():
        changed = put(block, path, at(other, path))
        if at(block, path) == at(changed, path):
            changed = put(block, path, other_part(block, path))
        after = thing(name, [changed])
        rows = changes(before, after)

        assert rows, path
        assert all(row.where and row.where[0].label for row in rows), path
        assert all(row.before or row.after or row.was or row.gets for row in rows), path
        assert OTHER not in {row.kind for row in rows}, path
        proposed = changing.proposal(told_of(before), told_of(after))
        assert proposed.change, path
        assert path[-1] == "key" or "other" not in proposed.reasons, path
        walked += 1

    assert walked or block["value"] is None


@pytest.mark.parametrize(("name", "kind"), BLOCKS)
def test_a_block_that_comes_goes_or_moves_is_named(chosen, name, kind):
    one, two = block_of(name, kind, chosen), block_of(name, kind, chosen, 1)
    both = thing(name, [one, two])

    for kept, gone in ((one, two), (two, one)):
        [added], [removed] = changes(thing(name, [kept]), both), changes(both, thing(name, [kept]))
        assert (added.kind, removed.kind) == (ADDED, REMOVED)
        assert added.where == removed.where
        assert added.where[0].label
        assert (added.after, added.gets) != ([], ()) or gone["value"] is None
        assert "other" not in changing.proposal(told_of(both), told_of(thing(name, [kept]))).reasons
    [moved] = changes(both, thing(name, [two, one]))
    assert (moved.kind, moved.was, moved.gets) == (MOVED, ("place 2 of 2",), ("place 1 of 2",))
    proposed = changing.proposal(told_of(both), told_of(thing(name, [two, one])))
    assert (proposed.change, proposed.reasons) == ("minor", (PLACES.get(name, "moved"),))


@pytest.mark.parametrize(("kind", "part"), [("single", "options"), ("match", "pairs"), ("order", "steps")])
def test_answers_that_come_go_or_change_places_are_named(chosen, kind, part):
    block = block_of("body", kind, chosen)
    turned, shorter = copy.deepcopy(block), copy.deepcopy(block)
    turned["value"][part].reverse()
    shorter["value"][part].pop()
    before = thing("body", [block])

    assert [row.kind for row in changes(before, thing("body", [turned]))] == [MOVED]
    assert [row.kind for row in changes(before, thing("body", [shorter]))] == [REMOVED]
    assert [row.kind for row in changes(thing("body", [shorter]), before)] == [ADDED]


def test_what_no_row_names_is_told_in_general():
    before = [{"type": "text", "id": "t", "value": {"heading": "Papers", "html": "<p>Keep them.</p>"}}]
    after = [before[0] | {"value": before[0]["value"] | {"colour": "red"}}]

    [row] = changes(thing("body", before), thing("body", after))

    assert (row.kind, row.where[0].words, row.label) == (OTHER, "Papers", "Colour")


def test_a_link_that_leads_elsewhere_is_told_although_no_word_changes():
    def linked(to):
        html = f'<p>Look <a href="https://example.org/{to}">here</a>.</p>'
        return thing("body", [{"type": "text", "id": "t", "value": {"heading": "Papers", "html": html}}])

    [row] = changes(linked("one"), linked("two"))

    assert (row.kind, row.was, row.gets) == (LAYOUT, ("https://example.org/one",), ("https://example.org/two",))
    assert changing.proposal(told_of(linked("one")), told_of(linked("two"))) == changing.Proposal("minor", ("link",))


def another(field, small):
    """Return a value that a field has not by itself."""
    if field.is_relation:
        return small.pk
    if isinstance(field, models.JSONField):
        return {"tracks": ["migrant"], "objectives": ["consent"]}[field.name]
    if field.choices:
        return next(value for value, _label in field.choices if value not in ("", field.get_default()))
    if isinstance(field, models.BooleanField):
        return not field.get_default()
    return 7 if isinstance(field, models.IntegerField) else "another"


@pytest.mark.parametrize("model", [Curriculum, Course, Module, Lesson, Question, Scenario])
def test_every_field_of_a_thing_that_changes_is_told_once(course, small, model):
    live = model(**{"pk": 1} if model is Course else {"course": course} if model in (Question, Scenario) else {})
    columns = {*translated_fields(model), *translated_columns(model)}
    streams = {field.name for field in model._meta.concrete_fields if isinstance(field, StreamField)}
    walked = []

    for field in model._meta.concrete_fields:
        if field.name not in {*UNTOLD, *columns, *streams}:
            draft = copy.copy(live)
            setattr(draft, field.attname, another(field, small))
            [told] = [*facts_changed(live, draft), *changes(live, draft)]
            assert told.name if isinstance(told, Fact) else told.label, field.name
            walked.append(field.name)

    assert walked
    assert {"key"} <= set(walked) or model in (Curriculum, Module, Lesson)
    assert {"heading_en"} <= set(walked) or model is Question


def test_markup_alone_has_a_row_although_no_word_and_no_link_changes():
    def said(html):
        return thing("body", [{"type": "text", "id": "t", "value": {"heading": "Papers", "html": html}}])

    [row] = changes(said("<p>Keep them.</p>"), said("<p>Keep <b>them</b>.</p>"))

    assert (row.kind, row.where[0].words, row.was, row.gets) == (LAYOUT, "Papers", (), ())


def test_a_recording_more_or_less_in_a_block_is_told_by_its_name_and_is_no_answer_less(chosen):
    block = block_of("body", "audio", chosen)
    fewer = copy.deepcopy(block)
    fewer["value"]["clips"].pop()
    both, one, none = thing("body", [block]), thing("body", [fewer]), thing("body", [])

    assert changing.proposal(told_of(both), told_of(one)) == changing.Proposal("minor", ("media",))
    [gone] = changes(both, none)
    assert len(gone.was) == 2
    assert all(name in held for name, held in zip(("Talk 1", "Talk 2"), gone.was, strict=True))
