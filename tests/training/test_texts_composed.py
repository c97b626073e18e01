"""A mark behind a line break or a tab is kept as it was typed: each text is composed for itself, never the finished JSON."""

import json
import unicodedata
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from languages import actions as language_actions
from tests.training.answers import address
from tests.training.test_short_text import SHORT_KEY, answer, lesson
from training import actions, progress
from training.models import Event, Progress

__all__ = ["lesson"]

MARKED = [
    "\n\u0303",
    "a\t\u0307b",
    "\r\u0304x",
    "\b\u0307",
    "\f\u0307",
    "\x1f\u0307",
    '"\u0338',
    "\\\u0301",
    "e\u0301",
]
text = st.text(
    st.sampled_from('\n\t\r\b\f\x1f"\\abnrtfe\u00e9\u09af\u09bc\u09df\u0301\u0303\u0307\u0338 '), max_size=8
)
things = st.recursive(
    st.none() | st.booleans() | st.integers() | text | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(st.tuples(text, inner), max_size=4, unique_by=lambda pair: nfc(pair[0])).map(dict)
    ),
    max_leaves=12,
)


def nfc(thing):
    """Return a thing with all its texts in NFC, written out here anew."""
    if isinstance(thing, str):
        return unicodedata.normalize("NFC", thing)
    if isinstance(thing, dict):
        return {nfc(key): nfc(value) for key, value in thing.items()}
    return [nfc(one) for one in thing] if isinstance(thing, list) else thing


@given(things)
def test_what_is_read_back_is_each_text_composed_for_itself(thing):
    kept = progress.canonical(thing)

    assert progress.read(kept) == nfc(thing)
    assert progress.canonical(progress.read(kept)) == kept


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=12), max_size=5).map(nfc))
def test_a_text_that_is_composed_already_stands_as_it_always_stood(thing):
    """Ids and hashes rest on it."""
    assert progress.canonical(thing) == json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_two_keys_that_are_one_when_composed_are_refused_and_none_is_lost():
    with pytest.raises(ValueError, match="Two keys"):
        progress.canonical({"e\u0301": 1, "\u00e9": 2})
    with pytest.raises(ValueError, match="twice"):
        actions.read_json('{"e\u0301": 1, "\u00e9": 2}'.encode())


@pytest.fixture
def events(enrolment, lesson, at):
    """A factory of sendings of her phone: what it showed beside an answer, then the end of the lesson."""
    enrolment.version = enrolment.course.versions.get(country="HT", number=2)
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    first = version.lessons[0]

    def sent(shown, response="shelter"):
        told = {"item": SHORT_KEY, "turn": 1, "response": response, "shown": shown}
        return [
            {
                "id": str(uuid.uuid4()), "seq": seq, "verb": verb, "activity": first.id, "version": version.id,
                "language": "fr", "occurred_at": at.isoformat(), "payload": payload,
            }
            for seq, (verb, payload) in enumerate([("answered", told), ("reached", {"screen": "end"})], 1)
        ]  # fmt: skip

    return sent


def post(client, events):
    """Send events as the page of whoever is signed in does."""
    hello = client.get("/api/progress/").json()
    body = {"schema": "progress/1", "who": hello["who"], "device": str(uuid.uuid4()), "sent_at": hello["now"]}
    return client.post("/api/progress/", json.dumps(body | {"events": events}), content_type="application/json")


@pytest.mark.parametrize("typed", MARKED)
def test_a_page_sends_such_a_text_and_its_neighbours_are_taken(client, sign_in, official, events, typed):
    sign_in(official)

    answer = post(client, events([typed], typed))

    assert [one["status"] for one in answer.json()["results"]] == ["accepted"] * 2
    told = progress.read(Event.objects.get(verb="answered").payload)
    assert (told["response"], told["shown"]) == (nfc(typed), [nfc(typed)])
    assert Progress.objects.get().done == 1


@pytest.mark.parametrize("shown", [{"e\u0301": 1, "\u00e9": 2}, [{"x": {"\u09df": 1, "\u09af\u09bc": 2}}]])
def test_keys_that_are_one_when_composed_are_refused_at_the_door_as_doubled_ones_are(
    client, sign_in, official, events, shown
):
    sign_in(official)

    answer = post(client, events(shown))

    assert (answer.status_code, answer.json()) == (400, {"detail": "json"})
    assert not Event.objects.exists()


@pytest.mark.parametrize("typed", MARKED)
def test_a_trainer_sends_such_a_text_out_of_a_file(client, sign_in, person, countries, official, events, at, typed):
    who = str(actions.learner_of(official).public_id)
    told = {
        "schema": "kept/1",
        "who": who,
        "device": str(uuid.uuid4()),
        "offset_ms": 0,
        "events": events(typed, typed),
    }
    sign_in(person("trainer", country=countries["HT"]))

    page = client.post("/en/reports/from-a-phone/", {"file": SimpleUploadedFile("a.json", json.dumps(told).encode())})

    assert "2 of 2 records are with the server." in page.content.decode()
    assert progress.read(Event.objects.get(verb="answered").payload)["response"] == nfc(typed)


@pytest.mark.parametrize("typed", ["a\t\u0307b", "a\u00a0b\t\u0304"])
def test_such_an_answer_comes_by_form_and_is_explained(client, sign_in, official, lesson, typed):
    sign_in(official)

    page = answer(client, lesson, typed)

    assert "It is called a shelter." in page
    assert progress.read(Event.objects.get(verb="answered").payload)["response"] == nfc(typed)


@pytest.mark.parametrize("words", ["\n\u0303x", "Where?\t\u0307 There.", "Two lines\n\u0301"])
def test_a_lesson_with_such_a_text_is_shown_in_each_language(client, course, lesson, at, words):
    block = next(one for one in lesson.body_en if one.block_type == "short")
    block.value["question"] = words
    lesson.go_live()
    french = {f"body.{SHORT_KEY}.question": words, f"body.{SHORT_KEY}.answers": "Foyer\nRefuge"}
    language_actions.seed_languages(lesson, {"fr": french}, by="test", at=at)

    for language in ("en", "fr"):
        page = client.get(address(lesson, language))
        assert page.status_code == 200
        assert words.split()[-1] in page.content.decode()
