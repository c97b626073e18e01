"""A lesson on paper: what a reader chooses from stands there, and no box breaks across two pages."""

import pytest

pytestmark = pytest.mark.browser

LESSON = "/{}/judicial/what-must-be-proved/what-must-be-proved/three-elements/"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_choices_of_a_matching_question_stand_on_paper_alone(visit, language):
    page = visit(360)
    page.goto(LESSON.format(language))
    choices = page.locator("fieldset.match .on-paper")
    offered = page.locator("fieldset.match select").first.locator("option:not([value=''])").all_inner_texts()

    assert not choices.is_visible()
    page.emulate_media(media="print")

    assert choices.is_visible()
    assert choices.locator("li").all_inner_texts() == offered
    assert page.locator(".law").first.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    assert page.locator(".pair").first.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
