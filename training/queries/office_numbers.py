"""How the officials of an office stand in a course, and which numbers of it are told beside those of the other offices."""

from collections import defaultdict
from collections.abc import Container, Hashable, Mapping
from dataclasses import dataclass, field

from training.queries.small_numbers import told_beside

COLUMNS = ("current", "refresher_due", "lapsed", "lapsing")
LANGUAGES = "languages"


@dataclass
class Numbers:
    """How the officials of an office stand in a course; None where a number is not told."""

    current: int | None = 0
    refresher_due: int | None = 0
    lapsed: int | None = 0
    lapsing: int | None = 0
    minutes: int | None = 0
    least: int | None = None
    finished: int = 0  # for what the others leave of it; told elsewhere
    spoken: dict[str, int] = field(default_factory=dict)  # how many are current in each language
    finished_in: dict[str, int] = field(default_factory=dict)  # how many finished in it

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which somebody is current."""
        return tuple(sorted(self.spoken))

    def add(self, language: str, *, least: int | None = None, **counts: int) -> None:
        """Add the numbers of one language."""
        for name, count in counts.items():
            setattr(self, name, getattr(self, name) + count)
        if counts.get("current"):
            self.spoken[language] = self.spoken.get(language, 0) + counts["current"]
        if counts.get("finished"):
            self.finished_in[language] = self.finished_in.get(language, 0) + counts["finished"]
        if least is not None:
            self.least = least if self.least is None else min(self.least, least)

    def only(self, told: Container[str]) -> "Numbers":
        """Return the numbers that may be told; minutes of refreshers tell how many are due and lapsed."""
        kept = {name: getattr(self, name) if name in told else None for name in COLUMNS}
        if "refresher_due" in told and "lapsed" in told:
            kept |= {"minutes": self.minutes, "least": self.least}
        else:
            kept |= {"minutes": None, "least": None}
        return Numbers(**kept, spoken=self.spoken if LANGUAGES in told else {})


def beside(whole: int, current: int, refresher_due: int, lapsed: int, lapsing: int) -> dict[str, tuple[int, ...]]:
    """Return by column the wider numbers that tell how many are left when the column is told beside those before it.

    `whole` are the officials, or those of them who finished. Current, due and lapsed are people apart; who is due lapses
    soon, and who lapses soon is due or current. Who is due may follow from the others, so those of who lapses soon who are
    current are looked at from both.
    """
    rest = whole - current
    return {
        "current": (whole,),
        "refresher_due": (whole, rest, lapsing),
        "lapsed": (whole, rest, whole - refresher_due, rest - refresher_due),
        "lapsing": (whole, current + refresher_due, 2 * lapsing - refresher_due),
    }


def told_columns(offices: Mapping[Hashable, tuple[int, Numbers]]) -> dict[Hashable, set[str]]:
    """Return what is told of each office of a country in a course: columns by name, and its languages.

    Of each office the officials are given, and its numbers; all offices of the country, for their totals are told.
    """
    told: dict[Hashable, set[str]] = defaultdict(set)
    for name in COLUMNS:
        numbers = {key: getattr(one, name) for key, (_officials, one) in offices.items()}
        wider = zip(*(_wider(officials, one, name) for officials, one in offices.values()), strict=True)
        for key in told_beside(numbers, [dict(zip(numbers, one, strict=True)) for one in wider]):
            # Who lapses soon and is not current is due.
            if name != "lapsing" or "refresher_due" in told[key]:
                told[key].add(name)
    for key in _languages_told(offices):
        if "current" in told[key]:
            told[key].add(LANGUAGES)
    return told


def _wider(officials: int, one: Numbers, name: str) -> tuple[int, ...]:
    """Return the numbers of an office that are wider than one of them: of its officials, and of those who finished."""
    counts = [getattr(one, column) for column in COLUMNS]
    return beside(officials, *counts)[name] + beside(one.finished, *counts)[name]


def _languages_told(offices: Mapping[Hashable, tuple[int, Numbers]]) -> set[Hashable]:
    """Return the offices of which it may be told how many are current in each language: a list of them says no more.

    Completion tells how many finished in a language.
    """
    numbers = {key: one for key, (_officials, one) in offices.items()}
    current, told = {key: one.current for key, one in numbers.items()}, set(offices)
    for language in {code for one in numbers.values() for code in (*one.spoken, *one.finished_in)}:
        finished = {key: one.finished_in.get(language, 0) for key, one in numbers.items()}
        told &= told_beside({key: one.spoken.get(language, 0) for key, one in numbers.items()}, [current, finished])
    return told
