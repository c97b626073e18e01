"""How many translations a publish puts out of date, and makes current again, is foretold as it comes to be."""

import json
import random
import uuid
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from languages import queries as language_queries
from languages import table
from languages.choices import Freshness, State
from languages.models import Unit
from languages.segments import extract
from tests.training.stories import publish
from training import queries
from training.models import Question

STREAMS = {"lesson": "body_en", "question": "body_en", "scenario": "nodes_en", "course": "glossary_en"}
LANGUAGES = ("fr", "ar", "ht")


@pytest.fixture
def things(course, lessons):
    """A lesson, a question, a story and a course, each whole in three languages."""
    found = [lessons[0], models.QuerySet(Question).filter(course=course, live=True).first(), publish(course), course]
    for thing in found:
        for segment in language_queries.segments_of(thing):
            for code in LANGUAGES:
                live = {
                    "live": f"{code} {segment.text}",
                    "live_version": segment.version,
                    "live_digest": segment.digest,
                }
                Unit.objects.update_or_create(
                    segment=segment, language=code, content_type=segment.content_type, object_id=segment.object_id,
                    defaults={**live, "draft": live["live"], "draft_version": segment.version, "approved_by": "x",
                              "state": State.PUBLISHED, "freshness": Freshness.FRESH},
                )  # fmt: skip
    return {thing._meta.model_name: thing for thing in found}


def now(thing):
    return models.QuerySet(type(thing)).get(pk=thing.pk)


def drafted(thing, change, **columns):
    """Keep a draft of a thing, said to be of a kind."""
    draft = now(thing)
    draft.change = change
    for name, value in columns.items():
        setattr(draft, name, value)
    draft.save_revision()


def foretold(thing):
    """Return by language what its page says: texts that go out of date, and that are current again."""
    rows = queries.publishing(now(thing), at=timezone.now()).ageing
    codes = {row.own: row.code for row in table.TABLE}
    return {codes[one.language]: (one.texts, one.again) for one in rows if one.texts or one.again}


def stale(thing):
    """Return the translations of a thing that readers see marked, by their rows."""
    kind = ContentType.objects.get_for_model(thing)
    units = Unit.objects.filter(content_type=kind, object_id=thing.pk, is_retired=False)
    return set(units.filter(freshness__gte=Freshness.MINOR).values_list("pk", "language"))


def published(thing):
    """Publish the draft; return by language what came of it: texts gone out of date as the editor tells, current again."""
    before = stale(thing)
    now(thing).get_latest_revision().publish()
    row = now(thing)
    aged = language_queries.put_out_of_date(row, row.last_published_at)
    still = {pk for pk, _code in stale(thing)}
    kept = set(Unit.objects.filter(pk__in=[pk for pk, _code in before], is_retired=False).values_list("pk", flat=True))
    again = Counter(code for pk, code in before if pk in kept - still)
    return {code: (aged.get(code, 0), again[code]) for code in table.CODES if code in aged or again[code]}


def texts_in(part, said):
    """Yield each place of a raw value that holds one of the texts of its thing."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, str) and value in said and key not in {"id", "type"}:
            yield part, key
        elif isinstance(value, (dict, list)):
            yield from texts_in(value, said)


def anew(blocks):
    """Return blocks with other ids throughout."""
    told = json.dumps(blocks)
    ids = {one for one in told.split('"') if len(one) == 36 and one.count("-") == 4}
    for one in sorted(ids):
        told = told.replace(one, str(uuid.uuid5(uuid.UUID(one), "anew")))
    return json.loads(told)


def edited(thing, first, act, draw):
    """Return a stream of a thing after one edit: words exchanged, blocks put in anew or left out, or the first form again."""
    name = STREAMS[thing._meta.model_name]
    said = {line.text for line in extract(thing)}
    body = json.loads(json.dumps(getattr(thing, name).get_prep_value()))
    if act == "back":
        return first
    if act == "anew" and thing._meta.model_name != "scenario":
        return anew(body)
    if act == "fewer" and thing._meta.model_name in {"lesson", "course"} and len(body) > 1:
        gone = draw.choice(body)
        return [block for block in body if block is not gone]
    for part, key in draw.sample(places := list(texts_in(body, said)), min(2, len(places))):
        part[key] = f"{part[key]} {draw.choice('abc')}"[:120]
    return body


@pytest.mark.either
@pytest.mark.parametrize("kind", STREAMS)
def test_what_an_edit_does_to_translations_is_foretold_as_it_is_done(things, kind):
    thing, draw, name = things[kind], random.Random(f"{kind} 4"), STREAMS[kind]  # noqa: S311 — the same edits each time
    first, seen = getattr(thing, name).get_prep_value(), Counter()
    acts = ["reword", "back", *draw.choices(["reword", "back", "anew", "fewer"], k=8)]
    kinds = ["material", "minor", *draw.choices(["wording", "minor", "material"], k=8)]
    for act, kind_of_change in zip(acts, kinds, strict=True):
        body = edited(now(thing), first, act, draw)
        drafted(thing, kind_of_change, **{name: body})

        told = foretold(thing)

        assert told == published(thing)
        seen.update(aged=sum(one for one, _again in told.values()), again=sum(again for _one, again in told.values()))
    assert seen["aged"]
    assert seen["again"]


def test_an_edit_that_is_taken_back_makes_translations_current_again_and_the_page_says_so(things, editor):
    question = things["question"]
    first = question.body_en.get_prep_value()
    other = json.loads(json.dumps(first))
    other[0]["value"]["question"] = "Who is asked otherwise?"
    drafted(question, "material", body_en=other)
    aged = (foretold(question), published(question))
    drafted(question, "material", body_en=first)

    page = BeautifulSoup(editor.get(f"/en/reports/publishing/question/{question.pk}/").content, "html.parser")
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in page.select("tbody tr") if row.th
    }

    assert aged == (dict.fromkeys(LANGUAGES, (1, 0)),) * 2
    assert "Are current again" in page.get_text()
    assert rows["français"][:2] == ["0", "1"]
    assert published(question) == dict.fromkeys(LANGUAGES, (0, 1))


def test_wording_after_an_edit_that_was_taken_back_marks_no_translation(things):
    course = things["course"]
    first = course.heading_en
    for heading, change in (("Other", "material"), (first, "material"), (f"{first}.", "wording")):
        drafted(course, change, heading_en=heading)
        published(course)

    assert stale(course) == set()


def test_of_what_was_behind_already_nothing_goes_out_of_date(things):
    course = things["course"]
    drafted(course, "material", heading_en="Other")
    published(course)
    drafted(course, "material", heading_en="Another")

    assert (foretold(course), published(course)) == ({}, {})
