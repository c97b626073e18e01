"""A story as a file of its course's folder: loaded with its translations, refused where it cannot be played."""

import tomllib

import polib
import pytest

from tests.training.small import CONTENT
from tests.training.stories import STORY, changed
from training import actions, exchange, scenarios
from training.models import Scenario


def toml_of(story):
    lines = [f'{name} = "{story[name]}"' for name in ("key", "heading", "intro", "note", "start")]
    for node in story["nodes"]:
        lines += ["[[nodes]]", *(f'{name} = "{text}"' for name, text in node.items() if name != "choices")]
        for choice in node.get("choices", []):
            lines += ["[[nodes.choices]]"]
            lines += [
                f'{name} = "{text}"' if isinstance(text, str) else f"{name} = {text}" for name, text in choice.items()
            ]
    return "\n".join(lines)


def test_a_folder_brings_its_scenario_with_its_translations_once(folder, front, at):
    (folder / "scenario.toml").write_text(toml_of(STORY))
    po = folder / "fr.po"
    entry = 'msgctxt "scenario a1y text"\nmsgid "She stops speaking."\nmsgstr "Elle ne parle plus."\n'
    entry += 'msgctxt "scenario a1y choice move text"\nmsgid "Move her to safe care"\nmsgstr "La mettre en lieu sûr"\n'
    entry += (
        'msgctxt "scenario a1y choice move feedback"\nmsgid "Late, and still right."\nmsgstr "Tard, mais juste."\n'
    )
    po.write_text(f"{po.read_text()}\n{entry}")

    actions.load_course(folder, front, by="test", at=at)
    news = actions.News()
    actions.load_course(folder, front, by="test", at=at, news=news)

    story = Scenario.objects.get(key="small-file")
    french = next(block.value for block in story.nodes_fr if block.value["key"] == "a1y")
    assert (french["text"], french["choices"][0]["text"]) == ("Elle ne parle plus.", "La mettre en lieu sûr")
    assert french["choices"][0]["to"] == "e2"
    assert story.live
    assert (news.made, news.left) == ([], [])


def test_a_folder_whose_scenario_cannot_be_played_is_refused_with_the_reason(folder):
    (folder / "scenario.toml").write_text(toml_of(changed(lambda s, n: n["a1"]["choices"][0].update(to="nowhere"))))

    with pytest.raises(exchange.BadCourse, match="“care” leads to “nowhere”, which does not exist"):
        exchange.read_course(folder)


def test_who_paid_no_deposit_is_not_asked_about_hers():
    """The lender's scene of "Forty days" is reached with and without a deposit."""
    folder = CONTENT / "safe-migration"
    words = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    scene = next(node for node in words["nodes"] if node["key"] == "c3x")
    stop = next(way for way in scene["choices"] if way["key"] == "stop")
    said = {"fr": "caution", "ar": "العربون", "bn": "জামানত"}
    translated = {code: translation_of(folder / f"{code}.po", "scenario c3x choice stop text") for code in said}

    assert "deposit" not in stop["text"]
    assert {entry.msgid for entry in translated.values()} == {stop["text"]}
    assert [code for code, word in said.items() if word in translated[code].msgstr] == []


def translation_of(path, place):
    """Return the entry of a catalogue for a place of a course."""
    return next(entry for entry in polib.pofile(str(path)) if entry.msgctxt == place)


@pytest.mark.parametrize("folder", sorted(CONTENT.iterdir()), ids=lambda folder: folder.name)
def test_the_best_way_on_is_not_given_away_by_its_place(folder):
    words = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
    scenes = [node.choices for node in scenarios.graph_of_file(words).scenes if len(node.choices) > 1]
    first = [ways for ways in scenes if sum(ways[0].marks) == max(sum(way.marks) for way in ways)]

    assert len(scenes) > 5
    assert len(first) < 0.6 * len(scenes)
