"""A story with choices on a small phone, without script: note, choices, another language in the middle, another phone."""

import tomllib
from pathlib import Path

import pytest

from training import scenarios

FILE = Path(__file__).resolve().parents[2] / "training" / "content" / "judicial" / "scenario.toml"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sound():
    """The story, and the words of the choices that lead to a sound end."""
    words = tomllib.loads(FILE.read_text(encoding="utf-8"))
    graph = scenarios.graph_of_file(words)
    steps = scenarios.walk(graph, scenarios.path_to(graph, scenarios.SOUND)).steps
    return f"/scenario/{words['key']}/", [step.choice for step in steps], words["heading"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_story_is_played_to_its_end_and_kept(sign_in_as, assert_accessible, sound, script):
    story, choices, heading = sound
    who = "learner4.ht@example.org" if script else "learner5.ht@example.org"
    page = sign_in_as(who, f"/en{story}", 360, script=script)
    if script:
        assert_accessible(page)
    page.locator("main .button", has_text="Begin").first.click()

    for place, choice in enumerate(choices):
        if script and place == 1:
            assert_accessible(page)
        page.locator(f"button[name=choice][value={choice.key}]").click()
        page.wait_for_url(f"**{choice.key}**")
        if place == 0:
            page.goto(page.url.replace("/en/", "/ar/"))
            assert page.locator("html").get_attribute("dir") == "rtl"
            if script:
                assert_accessible(page)
            page.goto(page.url.replace("/ar/", "/en/"))
        assert choice.feedback in page.locator("main").inner_text()

    words = page.locator("main").inner_text()
    assert "It ended well" in words
    assert "not in your record" not in words
    assert page.locator(".did .card").count() == len(choices)
    if script:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.goto(f"/en{story}")
    assert "Played to an end" in page.locator("main").inner_text()
    assert page.locator("h1").inner_text() == heading
