"""A course as a reader sees it: values, with the true language of each text."""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext as _

from languages import table
from languages.queries import State
from training.choices import TEST_MINUTES, Form, Track


@dataclass(frozen=True)
class Words:
    """A text and the language it is really in; `is_own` when that is the reader's."""

    text: str
    language: str
    is_own: bool

    @property
    def direction(self) -> str:
        """Return the direction of the text's language."""
        return table.BY_CODE[self.language].direction

    @property
    def language_name(self) -> str:
        """Return the own name of the text's language."""
        return table.BY_CODE[self.language].own

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Behind:
    """What the source says now of something whose translation is of an earlier day."""

    date: dt.date
    heading: str = ""
    text: str = ""
    html: str = ""
    parts: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class LanguageState:
    """A language in which a thing can be read: how much of it, and whether a native reader has read it."""

    code: str
    own_name: str
    direction: str
    whole: int = 0
    stale: int = 0
    awaiting_native: bool = False
    state: str = ""


@dataclass(frozen=True)
class Outline:
    """One lesson in the outline of its course."""

    id: str
    number: int
    heading: Words
    url: str
    minutes: int
    required: bool
    tracks: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()

    def is_for(self, track: str) -> bool:
        """Tell whether it is asked of a track; who has chosen none sees every lesson."""
        return not track or not self.tracks or track in self.tracks

    @property
    def whose(self) -> tuple[str, ...]:
        """Return for whom it is, in words; nothing when it is for everybody."""
        return tuple(str(Track(code).label) for code in self.tracks if code in Track.values)


@dataclass(frozen=True)
class CourseTest:
    """A test of a course: its form, how many questions it asks, how many must be right, whether some are critical.

    `attempts` is how often it may be taken until it is passed (None: as often as one likes), `wait_hours` what lies
    between two tries.
    """

    form: int
    id: str
    count: int
    minimum: int
    critical: bool
    attempts: int | None = None
    wait_hours: int = 0


@dataclass(frozen=True)
class ModuleOutline:
    """A module with its lessons; `state` is how its own words stand, None where that was compiled before they told it."""

    number: int
    heading: Words
    summary: Words
    lessons: tuple[Outline, ...]
    state: State | None = None


@dataclass(frozen=True)
class Story:
    """One scenario in the lists of its course."""

    id: str
    pk: int
    heading: Words
    url: str
    minutes: int
    required: bool


@dataclass(frozen=True)
class Entry:
    """What holds in the reader's country at one place of the course; its days are those of the text in the source.

    `behind` is that text where the translation is of an earlier day, `stale` that day where law or procedure has changed
    since.
    """

    words: Words
    source_kind: str
    source: Words
    article: str
    checked_at: dt.date | None
    review_at: dt.date | None
    confirmed: bool
    behind: Behind | None = None
    stale: dt.date | None = None

    @property
    def new_source(self) -> Words:
        """Return what it rests on as the source cites it, where the translated citation is of an earlier day."""
        return Words(self.behind.source if self.behind else "", table.SOURCE, False)


@dataclass(frozen=True)
class CourseRow:
    """A course as its compiled row keeps it; one that was taken off as it was then, with when that was where it is known."""

    page: int
    id: str
    key: str
    url: str
    tests: tuple[CourseTest, ...]
    tracks: tuple[str, ...]
    curriculum: Words
    curriculum_url: str
    heading: Words
    summary: Words
    audience: Words
    disclaimer: Words
    countries: tuple[str, ...]
    modules: tuple[ModuleOutline, ...]
    aide_do: tuple[Words, ...]
    aide_dont: tuple[Words, ...]
    glossary: tuple[tuple[Words, Words], ...]
    languages: tuple[LanguageState, ...]
    state: State
    kilobytes: int
    country_names: dict[str, str] = field(repr=False)
    versions: dict[str, str] = field(repr=False)
    overlays: dict[str, dict[str, Entry]] = field(repr=False)
    stories: tuple[Story, ...] = ()
    without_account: bool = False
    is_off: bool = False
    off_since: dt.datetime | None = None

    @cached_property
    def lessons(self) -> tuple[Outline, ...]:
        """All lessons in order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def named(self) -> Words:
        """Return its heading for lists and tables in which courses stand that were taken off."""
        if not self.is_off:
            return self.heading
        return replace(self.heading, text=_("%(course)s (taken off)") % {"course": self.heading})

    @property
    def minutes(self) -> int:
        """Return how long the course takes: its lessons and scenarios, and the test where it has one."""
        played = sum(story.minutes for story in self.stories)
        return sum(lesson.minutes for lesson in self.lessons) + played + (TEST_MINUTES if self.post else 0)

    @property
    def asks_story(self) -> bool:
        """Tell whether a story belongs to what is done before the course is finished."""
        return any(story.required for story in self.stories)

    def _test(self, form: int) -> CourseTest | None:
        return next((test for test in self.tests if test.form == form), None)

    @property
    def pre(self) -> CourseTest | None:
        """Return the pre-test, where there is one."""
        return self._test(Form.PRE)

    @property
    def post(self) -> CourseTest | None:
        """Return the test after the course, where there is one."""
        return self._test(Form.POST)

    @property
    def checkup(self) -> CourseTest | None:
        """Return the test of refreshers and check-ups, where there is one."""
        return self._test(Form.CHECKUP)

    @property
    def track_choices(self) -> tuple[tuple[str, str], ...]:
        """Return the groups of readers among whom one chooses, in words."""
        return tuple((code, str(Track(code).label)) for code in self.tracks if code in Track.values)

    def version_for(self, country: str | None) -> str:
        """Return the public id of the newest edition for a country."""
        return self.versions.get(country or "") or self.versions.get("", "")
