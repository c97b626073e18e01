"""What learners send by form: signed tokens, answers, which test and which group of readers."""

import hashlib
from collections.abc import Iterable, Mapping

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from languages.text import OddText, check_input
from training import grading, progress, written
from training.choices import (
    Form,
)
from training.models import Course

SALT, OWN_SALT = "training.lesson", "training.own_form"
MAX_AGE = 14 * 24 * 3600
OPEN = "-"
Units = Mapping[str, Iterable[str]]  # of each question the units that may stand behind its number
NO_UNITS: Units = {}


def sign(place: dict) -> str:
    """Return the hidden token of a form: what it is about and whose it is."""
    return signing.dumps(place, salt=SALT, compress=True)


def sign_own(person, about) -> str:
    """Return the hidden token of a form about one thing (a test, a meeting): whose it is, so that it can wait for her."""
    return signing.dumps({"who": str(person), "about": str(about)}, salt=OWN_SALT)


def owner_of(data, about) -> str:
    """Return whom the token of a form names; "" for a token that is not ours, too old, or about something else."""
    try:
        told = signing.loads(data.get("token", "")[:2000], salt=OWN_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return ""
    return told["who"] if told["about"] == str(about) else ""


class TokenForm(forms.Form):
    """A post of a lesson's page; the token says which question or end it is about."""

    token = forms.CharField(max_length=2000, widget=forms.HiddenInput)

    def clean_token(self) -> dict:
        """Return what the token says, or refuse a token that is not ours or too old."""
        try:
            return signing.loads(self.cleaned_data["token"], salt=SALT, max_age=MAX_AGE)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("This page was open too long. Open the lesson again.")) from error


def response_of(item: grading.Item, data, prefix: str = ""):
    """Return the response to an item from posted fields; what is left open is empty."""
    name = f"{prefix}r"
    if item.kind == "multiple":
        return data.getlist(name)
    if item.kind == "match":
        pairs = [[left, data.get(f"{name}-{left}", "")] for left in item.options]
        return pairs if any(right for _left, right in pairs) else []
    if item.kind == "order":
        return _order(item, {step: data.get(f"{name}-{step}", "") for step in item.options})
    return data.get(name, "").strip()


def _order(item: grading.Item, places: dict[str, str]) -> list[str]:
    """Return the steps in the order a person gave; nothing when a place is missing or given twice."""
    if sorted(places.values()) != sorted(str(number) for number in range(1, len(item.options) + 1)):
        return []
    return sorted(places, key=lambda step: int(places[step]))


def sound_response(item: grading.Item, data, prefix: str = "", units: Iterable[str] = ()):
    """Return the response to an item, or nothing when what came does not fit it or holds odd characters.

    Of a number what stands there without the unit of its question; nothing where it is none.
    """
    response = response_of(item, data, prefix)
    if item.kind == "number" and response:
        response = written.bare(response, units)
    return None if _has_odd_text(response) or not grading.fits(item, response) else response


def _has_odd_text(response) -> bool:
    """Tell whether a typed response holds characters that no keyboard makes on purpose."""
    if not isinstance(response, str):
        return False
    try:
        check_input(response)
    except OddText:
        return True
    return False


def shown_in(items: Iterable[grading.Item], answers: Mapping) -> str:
    """Return what a form of a test says of the answers it shows: a mark for each question, in the paper's order.

    A form that was opened before, in another language or another window, shows other answers than are kept by now.
    """
    return ".".join(_mark(item, answers.get(item.id)) for item in items)


def asks_for_units(items: Iterable[grading.Item], data) -> bool:
    """Tell whether something stands in a posted form of a test where a number is asked for that is more than a number."""
    typed = [data.get(f"{item.id}-r", "").strip() for item in items if item.kind == "number"]
    return any(text and written.bare(text) is None for text in typed)


def changed_in(items: Iterable[grading.Item], data, units: Units = NO_UNITS) -> dict[str, object]:
    """Return the answers of a posted form of a test that differ from those it showed, also where one was taken out.

    What was left as it was shown says nothing: a newer answer, given on another page, holds. Nothing is taken out by a
    form that does not say what it showed, nor where the box that went with an answer is not ticked: a browser that goes
    back asks for the page anew and ticks it as it was left, the boxes with it.
    """
    items = list(items)
    marks, boxes = data.get("shown", "").split("."), set(data.getlist("was"))
    shown = marks if len(marks) == len(items) else [OPEN] * len(items)
    given = _given(items, data, units)
    return {
        item.id: given[item.id]
        for item, mark in zip(items, shown, strict=True)
        if _mark(item, given[item.id]) != mark and (given[item.id] or item.id in boxes)
    }


def said_in(items: Iterable[grading.Item], data, units: Units = NO_UNITS) -> dict[str, object]:
    """Return the answers that stand in a posted form of a test, and what was taken out of it."""
    items = list(items)
    return {item: one for item, one in _given(items, data, units).items() if one} | changed_in(items, data, units)


def _given(items: Iterable[grading.Item], data, units: Units) -> dict[str, object]:
    return {item.id: sound_response(item, data, f"{item.id}-", units.get(item.id, ())) for item in items}


def _mark(item: grading.Item, response) -> str:
    """Return six signs that tell one response to a question from another; the same for every way of leaving it open."""
    if not response:
        return OPEN
    told = sorted(response) if item.kind in {"multiple", "match"} else response
    return hashlib.sha256(progress.canonical({"told": told}).encode()).hexdigest()[:6]


class StartForm(forms.Form):
    """Which test of a course is begun; the one after the course where nothing is said."""

    form = forms.TypedChoiceField(choices=Form, coerce=int, required=False, empty_value=int(Form.POST))


class TrackForm(forms.Form):
    """For which group of readers somebody takes a course; `then` is where she was asked: "learning", else the course."""

    track = forms.ChoiceField()
    then = forms.ChoiceField(choices=[("learning", "learning")], required=False)

    def __init__(self, *args, course: Course, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = [(track, track) for track in course.tracks]
