"""Everything the editor shows about a thing in a language, and about the text that is open."""

from dataclasses import dataclass, field

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.queries import names_of
from accounts.rules import allowed
from cms.desk import marks, queries
from cms.desk.words import CHANGES, Mark, asked_beside, checks, mark_of, place_of, sentence
from cms.rules import RULES
from languages import actions, table
from languages import queries as language_queries
from languages.choices import Freshness, Origin, State
from languages.models import Segment, Unit
from languages.text import SmsParts, diffs, faults_of, plain, sms_parts


@dataclass(frozen=True)
class Line:
    """One text in the list: source, unit, mark, and whether it is open."""

    number: int
    segment: Segment
    unit: Unit | None
    mark: Mark
    is_open: bool

    @property
    def source_words(self) -> str:
        """Return the source without its tags."""
        return plain(self.segment.text)

    @property
    def target_words(self) -> str:
        """Return the text being written, else the live one, without tags."""
        if self.unit is None:
            return ""
        return plain(self.unit.draft or self.unit.live)


@dataclass(frozen=True)
class Open:
    """What helps to translate the text that is open."""

    segment: Segment
    place: str
    asked: str
    unit: Unit | None
    pieces: list[diffs.Piece]
    change_words: str
    since: object
    tags: list[tuple[str, str]]
    checks: list[tuple[bool, str]]
    warnings: list[str]
    sms: SmsParts | None
    help_text: str
    is_overtaken: bool
    live_words: str
    history: list = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what stands in the field: the draft, else what is live."""
        if self.unit is None:
            return ""
        return self.unit.draft or self.unit.live

    @property
    def version(self) -> int:
        """Return the version a writer must have seen."""
        return self.unit.version if self.unit else 0

    @property
    def seen(self) -> str:
        """Return the mark of the text as it is shown."""
        return marks.of_unit(self.unit) if self.unit else ""

    @property
    def needs_confirming(self) -> bool:
        """Tell whether a person must say that the text is right: its source moved on, or nobody has read it."""
        if self.unit is None or not self.unit.draft:
            return False
        is_unread = self.unit.origin == Origin.MACHINE and self.unit.state in {State.DRAFT, State.IN_REVIEW}
        return self.is_overtaken or is_unread

    @property
    def rows(self) -> int:
        """Return how high the field is."""
        return max(3, len(self.segment.text) // 45 + self.segment.text.count("\n") + 2)


def page(thing: models.Model, language: str, user, asked, written: str = "") -> dict:
    """Return the values of the editor page; what is `written` in the field and not kept is checked in place of what is."""
    pairs = language_queries.units_in(thing, language)
    opened = _opened(pairs, asked.get("unit"))
    lines = [
        Line(number, segment, unit, mark_of(unit), segment == opened)
        for number, (segment, unit) in enumerate(pairs, start=1)
    ]
    units = [unit for _segment, unit in pairs if unit]
    for segment, unit in pairs:
        if unit:
            unit.segment = segment  # its mark asks for it
    helper = asked.get("help", "")
    return {
        "thing": thing,
        "model": thing._meta.label_lower,
        "name": queries.name_of(thing),
        "row": table.BY_CODE[language],
        "lines": lines,
        "opened": _open(opened, dict(pairs)[opened], helper, written) if opened else None,
        "helper": helper if helper in table.BY_CODE else "",
        "helpers": [row for row in table.TABLE if row.code not in {table.SOURCE, language}],
        "status": language_queries.status_of(thing, language),
        "counts": {state: sum(unit.state == state for unit in units) for state in State.values}
        | {"stale": sum(unit.freshness >= Freshness.MINOR for unit in units), "empty": len(pairs) - _written(units)},
        "may_read": allowed(user, RULES, "read_as_native", language),
        "unread": sum(bool(unit.live) and unit.native_read_at is None for unit in units),
        "needs_second": language_queries.needs_second_person(language, user.country_id or ""),
        "marks": {verb: marks.of_whole(verb, units) for verb in ("submit", "publish", "read")},
        "page_url": _page_url(thing, language),
    }


def next_segment(thing: models.Model, language: str, after: Segment) -> Segment:
    """Return the next text that needs work after one, else the first that does, else the one itself."""
    pairs = language_queries.units_in(thing, language)
    waiting = [segment for segment, unit in pairs if _needs_work(unit)]
    later = [segment for segment in waiting if segment.position > after.position]
    return (later or [segment for segment in waiting if segment != after] or [after])[0]


def refusal(error: Exception) -> str:
    """Return what a refused step says to a person."""
    if isinstance(error, actions.SecondPersonNeeded):
        return _("A second person approves texts in this language. Ask a colleague.")
    if isinstance(error, actions.SourceChangedSinceDraft):
        return _("The source changed after this was written. Say that it is still right, or write it anew.")
    if isinstance(error, actions.MachineDraftUnread):
        return _("No person has read this draft. Say that it is right, or write it anew.")
    if isinstance(error, actions.TargetChangedMeanwhile):
        return _("Somebody saved this text meanwhile. Look at it and decide again.")
    if isinstance(error, actions.NothingApproved):
        return _("Nothing is approved in this language. Approve a text first.")
    return _("This step does not fit the text any more. It has moved on meanwhile.")


def _written(units: list[Unit]) -> int:
    return sum(unit.state != State.MISSING for unit in units)


def _needs_work(unit: Unit | None) -> bool:
    if unit is None or unit.state in {State.MISSING, State.DRAFT}:
        return True
    return unit.state == State.PUBLISHED and unit.freshness >= Freshness.MINOR


def _opened(pairs, asked) -> Segment | None:
    """Return the text that is open: the one asked for, else the first that needs work, else the first."""
    by_id = {str(segment.pk): segment for segment, _unit in pairs}
    if str(asked or "") in by_id:
        return by_id[str(asked)]
    waiting = [segment for segment, unit in pairs if _needs_work(unit)]
    every = [segment for segment, _unit in pairs]
    return next(iter(waiting or every), None)


def _open(segment: Segment, unit: Unit | None, helper: str, written: str) -> Open:
    text = written or ((unit.draft or unit.live) if unit else "")
    version = (unit.draft_version or unit.live_version) if unit else 0
    before = language_queries.source_text(segment, version) if version else ""
    is_changed = bool(before) and before != segment.text
    found = faults_of(segment.text, text, kind=segment.kind, max_length=segment.max_length, tags=segment.tags)
    is_spoken = segment.content_type.model == "prompt" or segment.content_type.model == "messagetext"
    return Open(
        segment=segment,
        place=place_of(segment),
        asked=asked_beside(segment),
        unit=unit,
        pieces=diffs.compare(before, segment.text) if is_changed else diffs.plainly(segment.text),
        change_words=str(CHANGES.get(unit.freshness, "")) if unit and is_changed else "",
        since=segment.changed_at if is_changed else None,
        tags=[(number, _tag_words(name)) for number, (name, _given) in segment.tags.items()],
        checks=checks(found) if text else [],
        warnings=[sentence(fault) for fault in found if text],
        sms=sms_parts(text) if is_spoken and text else None,
        help_text=_help(segment, helper),
        is_overtaken=is_changed,
        live_words=plain(unit.live) if unit else "",
        history=_history(unit),
    )


def _tag_words(name: str) -> str:
    words = {"a": _("link"), "b": _("bold"), "i": _("slanted"), "li": _("item of a list"), "br": _("new line"),
             "p": _("paragraph"), "ul": _("list"), "ol": _("numbered list")}  # fmt: skip
    return words.get(name, _("heading"))


def _help(segment: Segment, helper: str) -> str:
    """Return the same text in another language, as a help."""
    unit = Unit.objects.filter(segment=segment, language=helper).first() if helper in table.BY_CODE else None
    return plain(unit.live or unit.draft) if unit else ""


def _history(unit: Unit | None) -> list[dict]:
    """Return what happened to a unit, newest first, with names."""
    if unit is None:
        return []
    changes = list(unit.changes.order_by("-id")[:8])
    names = names_of({change.by for change in changes})
    return [{"change": change, "who": names.get(change.by, "")} for change in changes]


def _page_url(thing: models.Model, language: str) -> str:
    """Return where readers see a thing in a language; nothing for what is no page of its own."""
    if not isinstance(thing, Page) or not thing.live:
        return ""
    with translation.override(language):
        return thing.get_url() or ""
