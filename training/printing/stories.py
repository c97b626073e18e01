"""A scenario on paper: cards for a group, and the sheet of who leads it."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import beside
from training import drawing
from training.printing.said import said
from training.queries.story_rows import Story, Told, Way

LETTERS = "ABCD"


def story_cards(story: Story, *, language: str, on: dt.date) -> bytes:
    """Return the A6 cards of a scenario in a language, four an A4 page; raises drawing.NotDrawn."""
    with translation.override(language):
        cards = [_card(story, told) for told in story.by_number]
        return drawing.draw("cards", _frame(story, on) | {"first": _first(story), "cards": cards}, language)


def story_debrief(story: Story, *, language: str, on: dt.date) -> bytes:
    """Return what each choice of a scenario does, and what to say at its ends, on A4; raises drawing.NotDrawn."""
    with translation.override(language):
        cards = [_explained(story, told) for told in story.by_number]
        return drawing.draw("debrief", _frame(story, on) | _lead(story) | {"cards": cards}, language)


def _frame(story: Story, on: dt.date) -> dict:
    return {"title": str(story.heading), "date": on.isoformat()}


def _first(story: Story) -> dict:
    how = [
        _("Read card 1 aloud. Talk about it, and choose together."),
        _("Then take the card whose number stands beside your choice."),
        _("There is no mark. At an end, look back together; try another way if there is time."),
    ]
    return _told_first(story) | {"over": _("A story with choices, for a group"), "how": how}


def _lead(story: Story) -> dict:
    how = [
        _("Keep this sheet in your own hand. Give out the cards only."),
        _("Read what belongs to a choice once the group has made it, before the next card."),
        _("At an end, ask first what the group would do otherwise; then read the debrief."),
    ]
    return _told_first(story) | {"over": _("Debrief sheet for who leads the group"), "how": how}


def _told_first(story: Story) -> dict:
    return {"heading": said(story.heading), "intro": said(story.intro), "note": said(story.note)}


def _card(story: Story, told: Told) -> dict:
    return {
        "name": _name(told),
        "begin": pgettext("on the first card", "Begin here") if told.number == 1 else "",
        "text": said(told.words),
        "ways": [
            {"letter": letter, "text": said(way.words), "go": _go(story, way)}
            for letter, way in zip(LETTERS, told.choices.values(), strict=False)
        ],
        "end": _("The story ends here. Look back together.") if told.is_end else "",
    }


def _explained(story: Story, told: Told) -> dict:
    return {
        "name": _name(told),
        "text": said(told.words),
        "ways": [
            {
                "letter": letter,
                "text": said(way.words),
                "go": _go(story, way),
                "feedback": said(way.feedback),
                "did": " · ".join(beside(one.name, one.word, translation.get_language()) for one in way.effects),
            }
            for letter, way in zip(LETTERS, told.choices.values(), strict=False)
        ],
        "end": told.outcome_name if told.is_end else "",
        "debrief": said(told.debrief),
    }


def _name(told: Told) -> str:
    return _("Card %(number)s") % {"number": told.number}


def _go(story: Story, way: Way) -> str:
    return _("Go to card %(number)s.") % {"number": story.told[way.to].number}
