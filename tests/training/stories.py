"""A small made-up story with a loop, a consequence, and an end of each outcome."""

import copy
import uuid

from languages.actions import seed_many
from tests.training.story_words import contexts
from training import actions, exchange, progress
from training.choices import Source
from training.models import Scenario

STORY = {
    "key": "small-file",
    "heading": "A small file",
    "intro": "You are the magistrate on duty. This story is made up.",
    "note": "A child is treated badly in this story. Nothing is described in detail.",
    "start": "a0",
    "nodes": [
        {
            "key": "a0",
            "kind": "scene",
            "text": "A file lies on your table. A girl of about 13 works in a house from dawn.",
            "choices": [
                {"key": "look", "text": "Look for act and purpose", "to": "a1", "feedback": "Right: for a child no means is needed.", "safety": 1, "choice": 0, "case": 2},
                {"key": "family", "text": "Treat it as a family matter", "to": "a1x", "feedback": "Custom is no defence.", "safety": -2, "choice": -1, "case": -1},
            ],
        },
        {
            "key": "a1x",
            "kind": "scene",
            "text": "The girl is back in the house. A neighbour calls again.",
            "choices": [
                {"key": "reopen", "text": "Reopen the file", "to": "a1", "feedback": "Harm can still be limited.", "safety": 1, "choice": 0, "case": 1},
                {"key": "again", "text": "Ask the family once more", "to": "a0", "feedback": "Time goes by.", "safety": -1, "choice": 0, "case": -1},
                {"key": "wait", "text": "Wait", "to": "e1", "feedback": "Nobody asks for her any more.", "safety": -2, "choice": 0, "case": -2},
            ],
        },
        {
            "key": "a1",
            "kind": "scene",
            "text": "Where does she sleep tonight?",
            "choices": [
                {"key": "care", "text": "Call the body for child protection", "to": "e3", "feedback": "Her best interests come first.", "safety": 2, "choice": 1, "case": 1},
                {"key": "cell", "text": "A cell, for her safety", "to": "a1y", "feedback": "Protection is not custody.", "safety": -1, "choice": -2, "case": -1},
            ],
        },
        {
            "key": "a1y",
            "kind": "scene",
            "text": "She stops speaking.",
            "choices": [
                {"key": "move", "text": "Move her to safe care", "to": "e2", "feedback": "Late, and still right.", "safety": 1, "choice": 1, "case": 0},
            ],
        },
        {"key": "e1", "kind": "end", "outcome": "lost", "text": "The file is closed.", "debrief": "Who waits, decides."},
        {"key": "e2", "kind": "end", "outcome": "partial", "text": "She is safe, late.", "debrief": "A cell is no shelter."},
        {"key": "e3", "kind": "end", "outcome": "sound", "text": "She sleeps in a safe place.", "debrief": "A child needs no proof of force."},
    ],
}  # fmt: skip


def changed(change, story=STORY):
    """Return the story with something changed in a copy of it."""
    other = copy.deepcopy(story)
    change(other, {node["key"]: node for node in other["nodes"]})
    return other


def publish(course, story=STORY, user=None, **more):
    """Write the story into the bank, or bring it up to date, and publish it as the course's only one; return it."""
    for shipped in Scenario.objects.filter(course=course, live=True).exclude(key=story["key"]):
        shipped.unpublish()
    values = {f"{name}_en": story[name] for name in ("heading", "intro", "note")}
    values |= {"start": story["start"], "nodes_en": exchange.node_blocks(course.key, story)} | more
    scenario = Scenario.objects.filter(key=story["key"]).first() or Scenario(
        key=story["key"], course=course, live=False
    )
    for name, value in values.items():
        setattr(scenario, name, scenario._meta.get_field(name).to_python(value))
    scenario.save()
    scenario.go_live(user=user)
    return Scenario.objects.get(key=story["key"])


def play(user, enrolment, story, at, path=("look", "care")):
    """Let a person play the story to the end of a path."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    graph = version.activity(str(story.activity)).graph_id
    arrival = actions.Arrival(
        id=uuid.uuid4(), verb="chose", activity=str(story.activity), version=version.id, language="en", occurred_at=at,
        payload={"path": list(path), "play": str(uuid.uuid4()), "graph": graph},
    )  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)


def translate(scenario, at, *languages, story=STORY):
    """Put drafts of languages live, as loading does; what they leave out falls back."""
    words = exchange.scenario_words(scenario.course.key, story)
    texts = {
        language: words.in_language(
            {
                context: exchange.Translated(_sources(words)[context], text)
                for context, text in contexts(language).items()
            }
        )
        for language in languages
    }
    seed_many([(scenario, texts)], by="test", at=at)


def _sources(words):
    return {context: source for context, _path, source in words.lines}
